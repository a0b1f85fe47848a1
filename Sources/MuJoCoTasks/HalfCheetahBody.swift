internal import MuJoCo
internal import Synchronization

/// The ways in which a cheetah's body and world may differ from Gymnasium's.
struct HalfCheetahBody: Hashable, Sendable {
  /// Factor of gravity.
  var gravityScale = 1.0

  /// Factor of every body's mass and inertia.
  var massScale = 1.0

  /// Further factor of the torso's mass and inertia.
  var torsoMassScale = 1.0

  /// Factor of every geometry's sliding friction.
  var frictionScale = 1.0

  /// Factor of every motor's torque.
  var gearScale = 1.0

  /// The body's model.
  ///
  /// - Parameter path: Gymnasium's half_cheetah.xml.
  func model(path: String) throws(MuJoCoError) -> PhysicsModel {
    var model = try EditableModel(path: path)
    if gravityScale != 1 { model.scaleGravity(by: gravityScale) }
    if massScale != 1 { model.scaleMasses(by: massScale) }
    if torsoMassScale != 1 { try model.scaleMass(ofBody: "torso", by: torsoMassScale) }
    if frictionScale != 1 { model.scaleSlidingFriction(by: frictionScale) }
    if gearScale != 1 { model.scaleGears(by: gearScale) }
    return try model.freeze()
  }
}

/// The models in use, so that cheetahs with equal bodies share one.
final class HalfCheetahModels: Sendable {
  private let path: String
  private let models = Mutex<[HalfCheetahBody: Shared]>([:])

  /// A model lives as long as a simulation uses it.
  private struct Shared { weak var model: PhysicsModel? }

  /// No models yet.
  ///
  /// - Parameter path: Gymnasium's half_cheetah.xml.
  init(path: String) {
    self.path = path
  }

  /// The model of a body, compiled if no simulation uses it already.
  func model(of body: HalfCheetahBody) throws -> PhysicsModel {
    try models.withLock { models in
      if let model = models[body]?.model { return model }
      let model = try body.model(path: path)
      models = models.filter { $0.value.model != nil }
      models[body] = Shared(model: model)
      return model
    }
  }
}
