/// The output of a stage as plain Swift values, whose properties declare how they are stored.
package protocol Artifact: Sendable, Equatable {
  /// How it is stored.
  static var layout: ArtifactLayout<Self> { get }
}

extension Artifact {
  /// An artifact whose properties a closure sets; what is required and never set is refused when it is written.
  package init(_ set: (inout Self) throws -> Void) rethrows {
    self = Self.layout.empty
    try set(&self)
  }

  /// What its file holds.
  package static var schema: ArtifactSchema { layout.schema }

  /// Reads and validates a file; nothing of it is used before all of it has been checked.
  ///
  /// - Throws: `ArtifactError` with one line that names the file, the object, what was expected and what was found.
  package init(reading path: String) throws(ArtifactError) {
    self = try Self.validated(ArtifactContents.load(path, as: Self.schema).0)
  }

  /// Writes the file, all of it or nothing; equal values and provenance give equal bytes.
  ///
  /// - Throws: `ArtifactError.unwritable`, or `.invalidResult` if a value breaks the schema. What was at `path`
  ///   before is then untouched.
  package func write(to path: String, provenance: Provenance) throws(ArtifactError) {
    let contents: ArtifactContents
    do throws(ArtifactError) {
      contents = try Self.layout.contents(of: self, provenance, file: path)
      _ = try Self.validated(contents)
    } catch {
      throw error.asInvalidResult(file: path) ?? error
    }
    try contents.write(as: Self.schema)
  }

  /// The values of contents that satisfy the schema and the layout's rules.
  fileprivate static func validated(_ contents: ArtifactContents) throws(ArtifactError) -> Self {
    try schema.validate(contents)
    return try layout.read(contents)
  }
}

extension ArtifactSchema {
  /// The struct that each schema of the pipeline stores, in the order of the stages.
  static let artifacts: [any Artifact.Type] = [
    MetaTrainArtifact.self, CollectGradientsArtifact.self, SampleSubsetsArtifact.self,
    LinearizedAdaptArtifact.self, ScoreArtifact.self, ClusterArtifact.self, TrainedSetArtifact.self,
    EvaluationArtifact.self, SetTruthArtifact.self, TruthArtifact.self, AuditArtifact.self,
    TrainingCheckpoint.self,
    CollectionCheckpoint.self,
  ]

  /// Checks contents against this schema and against the rules of the stage's layout.
  func validateFully(_ contents: ArtifactContents) throws(ArtifactError) {
    for artifact in Self.artifacts where artifact.schema.name == name { _ = try artifact.validated(contents) }
  }
}
