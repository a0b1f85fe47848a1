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

  private var physics: CartPolePhysics<Double>

  /// Whether the episode has already been paid its last reward; Gymnasium pays 0 for fallen states after it.
  private var wasFallen = false

  /// A cart-pole of these physics.
  init(physics: CartPolePhysics<Double>) { self.physics = physics }

  package func reset(using random: inout NumPyGenerator) throws {
    physics.position = random.uniform(in: -0.05...0.05)
    physics.velocity = random.uniform(in: -0.05...0.05)
    physics.angle = random.uniform(in: -0.05...0.05)
    physics.angularVelocity = random.uniform(in: -0.05...0.05)
    wasFallen = false
  }

  package func step(action: UnsafeBufferPointer<Float>) throws -> StepOutcome {
    let choice = action[0]
    guard choice == 0 || choice == 1 else { throw EnvironmentError.invalidAction(value: choice, count: 2) }
    // On a copy: modifying it in place would have every step checked for overlapping accesses.
    var next = physics
    next.step(action: Double(choice))
    physics = next
    let fallen = next.hasFallen
    defer { wasFallen = wasFallen || fallen }
    return StepOutcome(reward: fallen && wasFallen ? 0 : 1, terminated: fallen)
  }

  package func observe(into observation: UnsafeMutableBufferPointer<Double>) {
    observation[0] = physics.position
    observation[1] = physics.velocity
    observation[2] = physics.angle
    observation[3] = physics.angularVelocity
  }

  package var state: [Double] {
    [physics.position, physics.velocity, physics.angle, physics.angularVelocity]
  }

  package func setState(_ state: [Double]) throws {
    try check(state, count: stateSize)
    physics.position = state[0]
    physics.velocity = state[1]
    physics.angle = state[2]
    physics.angularVelocity = state[3]
    wasFallen = false
  }

  package let snapshotSize = 5

  package var snapshot: [Double] { state + [wasFallen ? 1 : 0] }

  package func restore(_ snapshot: [Double]) throws {
    try check(snapshot, count: snapshotSize)
    try setState(Array(snapshot.prefix(stateSize)))
    wasFallen = snapshot[4] != 0
  }
}
