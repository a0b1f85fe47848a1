import Environments
import Foundation
import TestSupport
import Testing

@Suite struct GoldenTests {
  /// CartPole differs from Gymnasium at most by the last digit of another machine's sine and cosine. A step of the
  /// cheetah starts without the solver's warm start, which the fixture does not hold: that moved nothing by more than
  /// 5e-14 where the fixture was made, and the rest of 1e-9 is for other processors' arithmetic.
  private static let tolerances = ["cartpole": 1e-12, "halfcheetah": 1e-9]

  @Test(
    "single steps from stored states give Gymnasium's observation, reward and flag", arguments: goldenFamilies
  )
  func teacherForced(file: String, family: String) throws {
    let golden = try GoldenFile(named: file)
    let tolerance = try #require(Self.tolerances[file])
    #expect(golden.cases.count >= 9)
    for golden in golden.cases {
      let environment = try golden.makeEnvironment(family)
      for step in golden.states.indices {
        try environment.setState(golden.states[step])
        let outcome = try environment.step(golden.actions[step])
        let difference = largestDifference(environment.observation(), golden.observations[step])
        #expect(difference <= tolerance, "\(golden.name), step \(step)")
        #expect(abs(outcome.reward - golden.rewards[step]) <= tolerance, "\(golden.name), step \(step)")
        #expect(outcome.terminated == golden.terminated[step], "\(golden.name), step \(step)")
        #expect(!outcome.diverged)
      }
    }
  }

  @Test("a replay through termination and step limit gives Gymnasium's trajectory", arguments: goldenFamilies)
  func replayed(file: String, family: String) throws {
    let golden = try GoldenFile(named: file)
    let tolerance = try #require(Self.tolerances[file])
    for golden in golden.cases {
      let expected = golden.replay
      let trajectory = try replay(
        golden.makeEnvironment(family), actions: expected.actions.flatMap { $0 }, horizon: expected.horizon,
        from: expected.state)
      // A falling pole's angle grows large, and with it the errors: hence relative.
      let difference = largestRelativeDifference(
        trajectory.observations, expected.observations.flatMap { $0 })
      #expect(difference <= tolerance, "\(golden.name)")
      #expect(largestDifference(trajectory.rewards, expected.rewards) <= tolerance, "\(golden.name)")
      #expect(trajectory.terminations == expected.terminations, "\(golden.name)")
      #expect(trajectory.truncations == expected.truncations, "\(golden.name)")
      #expect(expected.truncations.contains(true))
    }
  }

  @Test("the comparison would see another gravity", arguments: goldenFamilies)
  func sensitivity(file: String, family: String) throws {
    let golden = try #require(try GoldenFile(named: file).cases.first)
    let parameter: [String: ParameterValue] =
      family == "CartPole-v1" ? ["gravity": .number(9.8 * 1.0001)] : ["gravity_scale": 1.0001]
    let environment = try makeRegistry().makeRestorable(
      TaskSpecification(name: golden.name, family: family, parameters: parameter, horizon: 1))
    let tolerance = try #require(Self.tolerances[file])
    var largest = 0.0
    for step in golden.states.indices {
      try environment.setState(golden.states[step])
      _ = try environment.step(golden.actions[step])
      largest = max(largest, largestDifference(environment.observation(), golden.observations[step]))
    }
    #expect(largest > 1000 * tolerance)
  }
}
