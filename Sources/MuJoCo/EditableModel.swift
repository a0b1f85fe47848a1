internal import CMuJoCo
internal import CMuJoCoShim

/// A compiled model while its numbers may still be changed; `freeze` makes it a `PhysicsModel`.
package struct EditableModel: ~Copyable {
  private let model: PhysicsModel  // seen by nobody else until `freeze`
  private var massesChanged = false

  /// Compiles the model in an XML file. The corresponding C function is `mj_loadXML`.
  ///
  /// - Throws: `MuJoCoError.version` if the library is not the one of the headers, `.engine` with the compiler's message.
  package init(path: String) throws(MuJoCoError) {
    let version = mj_version()
    guard version == mjVERSION_HEADER else {
      throw .version(library: Int(version), header: Int(mjVERSION_HEADER))
    }
    guard let handle = cmujoco_load_xml(path) else { throw .last("mj_loadXML", on: path) }
    model = PhysicsModel(owning: handle, path: path)
  }

  private var handle: UnsafeMutablePointer<mjModel> { model.handle }

  /// Multiplies the acceleration of gravity (`opt.gravity`).
  package mutating func scaleGravity(by factor: Double) {
    handle.pointee.opt.gravity.0 *= factor
    handle.pointee.opt.gravity.1 *= factor
    handle.pointee.opt.gravity.2 *= factor
  }

  /// Multiplies every body's mass and inertia (`body_mass`, `body_inertia`).
  package mutating func scaleMasses(by factor: Double) {
    for body in 0..<Int(handle.pointee.nbody) { scaleMass(body: body, by: factor) }
  }

  /// Multiplies one body's mass and inertia.
  ///
  /// - Throws: `MuJoCoError.unknownName`.
  package mutating func scaleMass(ofBody name: String, by factor: Double) throws(MuJoCoError) {
    let body = mj_name2id(handle, Int32(mjOBJ_BODY.rawValue), name)
    guard body >= 0 else { throw .unknownName(kind: "body", name: name, model: model.path) }
    scaleMass(body: Int(body), by: factor)
  }

  /// Multiplies every geometry's sliding friction, the first of `geom_friction`'s three coefficients. The friction of
  /// a contact is the larger one of its pair, so that scaling all of them scales every contact's.
  package mutating func scaleSlidingFriction(by factor: Double) {
    for geometry in 0..<Int(handle.pointee.ngeom) { handle.pointee.geom_friction[3 * geometry] *= factor }
  }

  /// Multiplies every motor's gear, the torque per unit of control (`actuator_gear`).
  package mutating func scaleGears(by factor: Double) {
    for actuator in 0..<Int(handle.pointee.nu) { handle.pointee.actuator_gear[6 * actuator] *= factor }
  }

  /// Changes the number of bytes of working memory per simulation (`narena`).
  package mutating func setArenaSize(bytes: Int) {
    handle.pointee.narena = bytes
  }

  /// Ends the editing: derives what follows from the masses (`mj_setConst`) and makes the model shareable.
  ///
  /// - Throws: `MuJoCoError.engine`.
  package consuming func freeze() throws(MuJoCoError) -> PhysicsModel {
    if massesChanged {
      guard let data = cmujoco_make_data(handle) else { throw .last("mj_makeData", on: model.path) }
      defer { mj_deleteData(data) }
      try check(cmujoco_set_const(handle, data), "mj_setConst", on: model.path)
    }
    return model
  }

  private mutating func scaleMass(body: Int, by factor: Double) {
    massesChanged = true
    handle.pointee.body_mass[body] *= factor
    for axis in 0..<3 { handle.pointee.body_inertia[3 * body + axis] *= factor }
  }
}
