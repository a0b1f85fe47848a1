internal import Digest
internal import HDF5

/// What an artifact holds, as one digest, and which results it holds.
package struct ContentDigest: Sendable, Equatable, CustomStringConvertible {
  /// The digest of docs/artifacts.md, "The content's digest": 64 hexadecimal digits.
  package let digest: String

  /// The stage that wrote the file; nil if its provenance does not say.
  package let stage: String?

  /// The version of the stage's results; nil if the provenance does not say.
  package let stageVersion: Int64?

  /// "digest  stage  version"; "-" for what the provenance does not say.
  package var description: String {
    "\(digest)  \(stage ?? "-")  \(stageVersion.map { "\($0)" } ?? "-")"
  }
}

extension Inspection {
  /// The digest of all that a file of any of the project's schemas holds, but for its provenance and its plots.
  ///
  /// It is the SHA-256 of a text with one line per dataset and attribute, in the order of the bytes of their names:
  /// "digest of the elements  type[lengths]  name". Files of equal content have equal digests, whatever program, commit
  /// and inputs they come from and however their bytes lie.
  ///
  /// - Throws: `ArtifactError` if the file cannot be read, is no artifact, or holds elements of a type that no artifact
  ///   uses.
  package static func contentDigest(of path: String) throws(ArtifactError) -> ContentDigest {
    let (contents, _) = try ArtifactContents.load(path, as: nil)
    var lines: [String: String] = [:]
    func add(_ name: String, type: ElementType, shape: [Int], _ bytes: [UInt8]) throws(ArtifactError) {
      let lengths = shape.map(String.init).joined(separator: ",")
      lines[name] = "\(try sha256(bytes, of: path))  \(type)[\(lengths)]  \(name)\n"
    }
    for (name, dataset) in contents.datasets {
      guard let bytes = dataset.values.bytes else {
        throw undigestible(name, "\(dataset.values.type)", in: path)
      }
      try add(name, type: dataset.values.type, shape: dataset.shape, bytes)
      guard let labels = dataset.labels else { continue }
      try add(
        name + "@DIMENSION_LABELS", type: .string, shape: [labels.count], ArtifactValues.bytes(of: labels))
    }
    for (object, attributes) in contents.attributes where object != "/provenance" {
      for (attribute, value) in attributes {
        let name = object + "@" + attribute
        switch value {
        case .string(let text):
          try add(name, type: .string, shape: [], ArtifactValues.bytes(of: [text]))
        case .strings(let texts):
          try add(name, type: .string, shape: [texts.count], ArtifactValues.bytes(of: texts))
        case .integer(let number): try add(name, type: .int64, shape: [], ArtifactValues.bytes(of: [number]))
        case .real(let number): try add(name, type: .float64, shape: [], ArtifactValues.bytes(of: [number]))
        case .other(let words): throw undigestible(name, words, in: path)
        }
      }
    }
    let sorted = lines.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    let provenance = contents.attributes["/provenance"] ?? [:]
    var (stage, version): (String?, Int64?)
    if case .string(let text)? = provenance["stage"] { stage = text }
    if case .integer(let number)? = provenance["stage_version"] { version = number }
    return ContentDigest(
      digest: try sha256(Array(sorted.map(\.value).joined().utf8), of: path), stage: stage,
      stageVersion: version)
  }

  private static func sha256(_ bytes: [UInt8], of path: String) throws(ArtifactError) -> String {
    do {
      return try SHA256.digest(of: bytes)
    } catch {
      throw .unreadable(file: path, reason: error.reason)
    }
  }

  private static func undigestible(_ object: String, _ found: String, in path: String) -> ArtifactError {
    .mismatch(
      file: path, object: object, expected: "a type that artifacts use, for the content's digest",
      found: found)
  }
}

extension ArtifactValues {
  /// The elements as a file holds them: numbers little-endian, strings in UTF-8 with a zero byte after each; nil for
  /// elements that cannot be read.
  fileprivate var bytes: [UInt8]? {
    switch self {
    case .float32(let values): Self.bytes(of: values)
    case .float64(let values): Self.bytes(of: values)
    case .int32(let values): Self.bytes(of: values)
    case .int64(let values): Self.bytes(of: values)
    case .uint8(let values): values
    case .string(let values): Self.bytes(of: values)
    case .unreadable: nil
    }
  }

  /// Numbers as in memory, which is little-endian on the processors that the project runs on.
  fileprivate static func bytes(of numbers: [some BitwiseCopyable]) -> [UInt8] {
    numbers.withUnsafeBytes(Array.init)
  }

  /// UTF-8, and a zero byte after each string.
  fileprivate static func bytes(of strings: [String]) -> [UInt8] { strings.flatMap { Array($0.utf8) + [0] } }
}
