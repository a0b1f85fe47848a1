internal import HDF5

/// How an artifact is stored: the datasets and attributes that its properties declare, and the rules between them.
package struct ArtifactLayout<Root: Artifact>: Sendable {
  /// What the file holds.
  package let schema: ArtifactSchema

  /// An artifact of which nothing is set.
  let empty: Root

  private let parts: [LayoutPart<Root>]

  /// A layout of datasets and attributes, then the rules between them, which are checked in this order.
  init(
    _ empty: Root, stage: String, version: Int64, summary: String, _ parts: LayoutPart<Root>...,
    plots: [PlotSchema]
  ) {
    self.empty = empty
    self.parts = parts
    let objects = parts.flatMap { $0.objects.map { $0(empty) } }
    schema = ArtifactSchema(
      stage: stage, version: version, summary: summary, datasets: objects.filter { !$0.isAttribute },
      attributes: objects.filter(\.isAttribute), plots: plots)
  }

  /// The values of a file that satisfies the schema, once the rules hold.
  func read(_ contents: ArtifactContents) throws(ArtifactError) -> Root {
    try parts.read(contents, into: empty)
  }

  /// The datasets and attributes of an artifact that is to be written to a file.
  ///
  /// - Throws: `ArtifactError.mismatch` for an array that does not fill the shape that its dimensions' lengths give.
  func contents(
    of root: Root, _ provenance: Provenance, file: String
  ) throws(ArtifactError) -> ArtifactContents {
    var writer = LayoutWriter(file: file)
    parts.write(root, to: &writer)
    Provenance.parts.write(provenance, to: &writer)
    var contents = try writer.finished()
    for (path, dataset) in contents.datasets {
      contents.datasets[path]?.labels = schema.entry(for: path, dataset.values.type)?.dimensions
    }
    return contents
  }
}

/// A piece of a layout: some of an artifact's datasets and attributes, or a rule.
struct LayoutPart<Root>: Sendable {
  /// Takes values from a file, or checks those that were taken; a rule may complete what older files lack.
  typealias Read = @Sendable (inout Root, ArtifactContents) throws(ArtifactError) -> Void
  /// Hands values over to be written.
  typealias Write = @Sendable (Root, inout LayoutWriter) -> Void

  /// The datasets and attributes, as the properties of a value declare them.
  var objects: [@Sendable (Root) -> DatasetSchema] = []
  /// How it is read.
  var reads: [Read] = []
  /// How it is written.
  var writes: [Write] = []

  /// A rule. It throws what `mismatch` of the contents makes.
  static func rule(_ check: @escaping Read) -> Self { Self(reads: [check]) }

  /// What is no property of one dataset or attribute, with a reader and a writer of its own.
  static func part(_ objects: [DatasetSchema] = [], read: @escaping Read, write: @escaping Write) -> Self {
    Self(objects: objects.map { object in { _ in object } }, reads: [read], writes: [write])
  }
}

extension Array {
  /// The values that the parts of a layout find in contents, in place of empty ones, once the rules hold.
  func read<Root>(_ contents: ArtifactContents, into empty: Root) throws(ArtifactError) -> Root
  where Element == LayoutPart<Root> {
    var root = empty
    for part in self { for read in part.reads { try read(&root, contents) } }
    return root
  }

  /// Hands over the values of all parts.
  func write<Root>(_ root: Root, to writer: inout LayoutWriter) where Element == LayoutPart<Root> {
    for part in self { for write in part.writes { write(root, &writer) } }
  }
}

extension LayoutPart {
  /// The datasets and attributes that properties declare.
  static func stored<each Value: DatasetValue>(_ paths: repeat StoredPath<Root, each Value>) -> Self {
    var part = Self()
    for path in repeat each paths { part.add(path) }
    return part
  }

  private mutating func add<Value: DatasetValue>(_ path: StoredPath<Root, Value>) {
    objects.append { $0[keyPath: path].schema }
    let read: Read = { (root, contents) throws(ArtifactError) in
      let schema = root[keyPath: path].schema
      let object = (schema.isAttribute ? contents.attributes : contents.datasets)[schema.path]
      if let value = object.flatMap(Value.init) {
        root[keyPath: path].wrappedValue = value
      } else if !schema.isOptional {
        throw contents.mismatch(schema.path, expected: schema.shapeDescription, found: "nothing")
      }
    }
    reads.append(read)
    writes.append { root, writer in
      let property = root[keyPath: path]
      let schema = property.schema
      guard property.isSet, !(schema.isOptional && property.wrappedValue == .empty) else { return }
      writer.add(schema) { property.wrappedValue.stored(along: $0) }
    }
  }
}

/// Collects an artifact's datasets and attributes, and finds the shapes once all are there.
struct LayoutWriter {
  /// What knows its shape.
  var contents: ArtifactContents

  /// The lengths that are known, by label.
  var lengths: [String: Int] = [:]

  private var waiting: [(schema: DatasetSchema, stored: ([Int?]) -> ArtifactDataset?)] = []

  /// A collection for a file that is to be written.
  init(file: String) { contents = ArtifactContents(file: file) }

  /// Adds a dataset or an attribute.
  ///
  /// - Parameter stored: what it holds, given the lengths of its dimensions as far as they are known; nil for none.
  mutating func add(_ schema: DatasetSchema, _ stored: @escaping ([Int?]) -> ArtifactDataset?) {
    waiting.append((schema, stored))
  }

  /// All that was added. Vectors tell the lengths of their dimensions, then matrices those that are still unknown.
  ///
  /// - Throws: `ArtifactError.mismatch` for an array that does not fill its shape.
  consuming func finished() throws(ArtifactError) -> ArtifactContents {
    for rank in 0...(waiting.map(\.schema.dimensions.count).max() ?? 0) {
      for (schema, stored) in waiting where schema.dimensions.count == rank {
        guard let object = stored(schema.dimensions.map { lengths[$0] }) else { continue }
        lengths.merge(zip(schema.dimensions, object.shape)) { known, _ in known }
        guard object.shape.reduce(1, *) == object.values.count else {
          throw contents.mismatch(
            schema.path, expected: "values that fill the shape \(object.shape)",
            found: "\(object.values.count)")
        }
        if schema.isAttribute {
          contents.attributes[schema.path] = object
        } else {
          contents.datasets[schema.path] = object
        }
      }
    }
    return contents
  }
}
