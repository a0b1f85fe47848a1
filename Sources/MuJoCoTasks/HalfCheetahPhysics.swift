internal import MuJoCo
internal import Random

/// The physics of a cheetah in a vertical plane: nine coordinates, six motors, control steps of 0.05 s.
///
/// Coordinates: forward position (m), height (m), pitch (rad), then the joints of the back and front leg (rad).
final class HalfCheetahPhysics {
  /// Engine steps per control step.
  static let engineSteps = 5

  private let simulation: Simulation
  private let soundState: UnsafeMutablePointer<Double>  // (nq + nv)  filled by `advance`

  /// A cheetah in the model's initial posture.
  init(_ model: PhysicsModel) throws(MuJoCoError) {
    simulation = try Simulation(model)
    soundState = .allocate(capacity: model.positionCount + model.velocityCount)
    soundState.initialize(repeating: 0, count: model.positionCount + model.velocityCount)
  }

  deinit { soundState.deallocate() }

  /// Distance run from the origin, m.
  var forwardPosition: Double { simulation.positions[0] }

  /// Seconds of a control step.
  var controlTimeStep: Double { simulation.model.timeStep * Double(Self.engineSteps) }

  /// All coordinates, shape (9).
  var positions: UnsafeMutableBufferPointer<Double> {
    UnsafeMutableBufferPointer(start: simulation.positions, count: simulation.model.positionCount)
  }

  /// Their velocities, shape (9).
  var velocities: UnsafeMutableBufferPointer<Double> {
    UnsafeMutableBufferPointer(start: simulation.velocities, count: simulation.model.velocityCount)
  }

  /// Takes the initial posture with noise: U(−0.1, 0.1) on every coordinate, then 0.1·N(0, 1) on every velocity.
  func reset(using random: inout NumPyGenerator) throws(MuJoCoError) {
    try simulation.reset()
    for index in positions.indices { positions[index] += random.uniform(in: -0.1...0.1) }
    for index in velocities.indices { velocities[index] += 0.1 * random.gaussian() }
    try simulation.forward()
  }

  /// Takes a given posture, as at the start of an episode.
  ///
  /// - Parameter state: positions, then velocities, shape (18).
  func set(_ state: UnsafeBufferPointer<Double>) throws(MuJoCoError) {
    try simulation.reset()
    for index in positions.indices { positions[index] = state[index] }
    for index in velocities.indices { velocities[index] = state[positions.count + index] }
    try simulation.forward()
  }

  /// The number of entries of `snapshot`.
  var snapshotSize: Int { simulation.snapshotSize }

  /// As the engine's.
  var snapshot: [Double] { simulation.snapshot }

  /// Goes on from a snapshot of a cheetah with an equal body.
  func restore(_ snapshot: [Double]) throws(MuJoCoError) { try simulation.restore(snapshot) }

  /// Advances by one control step.
  ///
  /// - Parameter controls: shape (6); the motors saturate at ±1.
  /// - Returns: the mean forward velocity in m/s, or nil if the simulation became unstable (or a control was not a
  ///   number); the cheetah is then back where it was before the step.
  func advance(_ controls: UnsafeBufferPointer<Float>) throws(MuJoCoError) -> Double? {
    let start = forwardPosition
    for index in positions.indices { soundState[index] = positions[index] }
    for index in velocities.indices { soundState[positions.count + index] = velocities[index] }
    for index in controls.indices { simulation.controls[index] = Double(controls[index]) }
    try simulation.step(count: Self.engineSteps)
    guard simulation.instabilityCount == 0 else {
      try set(UnsafeBufferPointer(start: soundState, count: positions.count + velocities.count))
      return nil
    }
    return (forwardPosition - start) / controlTimeStep
  }
}
