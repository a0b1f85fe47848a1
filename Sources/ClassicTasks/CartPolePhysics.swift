internal import Foundation

/// The physics of a pole on a cart: constants, state, and one Euler step (Barto, Sutton and Anderson 1983).
///
/// The order of every operation is that of Gymnasium 1.4.0's CartPole-v1, so states are equal to it bit for bit.
struct CartPolePhysics {
  /// Acceleration of gravity, m/s².
  var gravity = 9.8

  /// Mass of the cart, kg.
  var cartMass = 1.0

  /// Mass of the pole, kg.
  var poleMass = 0.1

  /// Half the length of the pole, m.
  var halfLength = 0.5

  /// The size of the push, N.
  var force = 10.0

  /// Seconds between two control steps.
  var timeStep = 0.02

  /// The cart's position, m.
  var position = 0.0

  /// The cart's velocity, m/s.
  var velocity = 0.0

  /// The pole's angle from upright, rad.
  var angle = 0.0

  /// The pole's angular velocity, rad/s.
  var angularVelocity = 0.0

  /// Advances by one time step; positions move with the velocities from before the step.
  ///
  /// - Parameter push: the force on the cart, N.
  mutating func step(push: Double) {
    let totalMass = poleMass + cartMass
    let poleMoment = poleMass * halfLength
    let cosine = cos(angle)
    let sine = sin(angle)
    let common = (push + poleMoment * (angularVelocity * angularVelocity) * sine) / totalMass
    let angularAcceleration =
      (gravity * sine - cosine * common)
      / (halfLength * (4.0 / 3.0 - poleMass * (cosine * cosine) / totalMass))
    let acceleration = common - poleMoment * angularAcceleration * cosine / totalMass
    position += timeStep * velocity
    velocity += timeStep * acceleration
    angle += timeStep * angularVelocity
    angularVelocity += timeStep * angularAcceleration
  }

  /// Whether the cart is more than 2.4 m from the middle, or the pole more than 12° from upright.
  var hasFallen: Bool {
    position < -Self.positionLimit || position > Self.positionLimit || angle < -Self.angleLimit
      || angle > Self.angleLimit
  }

  /// `hasFallen` of four poles.
  static func hasFallen(position: Lanes, angle: Lanes) -> SIMDMask<SIMD4<Int64>> {
    (position .< -positionLimit) .| (position .> positionLimit) .| (angle .< -angleLimit)
      .| (angle .> angleLimit)
  }

  private static let positionLimit = 2.4
  private static let angleLimit = 12 * 2 * Double.pi / 360
}
