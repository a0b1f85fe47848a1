internal import HDF5
internal import Spelling

extension ArtifactSchema {
  /// Checks contents against this schema: every dataset's presence, type, labels, lengths and values, and every
  /// attribute.
  ///
  /// Datasets that the schema does not know are allowed; their labelled lengths must agree with the others.
  ///
  /// - Parameters:
  ///   - contents: what a file holds.
  ///   - file: the file, for the error.
  /// - Throws: `ArtifactError.mismatch` for the first thing that is not as it should be.
  func validate(_ contents: ArtifactContents, file: String) throws(ArtifactError) {
    let paths = contents.datasets.keys.sorted()
    for entry in datasets where !entry.isOptional {
      guard !paths.contains(where: { entry.resolved(for: $0) != nil }) else { continue }
      let alternatives = datasets.filter { $0.path == entry.path }.map(\.shapeDescription)
      throw .mismatch(
        file: file, object: entry.path, expected: alternatives.joined(separator: " or "), found: "nothing")
    }
    var lengths: [String: (length: Int, path: String)] = [:]
    // Names first, so that an axis of another length is told against them.
    for path in paths.filter({ $0.hasPrefix("/dims/") }) + paths.filter({ !$0.hasPrefix("/dims/") }) {
      guard let dataset = contents.datasets[path] else { continue }
      let entry = try entry(for: dataset, at: path, file: file)
      let labels = entry?.dimensions ?? dataset.labels ?? []
      for (label, length) in zip(labels, dataset.shape) {
        if let known = lengths[label], known.length != length {
          throw .mismatch(
            file: file, object: path, expected: "length \(known.length) along \(label), as in \(known.path)",
            found: "length \(length)")
        }
        lengths[label] = lengths[label] ?? (length, path)
      }
      if let entry { try check(dataset, at: path, against: entry, file: file) }
    }
    try checkAttributes(contents, file: file)
  }

  /// The entry that the dataset at `path` satisfies in type and labels; nil if the schema does not know the path.
  private func entry(for dataset: ArtifactDataset, at path: String, file: String)
    throws(ArtifactError) -> DatasetSchema?
  {
    let entries = entries(for: path)
    guard !entries.isEmpty else { return nil }
    let expected = entries.map(\.shapeDescription).joined(separator: " or ")
    let fitting = entries.filter { $0.type == dataset.values.type }
    guard !fitting.isEmpty else {
      throw .mismatch(
        file: file, object: path, expected: expected, found: "elements of type \(dataset.values.type)")
    }
    guard let entry = fitting.first(where: { $0.dimensions.count == dataset.shape.count }) else {
      throw .mismatch(file: file, object: path, expected: expected, found: "the shape \(dataset.shape)")
    }
    guard (dataset.labels ?? []) == entry.dimensions else {
      throw .mismatch(
        file: file, object: path + "@DIMENSION_LABELS",
        expected: "(\(entry.dimensions.joined(separator: ", ")))",
        found: dataset.labels.map { "(\($0.joined(separator: ", ")))" } ?? "nothing")
    }
    return entry
  }

  private func check(_ dataset: ArtifactDataset, at path: String, against entry: DatasetSchema, file: String)
    throws(ArtifactError)
  {
    if case .string(let texts) = dataset.values, let index = texts.firstIndex(where: { !isPrintableLine($0) })
    {
      throw .mismatch(
        file: file, object: "\(path)\(subscriptText(index, dataset.shape))",
        expected: "one line of visible characters", found: texts[index].debugDescription)
    }
    if case .string(let texts) = dataset.values, path.hasPrefix("/dims/") {
      var earlier: Set<String> = []
      for (index, text) in texts.enumerated() where text.isEmpty || !earlier.insert(text).inserted {
        throw .mismatch(
          file: file, object: "\(path)[\(index)]", expected: "a name of its own", found: "\"\(text)\"")
      }
    }
    guard let index = dataset.values.firstIndex(outside: entry.range, allowingNaN: entry.allowsMissing) else {
      return
    }
    let wanted = entry.range.map(Self.words) ?? "a finite number"
    throw .mismatch(
      file: file, object: "\(path)\(subscriptText(index, dataset.shape))",
      expected: wanted + (entry.allowsMissing ? " or NaN" : ""), found: dataset.values.text(at: index))
  }

  private static func words(_ range: ClosedRange<Double>) -> String {
    func text(_ bound: Double) -> String { Int(exactly: bound).map { "\($0)" } ?? "\(bound)" }
    if range == .leastNonzeroMagnitude ... .infinity { return "a number above 0" }
    return range.upperBound == .infinity
      ? "a number of at least \(text(range.lowerBound))"
      : "a number from \(text(range.lowerBound)) to \(text(range.upperBound))"
  }

  private func checkAttributes(_ contents: ArtifactContents, file: String) throws(ArtifactError) {
    for attribute in attributes {
      let value = contents.attributes[attribute.object]?[attribute.name]
      let fits =
        switch (value, attribute.kind) {
        case (.string(let text)?, .string): isPrintableLine(text)
        case (.strings(let texts)?, .strings): texts.allSatisfy(isPrintableLine)
        case (.integer?, .integer): true
        case (.real(let number)?, .real): number.isFinite
        case (nil, _): attribute.isOptional
        default: false
        }
      guard !fits else { continue }
      throw .mismatch(
        file: file, object: attribute.path, expected: "an attribute of kind \(attribute.kind.rawValue)",
        found: value.map { printable("\($0)") } ?? "nothing")
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
