/// The physics of four poles on carts side by side: state, constants, and one Euler step (Barto, Sutton and Anderson
/// 1983).
///
/// The order of every operation is that of Gymnasium 1.4.0's CartPole-v1, so states are equal to it bit for bit.
struct CartPolePhysics {
  /// The cart's position, m, and velocity, m/s; the pole's angle from upright, rad, and angular velocity, rad/s.
  var position, velocity, angle, angularVelocity: Lanes

  /// Mass of cart and pole, kg; of the pole, kg; half the pole's length, m; the product of these two, kg m.
  let totalMass, poleMass, halfLength, poleMoment: Lanes

  /// Acceleration of gravity, m/s²; seconds between two control steps; the force of action 1, N, that of action 0 being
  /// the opposite.
  let gravity, timeStep, force: Lanes

  /// The number of quantities of a pole.
  static var quantityCount: Int { 11 }

  /// Poles by their quantities, in the order of the properties: first the state (4), then the constants (7).
  @inline(__always)
  init(_ quantity: (Int) -> Lanes) {
    (position, velocity, angle, angularVelocity) = (quantity(0), quantity(1), quantity(2), quantity(3))
    (totalMass, poleMass, halfLength, poleMoment) = (quantity(4), quantity(5), quantity(6), quantity(7))
    (gravity, timeStep, force) = (quantity(8), quantity(9), quantity(10))
  }

  /// Advances by one time step; positions move with the velocities from before the step.
  ///
  /// - Parameter action: 0 or 1.
  @inline(__always)
  mutating func step(action: Lanes) {
    let one = Lanes(repeating: 1)
    // Multiplied by ±1: a branch would be mispredicted half of the time.
    let push = force * (action + action - one)
    let (sine, cosine) = SineAndCosine.of(angle)
    let common = (push + poleMoment * (angularVelocity * angularVelocity) * sine) / totalMass
    let inertia = Lanes(repeating: 4.0 / 3.0) - poleMass * (cosine * cosine) / totalMass
    let angularAcceleration = (gravity * sine - cosine * common) / (halfLength * inertia)
    let acceleration = common - poleMoment * angularAcceleration * cosine / totalMass
    position = position + timeStep * velocity
    velocity = velocity + timeStep * acceleration
    angle = angle + timeStep * angularVelocity
    angularVelocity = angularVelocity + timeStep * angularAcceleration
  }

  /// Whether the cart is more than 2.4 m from the middle, or the pole more than 12° from upright.
  @inline(__always)
  var hasFallen: SIMDMask<SIMD4<Int64>> {
    isBeyond(2.4, position) .| isBeyond(12 * 2 * Double.pi / 360, angle)
  }

  @inline(__always)
  private func isBeyond(_ limit: Double, _ values: Lanes) -> SIMDMask<SIMD4<Int64>> {
    (values .< -limit) .| (values .> limit)
  }
}
