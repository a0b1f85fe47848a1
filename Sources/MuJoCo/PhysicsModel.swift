internal import CMuJoCo

/// A compiled model: what a simulation needs to know and never changes.
///
/// Any number of simulations on any threads share one model; the engine only reads it.
package final class PhysicsModel: @unchecked Sendable {
  let handle: UnsafeMutablePointer<mjModel>

  /// The file that the model came from.
  package let path: String

  /// Takes over a model that nobody else will free.
  init(owning handle: UnsafeMutablePointer<mjModel>, path: String) {
    self.handle = handle
    self.path = path
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
