package import Environments
internal import MuJoCo
package import Random

/// HalfCheetah-v5: a cheetah in a vertical plane that is to run (Gymnasium 1.4.0, with parameters).
///
/// Nine coordinates (forward position m, height m, pitch rad, then the joints of the back and front leg, rad), six
/// motors, control steps of 0.05 s. Observation (17) = all coordinates but the first (8), then all velocities (9).
/// Action (6) = the motors' controls, saturating at ±1. State (18) = coordinates, then velocities. Never terminates.
package final class HalfCheetahEnvironment: RestorableEnvironment {
  package let observationSize = 17
  package let actionSpace = ActionSpace.continuous(size: 6, low: -1, high: 1)
  package let stateSize = 18

  /// Engine steps per control step.
  private static let engineSteps = 5

  private let simulation: Simulation
  private let task: HalfCheetahTask
  private let positions: UnsafeMutableBufferPointer<Double>  // (9)
  private let velocities: UnsafeMutableBufferPointer<Double>  // (9)
  private let soundState: UnsafeMutableBufferPointer<Double>  // (18)  filled by `step`

  /// A cheetah in the model's initial posture, paid as the task says.
  init(_ model: PhysicsModel, task: HalfCheetahTask) throws(MuJoCoError) {
    simulation = try Simulation(model)
    self.task = task
    positions = UnsafeMutableBufferPointer(start: simulation.positions, count: model.positionCount)
    velocities = UnsafeMutableBufferPointer(start: simulation.velocities, count: model.velocityCount)
    soundState = .allocate(capacity: positions.count + velocities.count)
    soundState.initialize(repeating: 0)
  }

  deinit { soundState.deallocate() }

  /// The initial posture with noise: U(−0.1, 0.1) on every coordinate, then 0.1·N(0, 1) on every velocity.
  package func reset(using random: inout NumPyGenerator) throws {
    try simulation.reset()
    for index in positions.indices { positions[index] += random.uniform(in: -0.1...0.1) }
    for index in velocities.indices { velocities[index] += 0.1 * random.gaussian() }
    try simulation.forward()
  }

  package func step(action: UnsafeBufferPointer<Float>) throws -> StepOutcome {
    for index in positions.indices { soundState[index] = positions[index] }
    for index in velocities.indices { soundState[positions.count + index] = velocities[index] }
    for index in action.indices { simulation.controls[index] = Double(action[index]) }
    try simulation.step(count: Self.engineSteps)
    guard simulation.instabilityCount == 0 else {
      try set(UnsafeBufferPointer(soundState))
      return StepOutcome(reward: 0, diverged: true)
    }
    let seconds = simulation.model.timeStep * Double(Self.engineSteps)
    let velocity = (positions[0] - soundState[0]) / seconds
    return StepOutcome(reward: task.reward(forwardVelocity: velocity, action: action))
  }

  package func observe(into observation: UnsafeMutableBufferPointer<Double>) {
    for index in 1..<positions.count { observation[index - 1] = positions[index] }
    for index in velocities.indices { observation[positions.count - 1 + index] = velocities[index] }
  }

  package var state: [Double] { Array(positions) + Array(velocities) }

  package func setState(_ state: [Double]) throws {
    try check(state, count: stateSize)
    try state.withUnsafeBufferPointer { try set($0) }
  }

  private func set(_ state: UnsafeBufferPointer<Double>) throws(MuJoCoError) {
    try simulation.reset()
    for index in positions.indices { positions[index] = state[index] }
    for index in velocities.indices { velocities[index] = state[positions.count + index] }
    try simulation.forward()
  }

  package var snapshot: [Double] { simulation.snapshot }

  package func restore(_ snapshot: [Double]) throws {
    try check(snapshot, count: simulation.snapshotSize)
    try simulation.restore(snapshot)
  }
}
