import Environments
import Random
import Training

/// A point on a line that drifts and is pushed: x ← x + 0.3 a + `drift`, from U(−1, 1); seen are x and x²; the reward is
/// x − a²; it terminates beyond ±2.
final class DriftEnvironment: RestorableEnvironment {
  let observationSize = 2
  let actionSpace = DriftEnvironment.space
  let stateSize = 1
  private var position = 0.0
  private let drift: Double

  private static let space = ActionSpace.continuous(size: 1, low: -0.5, high: 0.5)

  static let family = EnvironmentFamily(
    name: "Drift", observationSize: 2, actionSpace: space, defaultHorizon: 10,
    parameters: [
      ParameterSpecification(
        name: "drift", description: "See the environment.", unit: "1", defaultValue: 0, range: -1...1)
    ]
  ) { DriftEnvironment(drift: $0["drift"] ?? 0) }

  init(drift: Double) { self.drift = drift }

  func reset(using random: inout NumPyGenerator) throws { position = random.uniform(in: -1...1) }

  func step(action: UnsafeBufferPointer<Float>) throws -> StepOutcome {
    let push = Double(action[0])
    position += 0.3 * push + drift
    return StepOutcome(reward: position - push * push, terminated: abs(position) > 2)
  }

  func observe(into observation: UnsafeMutableBufferPointer<Double>) {
    observation[0] = position
    observation[1] = position * position
  }

  var state: [Double] { [position] }

  func setState(_ state: [Double]) throws { position = state[0] }
}

/// A world that shows nothing and pays 1 for the one of three actions that is right.
final class ChoiceEnvironment: RestorableEnvironment {
  let observationSize = 1
  let actionSpace = ActionSpace.discrete(count: 3)
  let stateSize = 1
  private let right: Double

  static let family = EnvironmentFamily(
    name: "Choice", observationSize: 1, actionSpace: .discrete(count: 3), defaultHorizon: 5,
    parameters: [
      ParameterSpecification(
        name: "right", description: "The right action.", unit: "1", defaultValue: 0, range: 0...2)
    ]
  ) { ChoiceEnvironment(right: $0["right"] ?? 0) }

  init(right: Double) { self.right = right }

  func reset(using random: inout NumPyGenerator) throws {}

  func step(action: UnsafeBufferPointer<Float>) throws -> StepOutcome {
    StepOutcome(reward: Double(action[0]) == right ? 1 : 0, terminated: false)
  }

  func observe(into observation: UnsafeMutableBufferPointer<Double>) { observation[0] = 0.5 }

  var state: [Double] { [0] }

  func setState(_ state: [Double]) throws {}
}
