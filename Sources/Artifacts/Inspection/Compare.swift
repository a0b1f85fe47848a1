internal import Foundation
internal import HDF5

/// How much two artifacts have in common, from most to least.
package enum Agreement: Sendable, Equatable, CustomStringConvertible {
  /// The files are equal, byte by byte.
  case equalBytes
  /// Every number and text is equal, bit by bit, but for where they come from (the provenance).
  case equalContent
  /// Real numbers differ by at most this fraction of the largest magnitude of their dataset, and nothing else does.
  case withinTolerance(Double)
  /// Anything else.
  case different

  /// In words.
  package var description: String {
    switch self {
    case .equalBytes: "equal bytes"
    case .equalContent: "equal content"
    case .withinTolerance(let tolerance): "within tolerance (\(tolerance))"
    case .different: "different"
    }
  }
}

/// How two artifacts differ in content; where and how the bytes lie in the file does not count.
package struct ArtifactComparison: Sendable, Equatable, CustomStringConvertible {
  /// One attribute or dataset that differs.
  package struct Difference: Sendable, Equatable, CustomStringConvertible {
    /// The attribute ("/@verdict") or dataset, with the first differing index ("/affinity[2, 3]").
    package let path: String

    /// The value there in the first file; "nothing" if it lacks the object.
    package let first: String

    /// The value there in the second file; "nothing" if it lacks the object.
    package let second: String

    /// The number of elements that differ; 1 for attributes and for objects that are missing or of another shape.
    package var count = 1

    /// The greatest |first − second| over the elements; nil for what has no difference of numbers.
    package var largestError: Double?

    /// `largestError` by the largest magnitude of the first file's dataset; nil for what has no real numbers.
    package var relativeError: Double?

    /// One line.
    package var description: String {
      "\(path): \(first) | \(second)"
        + (largestError.map { " (\(count) differ, by at most \($0))" }
          ?? (count > 1 ? " (\(count) differ)" : ""))
    }
  }

  /// The differences in a fixed order: attributes, provenance, datasets, each by path.
  package let differences: [Difference]

  /// Whether the files are equal, byte by byte.
  package let hasEqualBytes: Bool

  /// Whether the contents are equal, bit by bit, the provenance included.
  package var isEqual: Bool { differences.isEmpty }

  /// How much the artifacts have in common; up to a relative error of `tolerance` real numbers count as near.
  package func agreement(tolerance: Double) -> Agreement {
    if hasEqualBytes { return .equalBytes }
    let content = differences.filter { !$0.path.hasPrefix("/provenance@") }
    if content.isEmpty { return .equalContent }
    let isNear = content.allSatisfy { $0.relativeError.map { $0 <= tolerance } ?? false }
    return isNear ? .withinTolerance(tolerance) : .different
  }

  /// "equal", or a line for every difference.
  package var description: String {
    isEqual ? "equal" : differences.map(\.description).joined(separator: "\n")
  }
}

extension Inspection {
  /// Compares two artifacts of the project by content.
  ///
  /// - Throws: `ArtifactError` if a file cannot be read or is no artifact; artifacts of different schemas differ.
  package static func compare(_ first: String, _ second: String) throws(ArtifactError) -> ArtifactComparison {
    let (a, _) = try ArtifactContents.load(first, as: nil)
    let (b, _) = try ArtifactContents.load(second, as: nil)
    let attributes = Set(a.attributes.keys).union(b.attributes.keys).sorted()
    let ordered =
      attributes.filter { !$0.hasPrefix(Provenance.prefix) }
      + attributes.filter { $0.hasPrefix(Provenance.prefix) }
    let differences =
      ordered.compactMap { attributeDifference($0, a.attributes[$0], b.attributes[$0]) }
      + Set(a.datasets.keys).union(b.datasets.keys).sorted().compactMap {
        difference($0, a.datasets[$0], b.datasets[$0])
      }
    return ArtifactComparison(
      differences: differences,
      hasEqualBytes: FileManager.default.contentsEqual(atPath: first, andPath: second))
  }

  private static func attributeDifference(
    _ path: String, _ first: ArtifactDataset?, _ second: ArtifactDataset?
  ) -> ArtifactComparison.Difference? {
    guard first != second else { return nil }
    let (x, y) = (first.map(AttributeValue.init), second.map(AttributeValue.init))
    if case .strings(let x)? = x, case .strings(let y)? = y, Set(x) != Set(y) {
      // Of two lists only what the other lacks, so that one library does not hide among the equal ones.
      let (alone, others) = (x.filter { !y.contains($0) }, y.filter { !x.contains($0) })
      return .init(
        path: path, first: "\(AttributeValue.strings(alone))", second: "\(AttributeValue.strings(others))")
    }
    let (text, other) = firstDifferingLine(x.map { "\($0)" } ?? "nothing", y.map { "\($0)" } ?? "nothing")
    var error: Double?
    if let a = first?.values, let b = second?.values, a.type == b.type, let a = a.numbers, let b = b.numbers {
      error = abs(a[0] - b[0])
    }
    return .init(path: path, first: text, second: other, largestError: error)
  }

  /// Of two texts of several lines the first that differs, so that a long config does not fill the screen.
  private static func firstDifferingLine(_ first: String, _ second: String) -> (String, String) {
    let x = first.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let y = second.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard max(x.count, y.count) > 1 else { return (first, second) }
    let line = zip(x, y).enumerated().first { $1.0 != $1.1 }?.offset ?? min(x.count, y.count)
    func text(_ lines: [String]) -> String {
      line < lines.count ? "line \(line + 1): \(lines[line])" : "no more"
    }
    return (text(x), text(y))
  }

  private static func difference(_ path: String, _ first: ArtifactDataset?, _ second: ArtifactDataset?)
    -> ArtifactComparison.Difference?
  {
    func words(_ dataset: ArtifactDataset?) -> String {
      dataset.map {
        "\($0.values.type) \($0.shape) \($0.labels.map { "(\($0.joined(separator: ", ")))" } ?? "")"
      } ?? "nothing"
    }
    guard let first, let second, first.shape == second.shape, first.labels == second.labels,
      first.values.type == second.values.type
    else {
      return .init(path: path, first: words(first), second: words(second))
    }
    let differing = differingIndices(first.values, second.values)
    guard let index = differing.first else { return nil }
    var largest: Double?
    if let x = first.values.numbers, let y = second.values.numbers {
      // A number against NaN has no distance: it is reported as infinite.
      largest = differing.reduce(0) { max($0, (x[$1] - y[$1]).isNaN ? .infinity : abs(x[$1] - y[$1])) }
    }
    let reals = [.float32, .float64].contains(first.values.type) ? first.values.numbers : nil
    let magnitude = reals?.reduce(0) { max($0, abs($1)) }
    return .init(
      path: path + subscriptText(index, first.shape), first: first.values.text(at: index),
      second: second.values.text(at: index), count: differing.count, largestError: largest,
      relativeError: magnitude.flatMap { magnitude in largest.map { $0 / magnitude } })
  }

  /// The indices at which elements of one type and number differ in a bit.
  private static func differingIndices(_ first: ArtifactValues, _ second: ArtifactValues) -> [Int] {
    if let x = first.array(of: String.self), let y = second.array(of: String.self) {
      return x.indices.filter { x[$0] != y[$0] }
    }
    guard let x = first.bytes, let y = second.bytes, x != y else { return [] }
    let size = x.count / first.count
    return (0..<first.count).filter { x[$0 * size..<($0 + 1) * size] != y[$0 * size..<($0 + 1) * size] }
  }
}
