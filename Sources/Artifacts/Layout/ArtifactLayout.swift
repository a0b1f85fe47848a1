internal import HDF5

/// How an artifact is stored: the datasets and attributes that its properties declare, and the rules between them.
package struct ArtifactLayout<Root: Artifact>: Sendable {
  /// What the file holds.
  package let schema: ArtifactSchema

  private let parts: [LayoutPart<Root>]

  /// A layout.
  ///
  /// - Parameters:
  ///   - stage: the stage that writes the file.
  ///   - version: the version that is written.
  ///   - summary: what the file is, in one sentence.
  ///   - parts: its datasets and attributes, then the rules between them, which are checked in this order.
  ///   - plots: what HDF5 viewers draw.
  init(
    stage: String, version: Int64, summary: String, _ parts: LayoutPart<Root>..., plots: [PlotSchema]
  ) {
    self.parts = parts
    schema = ArtifactSchema(
      stage: stage, version: version, summary: summary, datasets: parts.flatMap(\.datasets),
      attributes: parts.flatMap(\.attributes), plots: plots)
  }

  /// The values of a file that satisfies the schema, once the rules hold.
  func read(_ contents: ValidatedContents) throws(ArtifactError) -> Root {
    var root = Root()
    for part in parts { for read in part.reads { try read(&root, contents) } }
    return root
  }

  /// The datasets and attributes of an artifact.
  ///
  /// - Parameter file: where they are to be written, for the error.
  /// - Throws: `ArtifactError.mismatch` for an array that does not fill the shape that its dimensions' lengths give.
  func contents(of root: Root, file: String) throws(ArtifactError) -> ArtifactContents {
    var writer = LayoutWriter()
    for part in parts { for write in part.writes { write(root, &writer) } }
    var contents = try writer.finished(file: file)
    for (path, dataset) in contents.datasets {
      contents.datasets[path]?.labels = schema.entry(for: path, dataset.values.type)?.dimensions
    }
    return contents
  }
}

/// A piece of a layout: some of an artifact's datasets and attributes, or a rule.
struct LayoutPart<Root>: Sendable {
  /// Takes values from a file, or checks those that were taken; a rule may complete what older files lack.
  typealias Read = @Sendable (inout Root, ValidatedContents) throws(ArtifactError) -> Void
  /// Hands values over to be written.
  typealias Write = @Sendable (Root, inout LayoutWriter) -> Void

  /// The datasets.
  var datasets: [DatasetSchema] = []
  /// The attributes.
  var attributes: [AttributeSchema] = []
  /// How it is read.
  var reads: [Read] = []
  /// How it is written.
  var writes: [Write] = []

  /// A rule. It throws what `mismatch` of the contents makes.
  static func rule(_ check: @escaping Read) -> Self { Self(reads: [check]) }

  /// What is no property of one dataset or attribute, with a reader and a writer of its own.
  static func part(
    _ datasets: [DatasetSchema] = [], _ attributes: [AttributeSchema] = [], read: @escaping Read,
    write: @escaping Write
  ) -> Self {
    Self(datasets: datasets, attributes: attributes, reads: [read], writes: [write])
  }
}

extension LayoutPart where Root: Artifact {
  /// The datasets and attributes that properties declare.
  static func stored<each Value: DatasetValue, each Schema: StoredSchema>(
    _ paths: repeat StoredPath<Root, each Value, each Schema>
  ) -> Self {
    var part = Self()
    for path in repeat each paths { part.add(path) }
    return part
  }

  private mutating func add<Value: DatasetValue, Schema: StoredSchema>(
    _ path: StoredPath<Root, Value, Schema>
  ) {
    let schema = Root()[keyPath: path].schema
    if let dataset = schema as? DatasetSchema { datasets.append(dataset) }
    if let attribute = schema as? AttributeSchema { attributes.append(attribute) }
    let read: Read = { (root, contents) throws(ArtifactError) in
      if let value = schema.object(in: contents.contents).flatMap(Value.init) {
        root[keyPath: path].wrappedValue = value
      } else if !schema.isOptional {
        throw contents.mismatch(schema.path, expected: schema.expectation, found: "nothing")
      }
    }
    reads.append(read)
    writes.append { root, writer in
      let property = root[keyPath: path]
      guard property.isSet, !(schema.isOptional && property.wrappedValue == .empty) else { return }
      writer.add(schema) { property.wrappedValue.stored(along: $0) }
    }
  }
}
