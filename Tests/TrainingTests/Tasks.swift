import ClassicTasks
import Environments
import Random
import Training

/// The classic tasks, and a family whose rewards go bad on demand.
func testRegistry() throws -> TaskRegistry {
  var registry = TaskRegistry()
  try registry.registerClassicTasks()
  try registry.register(CountingEnvironment.family)
  return registry
}

/// A world that counts its steps: the observation is the count, the reward 1, or NaN at step `bad_step`. It
/// terminates at step `end`, if given.
final class CountingEnvironment: Environment {
  let observationSize = 1
  let actionSpace = ActionSpace.continuous(size: 1, low: -0.25, high: 0.5)
  let stateSize = 1
  private var count = 0.0
  private let badStep: Double?
  private let end: Double?

  static let family = EnvironmentFamily(
    name: "Counting", observationSize: 1, actionSpace: .continuous(size: 1, low: -0.25, high: 0.5),
    defaultHorizon: 10,
    parameters: [
      ParameterSpecification(
        name: "bad_step", description: "The step whose reward is NaN.", unit: "1", defaultValue: nil,
        range: 0...1e6),
      ParameterSpecification(
        name: "end", description: "The step at which it terminates.", unit: "1", defaultValue: nil,
        range: 0...1e6),
    ]
  ) { CountingEnvironment(badStep: $0["bad_step"], end: $0["end"]) }

  init(badStep: Double?, end: Double?) {
    self.badStep = badStep
    self.end = end
  }

  func reset(using random: inout NumPyGenerator) throws { count = 0 }

  func step(action: UnsafeBufferPointer<Float>) throws -> StepOutcome {
    count += 1
    // Whatever the policy draws, the environment sees it clipped.
    guard (-0.25...0.5).contains(action[0]) else {
      throw EnvironmentError.invalidAction(value: action[0], count: 0)
    }
    return StepOutcome(reward: count == badStep ? .nan : 1, terminated: count == end)
  }

  func observe(into observation: UnsafeMutableBufferPointer<Double>) { observation[0] = count }

  var state: [Double] { [count] }

  func setState(_ state: [Double]) throws { count = state[0] }
}

extension PPOConfiguration {
  /// A small learner for tests.
  static var small: PPOConfiguration {
    var configuration = PPOConfiguration()
    configuration.learningRate = 1e-3
    configuration.logStdInit = -1
    configuration.numEnvs = 4
    configuration.numSteps = 64
    configuration.hiddenSizes = [16, 16]
    configuration.updateEpochs = 4
    configuration.numMinibatches = 2
    return configuration
  }
}
