internal import CMuJoCo

/// A change of a compiled model's numbers.
package enum ModelEdit: Hashable, Sendable {
  /// Multiplies the acceleration of gravity (`opt.gravity`).
  case scaleGravity(by: Double)

  /// Multiplies every body's mass and inertia (`body_mass`, `body_inertia`).
  case scaleMasses(by: Double)

  /// Multiplies one body's mass and inertia.
  case scaleMass(body: String, by: Double)

  /// Multiplies every geometry's sliding friction, the first of `geom_friction`'s three coefficients. The friction of
  /// a contact is the larger one of its pair, so that scaling all of them scales every contact's.
  case scaleSlidingFriction(by: Double)

  /// Multiplies every motor's gear, the torque per unit of control (`actuator_gear`).
  case scaleGears(by: Double)

  /// Changes the number of bytes of working memory per simulation (`narena`).
  case setArenaSize(bytes: Int)

  /// Whether what the engine derives from the masses has to be computed anew.
  var changesMasses: Bool {
    switch self {
    case .scaleMasses, .scaleMass: true
    default: false
    }
  }

  /// Changes a model that nobody else uses yet.
  ///
  /// - Throws: `MuJoCoError.unknownName`.
  func apply(to model: borrowing PhysicsModel) throws(MuJoCoError) {
    let handle = model.handle
    func scaleMass(_ body: Int, _ factor: Double) {
      handle.pointee.body_mass[body] *= factor
      for axis in 0..<3 { handle.pointee.body_inertia[3 * body + axis] *= factor }
    }
    switch self {
    case .scaleGravity(let factor):
      handle.pointee.opt.gravity.0 *= factor
      handle.pointee.opt.gravity.1 *= factor
      handle.pointee.opt.gravity.2 *= factor
    case .scaleMasses(let factor):
      for body in 0..<Int(handle.pointee.nbody) { scaleMass(body, factor) }
    case .scaleMass(let body, let factor):
      scaleMass(try model.element(.body, named: body).index, factor)
    case .scaleSlidingFriction(let factor):
      for geometry in 0..<Int(handle.pointee.ngeom) { handle.pointee.geom_friction[3 * geometry] *= factor }
    case .scaleGears(let factor):
      for actuator in 0..<Int(handle.pointee.nu) { handle.pointee.actuator_gear[6 * actuator] *= factor }
    case .setArenaSize(let bytes):
      handle.pointee.narena = bytes
    }
  }
}
