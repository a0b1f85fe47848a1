package import Environments
internal import MuJoCo
package import Random

/// HalfCheetah-v5: a planar cheetah that is to run (Gymnasium 1.4.0, with parameters).
///
/// Observation (17) = all coordinates but the forward position (8), then all velocities (9).
/// Action (6) = the motors' controls, saturating at ±1. State (18) = coordinates, then velocities. Never terminates.
package final class HalfCheetahEnvironment: Environment {
  package let observationSize = 17
  package let actionSpace = ActionSpace.continuous(size: 6, low: -1, high: 1)
  package let stateSize = 18

  private let physics: HalfCheetahPhysics
  private let task: HalfCheetahTask

  /// A cheetah of these physics, paid as the task says.
  init(physics: HalfCheetahPhysics, task: HalfCheetahTask) {
    self.physics = physics
    self.task = task
  }

  package func reset(using random: inout NumPyGenerator) throws {
    try physics.reset(using: &random)
  }

  package func step(action: UnsafeBufferPointer<Float>) throws -> StepOutcome {
    guard let velocity = try physics.advance(action) else {
      return StepOutcome(reward: 0, terminated: false, diverged: true)
    }
    return StepOutcome(reward: task.reward(forwardVelocity: velocity, action: action), terminated: false)
  }

  package func observe(into observation: UnsafeMutableBufferPointer<Double>) {
    let positions = physics.positions
    let velocities = physics.velocities
    for index in 1..<positions.count { observation[index - 1] = positions[index] }
    for index in velocities.indices { observation[positions.count - 1 + index] = velocities[index] }
  }

  package var state: [Double] { Array(physics.positions) + Array(physics.velocities) }

  package func setState(_ state: [Double]) throws {
    try checkState(state)
    try state.withUnsafeBufferPointer { try physics.set($0) }
  }

  package var snapshotSize: Int { physics.snapshotSize }

  package var snapshot: [Double] { physics.snapshot }

  package func restore(_ snapshot: [Double]) throws {
    try checkSnapshot(snapshot)
    try physics.restore(snapshot)
  }
}
