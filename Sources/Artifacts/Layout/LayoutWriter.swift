/// Collects an artifact's datasets and attributes, and finds the shapes once all are there.
struct LayoutWriter {
  /// What knows its shape.
  var contents = ArtifactContents()

  /// The lengths that are known, by label.
  var lengths: [String: Int] = [:]

  private var waiting: [(schema: any StoredSchema, stored: ([Int?]) -> ArtifactDataset?)] = []

  /// Adds a dataset or an attribute.
  ///
  /// - Parameter stored: what it holds, given the lengths of its dimensions as far as they are known; nil for none.
  mutating func add(_ schema: some StoredSchema, _ stored: @escaping ([Int?]) -> ArtifactDataset?) {
    waiting.append((schema, stored))
  }

  /// All that was added. Vectors tell the lengths of their dimensions, then matrices those that are still unknown.
  ///
  /// - Throws: `ArtifactError.mismatch` for an array that does not fill its shape.
  consuming func finished(file: String) throws(ArtifactError) -> ArtifactContents {
    for rank in 0...(waiting.map(\.schema.dimensions.count).max() ?? 0) {
      for (schema, stored) in waiting where schema.dimensions.count == rank {
        guard let object = stored(schema.dimensions.map { lengths[$0] }) else { continue }
        lengths.merge(zip(schema.dimensions, object.shape)) { known, _ in known }
        guard object.shape.reduce(1, *) == object.values.count else {
          throw .mismatch(
            file: file, object: schema.path, expected: "values that fill the shape \(object.shape)",
            found: "\(object.values.count)")
        }
        schema.add(object, to: &contents)
      }
    }
    return contents
  }
}
