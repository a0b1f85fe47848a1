import Environments
import Foundation
import TestSupport
import Testing

/// Steps of Gymnasium 1.4.0, made by scripts/golden/environments.py.
private struct GoldenFile: Decodable {
  struct Case: Decodable {
    var name: String
    var parameters: [String: Double]
    var states: [[Double]]  // (N, S)
    var actions: [[Float]]  // (N, A)
    var observations: [[Double]]  // (N, O)  after the step
    var rewards: [Double]  // (N)
    var terminated: [Bool]  // (N)
    var replay: Replay
  }

  struct Replay: Decodable {
    var horizon: Int
    var state: [Double]  // (S)
    var actions: [[Float]]  // (T, A)
    var observations: [[Double]]  // (T + 1, O)
    var rewards: [Double]  // (T)
    var terminations: [Bool]  // (T)
    var truncations: [Bool]  // (T)
  }

  var versions: [String: String]
  var cases: [Case]

  init(named name: String) throws {
    let url = try #require(
      Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Fixtures"))
    self = try JSONDecoder().decode(GoldenFile.self, from: Data(contentsOf: url))
  }
}

@Suite struct GoldenTests {
  /// CartPole differs from Gymnasium at most by the last digit of another machine's sine and cosine. A step of the
  /// cheetah starts without the solver's warm start, which the fixture does not hold: that moved nothing by more than
  /// 5e-14 where the fixture was made, and the rest of 1e-9 is for other processors' arithmetic.
  private static let tolerances = ["cartpole": 1e-12, "halfcheetah": 1e-9]

  private static let families = ["cartpole": "CartPole-v1", "halfcheetah": "HalfCheetah-v5"]

  @Test("single steps from stored states give Gymnasium's observation, reward and flag", arguments: families)
  func teacherForced(file: String, family: String) throws {
    let golden = try GoldenFile(named: file)
    let tolerance = try #require(Self.tolerances[file])
    #expect(golden.cases.count >= 9)
    for golden in golden.cases {
      let environment = try makeEnvironment(family, golden)
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

  @Test("a replay through termination and step limit gives Gymnasium's trajectory", arguments: families)
  func replayed(file: String, family: String) throws {
    let golden = try GoldenFile(named: file)
    let tolerance = try #require(Self.tolerances[file])
    for golden in golden.cases {
      let expected = golden.replay
      let trajectory = try replay(
        makeEnvironment(family, golden), actions: expected.actions.flatMap { $0 }, horizon: expected.horizon,
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

  @Test("the comparison would see another gravity", arguments: families)
  func sensitivity(file: String, family: String) throws {
    let golden = try #require(try GoldenFile(named: file).cases.first)
    let parameter = family == "CartPole-v1" ? ["gravity": 9.8 * 1.0001] : ["gravity_scale": 1.0001]
    let environment = try makeRegistry().makeEnvironment(
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

  private func makeEnvironment(_ family: String, _ golden: GoldenFile.Case) throws -> any Environment {
    try makeRegistry().makeEnvironment(
      TaskSpecification(name: golden.name, family: family, parameters: golden.parameters, horizon: 1))
  }
}
