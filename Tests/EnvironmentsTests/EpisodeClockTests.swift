import Environments
import Random
import Testing

@Suite struct EpisodeClockTests {
  /// A world that does what its script says, one outcome per step, and counts.
  private final class ScriptedEnvironment: RestorableEnvironment {
    let observationSize = 1
    let actionSpace = ActionSpace.discrete(count: 1)
    let stateSize = 1
    private let script: [StepOutcome]
    private var steps = 0

    init(_ script: [StepOutcome]) { self.script = script }
    func reset(using random: inout NumPyGenerator) { steps = 0 }
    func step(action: UnsafeBufferPointer<Float>) -> StepOutcome {
      steps += 1
      return script[steps - 1]
    }
    func observe(into observation: UnsafeMutableBufferPointer<Double>) { observation[0] = Double(steps) }
    var state: [Double] { [Double(steps)] }
    func setState(_ state: [Double]) throws {
      try checkState(state)
      steps = Int(state[0])
    }
  }

  private static let going = StepOutcome(reward: 1, terminated: false)
  private static let over = StepOutcome(reward: 1, terminated: true)

  @Test("termination and truncation are told apart, and may both be true", arguments: [2, 3, 4])
  func flags(horizon: Int) throws {
    let clock = EpisodeClock(ScriptedEnvironment([Self.going, Self.going, Self.over]), horizon: horizon)
    var random = NumPyGenerator(seed: 0)
    try clock.reset(using: &random)
    #expect(try clock.step([0]).ended == false)
    let second = try clock.step([0])
    #expect(second.terminated == false && second.truncated == (horizon == 2))
    if horizon > 2 {
      let third = try clock.step([0])
      #expect(third.terminated && third.truncated == (horizon == 3))
    }
    #expect(throws: EnvironmentError.stepAfterEnd) { try clock.step([0]) }
    try clock.reset(using: &random)
    #expect(clock.elapsedSteps == 0)
    #expect(try clock.step([0]).ended == false)
  }

  @Test("a step before the first reset is an error")
  func stepBeforeReset() {
    let clock = EpisodeClock(ScriptedEnvironment([Self.going]), horizon: 1)
    #expect(throws: EnvironmentError.stepBeforeReset) { try clock.step([0]) }
  }

  @Test("an unstable simulation truncates its episode, does not terminate it, and is counted")
  func divergence() throws {
    let unstable = StepOutcome(reward: 0, terminated: false, diverged: true)
    let clock = EpisodeClock(ScriptedEnvironment([Self.going, unstable]), horizon: 10)
    var random = NumPyGenerator(seed: 0)
    for episodes in 1...2 {
      try clock.reset(using: &random)
      #expect(try clock.step([0]).ended == false)
      let outcome = try clock.step([0])
      #expect(outcome.truncated && outcome.diverged && !outcome.terminated)
      #expect(clock.divergedEpisodes == episodes)
    }
  }

  @Test("a replay goes on through the end and keeps reporting the flags")
  func replayGoesOn() throws {
    let world = ScriptedEnvironment([Self.going, Self.over, Self.going, Self.over, Self.going])
    var random = NumPyGenerator(seed: 0)
    let trajectory = try replay(world, actions: [0, 0, 0, 0, 0], horizon: 4, random: &random)
    #expect(trajectory.observations == [0, 1, 2, 3, 4, 5])
    #expect(trajectory.rewards == [1, 1, 1, 1, 1])
    #expect(trajectory.terminations == [false, true, false, true, false])
    #expect(trajectory.truncations == [false, false, false, true, true])
  }

  @Test("a replay can start from a state, and refuses what is no whole action or no state")
  func replayStart() throws {
    let world = ScriptedEnvironment([Self.going, Self.over])
    let trajectory = try replay(world, actions: [0], horizon: 4, from: [1])
    #expect(trajectory.observations == [1, 2])
    #expect(trajectory.terminations == [true])
    #expect(throws: EnvironmentError.wrongStateSize(expected: 1, found: 2)) {
      try replay(world, actions: [0], horizon: 4, from: [1, 2])
    }
    let cheetah = try makeRegistry().makeEnvironment(makeRegistry().task(named: "HalfCheetah-v5"))
    #expect(throws: EnvironmentError.wrongActionCount(found: 7, width: 6)) {
      try replay(
        cheetah, actions: [Float](repeating: 0, count: 7), horizon: 1, from: [Double](repeating: 0, count: 18)
      )
    }
  }
}
