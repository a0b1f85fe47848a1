internal import HDF5
internal import Spelling

extension ArtifactSchema {
  /// Checks contents against this schema: every dataset's presence, type, labels, lengths and values, and every
  /// attribute.
  ///
  /// Datasets that the schema does not know are allowed; their labelled lengths must agree with the others.
  ///
  /// - Throws: `ArtifactError.mismatch` for the first thing that is not as it should be.
  func validate(_ contents: ArtifactContents) throws(ArtifactError) {
    let paths = contents.datasets.keys.sorted()
    for entry in datasets where !entry.isOptional {
      guard !paths.contains(where: { entry.resolved(for: $0) != nil }) else { continue }
      let alternatives = datasets.filter { $0.path == entry.path }.map(\.shapeDescription)
      throw contents.mismatch(entry.path, expected: alternatives.joined(separator: " or "), found: "nothing")
    }
    var lengths: [String: (length: Int, path: String)] = [:]
    // Names first, so that an axis of another length is told against them.
    for path in paths.filter({ $0.hasPrefix("/dims/") }) + paths.filter({ !$0.hasPrefix("/dims/") }) {
      guard let dataset = contents.datasets[path] else { continue }
      let entry = try entry(for: dataset, at: path, contents)
      let labels = entry?.dimensions ?? dataset.labels ?? []
      for (label, length) in zip(labels, dataset.shape) {
        if let known = lengths[label], known.length != length {
          throw contents.mismatch(
            path, expected: "length \(known.length) along \(label), as in \(known.path)",
            found: "length \(length)")
        }
        lengths[label] = lengths[label] ?? (length, path)
      }
      if let entry { try check(dataset, at: path, against: entry, contents) }
    }
    try checkAttributes(contents)
  }

  /// The entry that the dataset at `path` satisfies in type and labels; nil if the schema does not know the path.
  private func entry(
    for dataset: ArtifactDataset, at path: String, _ contents: ArtifactContents
  ) throws(ArtifactError) -> DatasetSchema? {
    let entries = entries(for: path)
    guard !entries.isEmpty else { return nil }
    let expected = entries.map(\.shapeDescription).joined(separator: " or ")
    let fitting = entries.filter { $0.type == dataset.values.type }
    guard !fitting.isEmpty else {
      throw contents.mismatch(path, expected: expected, found: "elements of type \(dataset.values.type)")
    }
    guard let entry = fitting.first(where: { $0.dimensions.count == dataset.shape.count }) else {
      throw contents.mismatch(path, expected: expected, found: "the shape \(dataset.shape)")
    }
    guard (dataset.labels ?? []) == entry.dimensions else {
      throw contents.mismatch(
        path + "@DIMENSION_LABELS",
        expected: "(\(entry.dimensions.joined(separator: ", ")))",
        found: dataset.labels.map { "(\($0.joined(separator: ", ")))" } ?? "nothing")
    }
    return entry
  }

  private func check(
    _ dataset: ArtifactDataset, at path: String, against entry: DatasetSchema, _ contents: ArtifactContents
  ) throws(ArtifactError) {
    var earlier: Set<String> = []
    for (index, text) in (dataset.values.array(of: String.self) ?? []).enumerated() {
      let place = path + subscriptText(index, dataset.shape)
      guard isPrintableLine(text) else {
        throw contents.mismatch(
          place, expected: "one line of visible characters", found: text.debugDescription)
      }
      guard !path.hasPrefix("/dims/") || !text.isEmpty && earlier.insert(text).inserted else {
        throw contents.mismatch(place, expected: "a name of its own", found: "\"\(text)\"")
      }
    }
    guard let index = dataset.values.firstIndex(outside: entry.range, allowingNaN: entry.allowsMissing) else {
      return
    }
    let wanted = entry.range.map(Self.words) ?? "a finite number"
    throw contents.mismatch(
      path + subscriptText(index, dataset.shape), expected: wanted + (entry.allowsMissing ? " or NaN" : ""),
      found: dataset.values.text(at: index))
  }

  private static func words(_ range: ClosedRange<Double>) -> String {
    func text(_ bound: Double) -> String { Int(exactly: bound).map { "\($0)" } ?? "\(bound)" }
    if range == .leastNonzeroMagnitude ... .infinity { return "a number above 0" }
    return range.upperBound == .infinity
      ? "a number of at least \(text(range.lowerBound))"
      : "a number from \(text(range.lowerBound)) to \(text(range.upperBound))"
  }

  private func checkAttributes(_ contents: ArtifactContents) throws(ArtifactError) {
    for attribute in attributes {
      let value = contents.attributes[attribute.path]
      guard let value else {
        if attribute.isOptional { continue }
        throw contents.mismatch(attribute.path, expected: attribute.shapeDescription, found: "nothing")
      }
      let isPrintable = value.values.array(of: String.self)?.allSatisfy(isPrintableLine) ?? true
      guard value.values.type == attribute.type, value.shape.count == attribute.dimensions.count, isPrintable,
        value.values.firstIndex(outside: nil, allowingNaN: false) == nil
      else {
        throw contents.mismatch(
          attribute.path, expected: attribute.shapeDescription, found: printable("\(AttributeValue(value))"))
      }
    }
  }
}

/// A row-major index as text in brackets: 7 of shape (3, 4) is "[1, 3]"; a scalar's is empty.
func subscriptText(_ index: Int, _ shape: [Int]) -> String {
  guard !shape.isEmpty else { return "" }
  var rest = index
  var indices: [Int] = []
  for length in shape.reversed() {
    indices.append(rest % max(length, 1))
    rest /= max(length, 1)
  }
  return "\(indices.reversed().map { $0 })"
}
