import Environments
import Random

/// A walk on a line with a hidden momentum: the observation is the position, the reward its change.
///
/// Metrics: whether `goal` was reached, the position, the steps' lengths summed, and their mean. Its state cannot be
/// written down, as that of a simulator in another process.
class WalkEnvironment: Environment {
  let observationSize = 1
  let actionSpace = ActionSpace.continuous(size: 1, low: -1, high: 1)
  fileprivate(set) var position = 0.0
  fileprivate(set) var momentum = 0.0
  private(set) var stepLength = 0.0
  private let goal: Double

  init(_ parameters: TaskParameters) { goal = parameters["goal"] ?? 0.5 }

  func reset(using random: inout NumPyGenerator) throws {
    position = 0.1 * random.gaussian()
    momentum = random.uniform(in: -0.1...0.1)
  }

  func step(action: UnsafeBufferPointer<Float>) throws -> StepOutcome {
    momentum = 0.9 * momentum + 0.1 * Double(action[0])
    stepLength = abs(momentum)
    position += momentum
    return StepOutcome(reward: momentum, terminated: abs(position) > 3)
  }

  func observe(into observation: UnsafeMutableBufferPointer<Double>) { observation[0] = position }

  func writeMetrics(into metrics: UnsafeMutableBufferPointer<Double>) {
    metrics[0] = position >= goal ? 1 : 0
    metrics[1] = position
    metrics[2] = stepLength
    metrics[3] = stepLength
  }

  static let metrics: [EpisodeMetric] = [
    .success, EpisodeMetric(name: "position", unit: "m", description: "At the end.", reduction: .last),
    EpisodeMetric(name: "way", unit: "m", description: "Gone.", reduction: .sum),
    EpisodeMetric(name: "speed", unit: "m", description: "Per step.", reduction: .mean),
  ]

  /// The walk without and with a state that can be written down.
  static let families = [
    family("Walk") { WalkEnvironment($0) }, family("RememberingWalk") { RememberingWalkEnvironment($0) },
  ]

  private static func family(
    _ name: String, make: @escaping @Sendable (TaskParameters) -> any Environment
  ) -> EnvironmentFamily {
    EnvironmentFamily(
      name: name, observationSize: 1, actionSpace: .continuous(size: 1, low: -1, high: 1), defaultHorizon: 20,
      metrics: metrics,
      parameters: [
        ParameterSpecification(
          name: "goal", description: "Where to go.", unit: "m", defaultValue: 0.5, range: -10...10),
        ParameterSpecification(
          name: "memory", description: "Places remembered.", unit: "1", defaultValue: 1, range: 1...50),
      ], make: make)
  }
}

/// A walk that is drawn back to where it was `memory` steps ago, and can write all of that down.
final class RememberingWalkEnvironment: WalkEnvironment, RestorableEnvironment {
  private var memory: [Double]

  override init(_ parameters: TaskParameters) {
    memory = [Double](repeating: 0, count: Int(parameters["memory"] ?? 1))
    super.init(parameters)
  }

  override func reset(using random: inout NumPyGenerator) throws {
    try super.reset(using: &random)
    for index in memory.indices { memory[index] = position }
  }

  override func step(action: UnsafeBufferPointer<Float>) throws -> StepOutcome {
    momentum += 0.01 * (memory.removeFirst() - position)
    memory.append(position)
    return try super.step(action: action)
  }

  let stateSize = 2
  var state: [Double] { [position, momentum] }
  func setState(_ state: [Double]) throws {
    try check(state, count: stateSize)
    (position, momentum) = (state[0], state[1])
    for index in memory.indices { memory[index] = position }
  }

  var snapshotSize: Int { 2 + memory.count }
  var snapshot: [Double] { state + memory }
  func restore(_ snapshot: [Double]) throws {
    try check(snapshot, count: snapshotSize)
    (position, momentum) = (snapshot[0], snapshot[1])
    memory = Array(snapshot[2...])
  }
}

/// A registry with the walks, and tasks of both, each with another width of snapshot and another horizon.
func walks() throws -> (registry: TaskRegistry, tasks: [TaskSpecification]) {
  var registry = TaskRegistry()
  for family in WalkEnvironment.families { try registry.register(family) }
  let tasks = (0..<6).map {
    TaskSpecification(
      name: "walk-\($0)", family: $0 % 2 == 0 ? "Walk" : "RememberingWalk",
      parameters: ["goal": .number(Double($0) / 8), "memory": .number(Double(1 + 3 * $0))],
      horizon: 7 + 2 * $0)
  }
  return (registry, tasks)
}
