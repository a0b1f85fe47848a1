internal import Foundation

/// The physics of poles on carts: state, constants, and one Euler step (Barto, Sutton and Anderson 1983).
///
/// One pole for `Lane` = `Double`, four side by side for `Lanes`. The order of every operation is that of Gymnasium
/// 1.4.0's CartPole-v1, so states are equal to it bit for bit.
struct CartPolePhysics<Lane: CartPoleLane> {
  /// The cart's position, m, and velocity, m/s; the pole's angle from upright, rad, and angular velocity, rad/s.
  var position, velocity, angle, angularVelocity: Lane

  /// Mass of cart and pole, kg; of the pole, kg; half the pole's length, m; the product of these two, kg m.
  let totalMass, poleMass, halfLength, poleMoment: Lane

  /// Acceleration of gravity, m/s²; seconds between two control steps; the force of action 1, N, that of action 0 being
  /// the opposite.
  let gravity, timeStep, force: Lane

  /// The number of quantities of a pole.
  static var quantityCount: Int { 11 }

  /// Poles by their quantities, in the order of the properties: first the state (4), then the constants (7).
  @inline(__always)
  init(_ quantity: (Int) -> Lane) {
    (position, velocity, angle, angularVelocity) = (quantity(0), quantity(1), quantity(2), quantity(3))
    (totalMass, poleMass, halfLength, poleMoment) = (quantity(4), quantity(5), quantity(6), quantity(7))
    (gravity, timeStep, force) = (quantity(8), quantity(9), quantity(10))
  }

  /// The quantities, shape (11).
  var quantities: [Lane] {
    [
      position, velocity, angle, angularVelocity, totalMass, poleMass, halfLength, poleMoment, gravity,
      timeStep,
      force,
    ]
  }

  /// Advances by one time step; positions move with the velocities from before the step.
  ///
  /// - Parameter action: 0 or 1.
  @inline(__always)
  mutating func step(action: Lane) {
    let one = Lane(repeating: 1)
    // Multiplied by ±1: a branch would be mispredicted half of the time.
    let push = force * (action + action - one)
    let (sine, cosine) = angle.sineAndCosine
    let common = (push + poleMoment * (angularVelocity * angularVelocity) * sine) / totalMass
    let inertia = Lane(repeating: 4.0 / 3.0) - poleMass * (cosine * cosine) / totalMass
    let angularAcceleration = (gravity * sine - cosine * common) / (halfLength * inertia)
    let acceleration = common - poleMoment * angularAcceleration * cosine / totalMass
    position = position + timeStep * velocity
    velocity = velocity + timeStep * acceleration
    angle = angle + timeStep * angularVelocity
    angularVelocity = angularVelocity + timeStep * angularAcceleration
  }

  /// Whether the cart is more than 2.4 m from the middle, or the pole more than 12° from upright.
  @inline(__always)
  var hasFallen: Lane.Mask { position.isBeyond(2.4, or: angle, beyond: 12 * 2 * Double.pi / 360) }
}

/// One number, or one for each of several poles.
protocol CartPoleLane {
  /// A truth value for each pole.
  associatedtype Mask

  /// `value` for every pole.
  init(repeating value: Double)

  /// Sum, pole by pole.
  static func + (one: Self, other: Self) -> Self
  /// Difference, pole by pole.
  static func - (one: Self, other: Self) -> Self
  /// Product, pole by pole.
  static func * (one: Self, other: Self) -> Self
  /// Quotient, pole by pole.
  static func / (one: Self, other: Self) -> Self

  /// libm's sine and cosine, to the bit.
  var sineAndCosine: (sine: Self, cosine: Self) { get }

  /// Whether |self| > limit or |other| > otherLimit.
  func isBeyond(_ limit: Double, or other: Self, beyond otherLimit: Double) -> Mask
}

extension Double: CartPoleLane {
  init(repeating value: Double) { self = value }

  var sineAndCosine: (sine: Double, cosine: Double) { (sin(self), cos(self)) }

  func isBeyond(_ limit: Double, or other: Double, beyond otherLimit: Double) -> Bool {
    abs(self) > limit || abs(other) > otherLimit
  }
}

extension Lanes: CartPoleLane {
  @inline(__always)
  var sineAndCosine: (sine: Lanes, cosine: Lanes) { SineAndCosine.of(self) }

  @inline(__always)
  func isBeyond(_ limit: Double, or other: Lanes, beyond otherLimit: Double) -> SIMDMask<SIMD4<Int64>> {
    (self .< -limit) .| (self .> limit) .| (other .< -otherLimit) .| (other .> otherLimit)
  }
}
