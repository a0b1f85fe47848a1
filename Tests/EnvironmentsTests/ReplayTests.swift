import Environments
import Random
import Testing

@Suite struct ReplayTests {
  private func world(_ script: [String: ParameterValue]) throws -> any Environment {
    var registry = TaskRegistry()
    try registry.register(ScriptedEnvironment.families[0])
    return try registry.makeEnvironment(
      TaskSpecification(name: "a", family: "one by one", parameters: script, horizon: 9))
  }

  @Test("a replay goes on through the end and keeps reporting the flags")
  func goesOn() throws {
    var random = NumPyGenerator(seed: 0)
    let trajectory = try replay(
      world(["ends": 2, "diverges": 3]), actions: [0, 2, 0, 0, 0], horizon: 5, random: &random)
    #expect(trajectory.observations == [0, 1, 2, 3, 4, 5])
    #expect(trajectory.rewards == [1, 4, 0, 4, 5])
    #expect(trajectory.terminations == [false, true, false, false, false])
    #expect(trajectory.truncations == [false, false, true, false, true])
  }

  @Test("a replay can start from a state, and refuses what is no whole action or no state")
  func start() throws {
    let trajectory = try replay(world(["ends": 2]), actions: [0], horizon: 4, from: [1])
    #expect(trajectory.observations == [1, 2])
    #expect(trajectory.terminations == [true])
    let cheetah = try makeRegistry().makeEnvironment(makeRegistry().task(named: "HalfCheetah-v5"))
    #expect(throws: EnvironmentError.wrongStateSize(expected: 18, found: 2)) {
      try replay(cheetah, actions: [0], horizon: 4, from: [1, 2])
    }
    #expect(throws: EnvironmentError.wrongActionCount(found: 7, width: 6)) {
      try replay(
        cheetah, actions: [Float](repeating: 0, count: 7), horizon: 1, from: [Double](repeating: 0, count: 18)
      )
    }
  }
}
