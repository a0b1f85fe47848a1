package import Environments
package import Random

/// CartPole-v1: keep a pole upright by pushing its cart left or right (Gymnasium 1.4.0, with parameters).
///
/// Observation = state = (position m, velocity m/s, angle rad, angular velocity rad/s), in double precision where
/// Gymnasium rounds its observation to single. Action 1 pushes to the right, 0 to the left; a negative actuation
/// sign exchanges them. Reward 1 on every step, the one that fails included; terminates when the pole has fallen.
/// A start state has four numbers drawn from U(−0.05, 0.05).
package final class CartPoleEnvironment: RestorableEnvironment {
  package let observationSize = 4
  package let actionSpace = ActionSpace.discrete(count: 2)
  package let stateSize = 4

  /// The pole, in row 0.
  private let pole: CartPoleGroup

  /// Whether the episode has already been paid its last reward; Gymnasium pays 0 for fallen states after it.
  private var wasFallen = false

  /// A cart-pole of these quantities, in the order of `CartPolePhysics`.
  init(_ quantities: [Double]) { pole = CartPoleGroup([quantities]) }

  package func reset(using random: inout NumPyGenerator) throws {
    pole.reset(0, using: &random)
    wasFallen = false
  }

  package func step(action: UnsafeBufferPointer<Float>) throws -> StepOutcome {
    guard let choice = action.baseAddress, choice[0] == 0 || choice[0] == 1 else {
      throw EnvironmentError.invalidAction(value: action[0], count: 2)
    }
    var outcome = StepOutcome(reward: 1)
    pole.step(0..<1, actions: choice, outcomes: &outcome)
    if outcome.terminated && wasFallen { outcome.reward = 0 }
    wasFallen = wasFallen || outcome.terminated
    return outcome
  }

  package func observe(into observation: UnsafeMutableBufferPointer<Double>) {
    if let start = observation.baseAddress { pole.observe(0..<1, into: start) }
  }

  package var state: [Double] { pole.state(of: 0) }

  package func setState(_ state: [Double]) throws {
    try check(state, count: stateSize)
    try pole.restore(0, state)
    wasFallen = false
  }

  package var snapshot: [Double] { state + [wasFallen ? 1 : 0] }

  package func restore(_ snapshot: [Double]) throws {
    try check(snapshot, count: stateSize + 1)
    try setState(Array(snapshot.prefix(stateSize)))
    wasFallen = snapshot[4] != 0
  }
}
