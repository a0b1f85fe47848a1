internal import Synchronization

/// Compiled models by file and edits, so that simulations of equal bodies share one.
package final class ModelCache: Sendable {
  private let models = Mutex<[Key: Shared]>([:])

  private struct Key: Hashable {
    var path: String
    var edits: [ModelEdit]
  }

  /// A model lives as long as a simulation uses it.
  private struct Shared { weak var model: PhysicsModel? }

  /// No models yet.
  package init() {}

  /// The model of a file after some edits, in order; compiled if no simulation uses it already.
  ///
  /// - Throws: what `PhysicsModel.init(path:edits:)` throws.
  package func model(path: String, edits: [ModelEdit] = []) throws -> PhysicsModel {
    try models.withLock { models in
      let key = Key(path: path, edits: edits)
      if let model = models[key]?.model { return model }
      let model = try PhysicsModel(path: path, edits: edits)
      models = models.filter { $0.value.model != nil }
      models[key] = Shared(model: model)
      return model
    }
  }
}
