internal import CMuJoCo
internal import CMuJoCoShim

/// One running simulation of a model.
///
/// It serves one thread at a time. After a `MuJoCoError` its contents are those of an interrupted computation: call
/// `reset` before anything else.
package final class Simulation {
  /// The model that is simulated.
  package let model: PhysicsModel

  /// The position coordinates, shape (nq) (`qpos`); filled by `reset` and `step`, writable.
  package let positions: UnsafeMutablePointer<Double>

  /// The velocities, shape (nv) (`qvel`); filled by `reset` and `step`, writable.
  package let velocities: UnsafeMutablePointer<Double>

  /// The controls of the next step, shape (nu) (`ctrl`); filled by the caller, kept by `step`, zeroed by `reset`.
  package let controls: UnsafeMutablePointer<Double>

  let data: UnsafeMutablePointer<mjData>

  /// Whether nobody else uses the model, so that `place` may change it.
  let ownsModel: Bool

  /// A simulation at the model's initial state. The corresponding C function is `mj_makeData`.
  ///
  /// - Throws: `MuJoCoError.engine`.
  package convenience init(_ model: PhysicsModel) throws(MuJoCoError) {
    try self.init(model, ownsModel: false)
  }

  /// A simulation of a copy of the model, whose parts it may `place` elsewhere.
  ///
  /// - Throws: `MuJoCoError.engine`.
  package convenience init(copying model: PhysicsModel) throws(MuJoCoError) {
    try self.init(PhysicsModel(copying: model), ownsModel: true)
  }

  private init(_ model: PhysicsModel, ownsModel: Bool) throws(MuJoCoError) {
    guard let data = cmujoco_make_data(model.handle) else { throw .last("mj_makeData", on: model.path) }
    self.ownsModel = ownsModel
    self.model = model
    self.data = data
    positions = data.pointee.qpos
    velocities = data.pointee.qvel
    controls = data.pointee.ctrl
  }

  deinit { mj_deleteData(data) }

  /// How often since the last reset a position, velocity, acceleration or control was not a number or beyond 1e10
  /// (the engine then resets itself, so the state is no longer that of the episode), or a contact was dropped for
  /// want of room.
  package var instabilityCount: Int { Int(cmujoco_instability_count(data)) }

  /// The number of entries of `snapshot`.
  package var snapshotSize: Int { Int(cmujoco_snapshot_size(model.handle)) }

  /// All that the next steps depend on: time, positions, velocities, controls, applied forces and the solver's warm
  /// start, as the engine orders them. The corresponding C function is `mj_getState` of `mjSTATE_INTEGRATION`.
  package var snapshot: [Double] {
    [Double](unsafeUninitializedCapacity: snapshotSize) { buffer, count in
      if let snapshot = buffer.baseAddress { cmujoco_get_snapshot(model.handle, data, snapshot) }
      count = buffer.count
    }
  }

  /// Goes on from a snapshot of a simulation of an equal model: the next steps have the bits that they would have had
  /// there. What follows from the state (`forward`) is computed by the next step.
  ///
  /// - Parameter snapshot: shape (`snapshotSize`).
  package func restore(_ snapshot: [Double]) throws(MuJoCoError) {
    precondition(snapshot.count == snapshotSize, "a snapshot of another model")
    try reset()
    snapshot.withUnsafeBufferPointer { buffer in
      if let snapshot = buffer.baseAddress { cmujoco_set_snapshot(model.handle, data, snapshot) }
    }
  }

  /// Returns to the model's initial state, at rest, with no memory of what was before.
  /// The corresponding C function is `mj_resetData`.
  package func reset() throws(MuJoCoError) {
    try check(cmujoco_reset_data(model.handle, data), "mj_resetData", on: model.path)
  }

  /// Computes what follows from positions, velocities and controls, without advancing time.
  /// The corresponding C function is `mj_forward`.
  package func forward() throws(MuJoCoError) {
    try check(cmujoco_forward(model.handle, data), "mj_forward", on: model.path)
  }

  /// Advances by `count` engine steps under constant controls. The corresponding C function is `mj_step`.
  package func step(count: Int = 1) throws(MuJoCoError) {
    try check(cmujoco_step(model.handle, data, Int32(count)), "mj_step", on: model.path)
  }
}
