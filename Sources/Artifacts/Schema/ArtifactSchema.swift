internal import HDF5

/// What the file of one stage holds: a value, from which writing, validation and `pgx show` all follow.
package struct ArtifactSchema: Sendable {
  /// The stage that writes the file, as in the root attribute `schema` = "policygradex/<stage>".
  package let stage: String

  /// The version that is written.
  package let version: Int64

  /// What the file is, in one sentence.
  package let summary: String

  /// Its datasets; two entries of one path are alternatives.
  package let datasets: [DatasetSchema]

  /// The attributes it has beside `schema`, `schema_version` and those of the datasets.
  package let attributes: [DatasetSchema]

  /// What HDF5 viewers draw.
  let plots: [PlotSchema]

  /// The value of the root attribute `schema`.
  package var name: String { "policygradex/\(stage)" }

  /// Every schema of the pipeline, in the order of its stages.
  package static let all: [ArtifactSchema] = artifacts.map { $0.schema }

  /// The schema whose root attribute `schema` is `name`, if there is one.
  package static func named(_ name: String) -> ArtifactSchema? { all.first { $0.name == name } }

  /// The entries for the dataset at `path`, resolved for it: none if the schema does not know the path, more than
  /// one if it offers alternatives.
  func entries(for path: String) -> [DatasetSchema] { datasets.compactMap { $0.resolved(for: path) } }

  /// The entry for a dataset of some type at `path`, resolved for it.
  func entry(for path: String, _ type: ElementType) -> DatasetSchema? {
    entries(for: path).first { $0.type == type }
  }
}

/// A dataset that viewers of the NeXus convention (h5web, NeXpy) draw: a group `/plots/<name>` of class NXdata with a
/// hard link to the dataset, and for every dimension a numeric axis.
struct PlotSchema: Sendable {
  /// The name of the group below `/plots`.
  let name: String

  /// The path of the dataset to draw.
  let signal: String

  /// For a dimension's label the path of its numeric coordinates; other dimensions are drawn over 0, 1, 2, ….
  var coordinates: [String: String] = [:]
}
