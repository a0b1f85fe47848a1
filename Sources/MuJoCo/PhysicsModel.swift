internal import CMuJoCo
internal import CMuJoCoShim

/// A compiled model: what a simulation needs to know and never changes.
///
/// Any number of simulations on any threads share one model; the engine only reads it.
package final class PhysicsModel: @unchecked Sendable {
  let handle: UnsafeMutablePointer<mjModel>

  /// The file that the model came from.
  package let path: String

  /// Compiles the model in an XML file and changes its numbers. The corresponding C function is `mj_loadXML`.
  ///
  /// A fault of the engine while it compiles ends the process with one line: its compiler is C++, which must not be
  /// left by a jump.
  ///
  /// - Parameter edits: applied in order.
  /// - Throws: `MuJoCoError.version` if the library is not the one of the headers, `.engine` with the compiler's message,
  ///   `.unknownName` for an edit of what the model does not have.
  package init(path: String, edits: [ModelEdit] = []) throws(MuJoCoError) {
    let version = mj_version()
    guard version == mjVERSION_HEADER else {
      throw .version(library: Int(version), header: Int(mjVERSION_HEADER))
    }
    guard let handle = cmujoco_load_xml(path) else { throw .last("mj_loadXML", on: path) }
    self.handle = handle
    self.path = path
    for edit in edits { try edit.apply(to: self) }
    guard edits.contains(where: \.changesMasses) else { return }
    guard let data = cmujoco_make_data(handle) else { throw .last("mj_makeData", on: path) }
    defer { mj_deleteData(data) }
    try check(cmujoco_set_const(handle, data), "mj_setConst", on: path)
  }

  /// A copy of another model. The corresponding C function is `mj_copyModel`.
  ///
  /// - Throws: `MuJoCoError.engine`.
  init(copying other: PhysicsModel) throws(MuJoCoError) {
    guard let handle = cmujoco_copy_model(other.handle) else { throw .last("mj_copyModel", on: other.path) }
    self.handle = handle
    path = other.path
  }

  deinit { mj_deleteModel(handle) }

  /// The number of position coordinates (`nq`).
  package var positionCount: Int { Int(handle.pointee.nq) }

  /// The number of degrees of freedom (`nv`).
  package var velocityCount: Int { Int(handle.pointee.nv) }

  /// Seconds of one engine step (`opt.timestep`).
  package var timeStep: Double { handle.pointee.opt.timestep }

  /// The mass of every body in kg, the world first, shape (nbody) (`body_mass`).
  package var bodyMasses: [Double] {
    Array(UnsafeBufferPointer(start: handle.pointee.body_mass, count: Int(handle.pointee.nbody)))
  }
}
