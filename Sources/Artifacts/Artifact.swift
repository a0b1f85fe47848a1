/// The output of a stage as plain Swift values, with a schema that says how it is stored.
package protocol Artifact: Sendable, Equatable {
  /// How it is stored.
  static var schema: ArtifactSchema { get }

  /// What a file holds, as this stage's values.
  ///
  /// - Throws: `ArtifactError.mismatch` for what the schema alone cannot tell, such as an index out of range.
  init(_ contents: ValidatedContents) throws(ArtifactError)

  /// The datasets and attributes that store it.
  var contents: ArtifactContents { get }
}

extension Artifact {
  /// Reads and validates a file; nothing of it is used before all of it has been checked.
  ///
  /// - Throws: `ArtifactError` with one line that names the file, the object, what was expected and what was found.
  package init(reading path: String) throws(ArtifactError) {
    let contents = try ArtifactContents.read(path, as: Self.schema)
    self = try Self(ValidatedContents(file: path, contents: contents))
  }

  /// Writes the file, all of it or nothing; equal values and provenance give equal bytes.
  ///
  /// - Throws: `ArtifactError.unwritable`, or `.invalidResult` if a value breaks the schema. What was at `path`
  ///   before is then untouched.
  package func write(to path: String, provenance: Provenance) throws(ArtifactError) {
    var contents = contents
    provenance.add(to: &contents)
    do throws(ArtifactError) {
      _ = try Self(ValidatedContents(file: path, contents: contents))
    } catch {
      guard case .mismatch(_, let object, let expected, let found) = error else { throw error }
      throw .invalidResult(file: path, problem: "\(object): expected \(expected), found \(found)")
    }
    try contents.write(to: path, as: Self.schema)
  }
}

extension ArtifactSchema {
  /// The struct that each schema of the pipeline stores, in the order of the stages.
  static let artifacts: [any Artifact.Type] = [
    MetaTrainArtifact.self, CollectGradientsArtifact.self, SampleSubsetsArtifact.self,
    LinearizedAdaptArtifact.self, ScoreArtifact.self, ClusterArtifact.self, TrainedSetArtifact.self,
    EvaluationArtifact.self, TrainingCheckpoint.self, CollectionCheckpoint.self,
  ]

  /// Checks contents against this schema and against what only the stage's struct can tell.
  func validateFully(_ contents: ArtifactContents, file: String) throws(ArtifactError) {
    try validate(contents, file: file)
    guard let artifact = Self.artifacts.first(where: { $0.schema.name == name }) else {
      throw ArtifactError.wrongSchema(file: file, expected: nil, found: name)
    }
    _ = try artifact.init(ValidatedContents(file: file, contents: contents))
  }
}
