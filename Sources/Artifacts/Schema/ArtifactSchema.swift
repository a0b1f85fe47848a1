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
  package let attributes: [AttributeSchema]

  /// What HDF5 viewers draw.
  package let plots: [PlotSchema]

  /// The value of the root attribute `schema`.
  package var name: String { "policygradex/\(stage)" }

  /// The versions that can be read.
  package var knownVersions: [Int64] { [version] }

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

/// An attribute that a schema requires.
package struct AttributeSchema: Sendable {
  /// The kinds of values.
  package enum Kind: String, Sendable {
    /// One string.
    case string
    /// A list of strings.
    case strings
    /// One integer.
    case integer
    /// One real number.
    case real
  }

  /// The absolute path of the object that carries it; "/" is the file.
  package let object: String

  /// Its name.
  package let name: String

  /// The kind of its value.
  package let kind: Kind

  /// What it says.
  package let description: String

  /// Whether the file may lack it.
  package let isOptional: Bool

  /// An attribute; see the properties.
  package init(_ object: String, _ name: String, _ kind: Kind, _ description: String, optional: Bool = false)
  {
    self.object = object
    self.name = name
    self.kind = kind
    self.description = description
    isOptional = optional
  }

  /// The name as error messages show it: "/policy@architecture".
  package var path: String { "\(object)@\(name)" }
}

/// A dataset that viewers of the NeXus convention (h5web, NeXpy) draw: a group `/plots/<name>` of class NXdata with a
/// hard link to the dataset, and for every dimension a numeric axis.
package struct PlotSchema: Sendable {
  /// The name of the group below `/plots`.
  package let name: String

  /// The path of the dataset to draw.
  package let signal: String

  /// For a dimension's label the path of its numeric coordinates; other dimensions are drawn over 0, 1, 2, ….
  package let coordinates: [String: String]

  /// A plot; see the properties.
  package init(_ name: String, signal: String, coordinates: [String: String] = [:]) {
    self.name = name
    self.signal = signal
    self.coordinates = coordinates
  }
}
