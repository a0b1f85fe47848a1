import ClassicTasks
import Environments
import MuJoCoTasks
import Random
import Testing

/// Every registered task by name, for parameterised tests. No model file is needed to name them.
let registeredTasks: [TaskSpecification] = (try? makeRegistry())?.tasks ?? []

/// The registry with all tasks.
func makeRegistry(assets: AssetFolder = AssetFolder()) throws -> TaskRegistry {
  var registry = TaskRegistry()
  try registry.registerClassicTasks()
  try registry.registerMuJoCoTasks(assets: assets)
  return registry
}

extension ActionSpace {
  /// Random actions, shape (count, A): any choice, or uniform numbers that go beyond the bounds at times.
  func randomActions(_ count: Int, using random: inout NumPyGenerator) -> [Float] {
    switch self {
    case .discrete(let choices):
      return (0..<count).map { _ in Float(random.index(below: choices)) }
    case .continuous(let size, let low, let high):
      let margin = 0.2 * Double(high - low)
      return (0..<count * size).map { _ in
        Float(random.uniform(in: Double(low) - margin...Double(high) + margin))
      }
    }
  }
}

extension Environment {
  /// A copy of what is seen now.
  func observation() -> [Double] {
    var values = [Double](repeating: .nan, count: observationSize)
    values.withUnsafeMutableBufferPointer { observe(into: $0) }
    return values
  }

  /// `step` with an action in an array.
  func step(_ action: [Float]) throws -> StepOutcome {
    try action.withUnsafeBufferPointer { try step(action: $0) }
  }
}

extension TaskRegistry {
  /// An environment of a task, whose state can be set.
  func makeRestorable(_ task: TaskSpecification) throws -> any RestorableEnvironment {
    try #require(try makeEnvironment(task) as? any RestorableEnvironment)
  }
}

/// The slow, obvious episode of one environment: a step limit around it.
final class Episode {
  let environment: any Environment
  private let horizon: Int
  private(set) var elapsedSteps = 0

  init(_ environment: any Environment, horizon: Int) {
    (self.environment, self.horizon) = (environment, horizon)
  }

  func reset(using random: inout NumPyGenerator) throws {
    try environment.reset(using: &random)
    elapsedSteps = 0
  }

  func step(_ action: [Float]) throws -> StepOutcome {
    var outcome = try environment.step(action)
    elapsedSteps += 1
    if elapsedSteps == horizon || outcome.diverged { outcome.truncated = true }
    return outcome
  }
}

/// Drives a world with given actions from a random start state.
func replay(
  _ environment: any Environment, actions: [Float], horizon: Int, random: inout NumPyGenerator
) throws -> Trajectory {
  try environment.reset(using: &random)
  return try replay(environment, actions: actions, horizon: horizon)
}

/// Drives a world with given actions from a given state.
func replay(
  _ environment: any Environment, actions: [Float], horizon: Int, from state: [Double]
) throws -> Trajectory {
  try environment.start(at: state)
  return try replay(environment, actions: actions, horizon: horizon)
}
