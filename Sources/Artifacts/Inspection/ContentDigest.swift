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
    var objects = contents.attributes.filter { !$0.key.hasPrefix(Provenance.prefix) }
    for (name, dataset) in contents.datasets {
      objects[name] = dataset
      objects[name + "@DIMENSION_LABELS"] = dataset.labels.flatMap { $0.stored(along: [nil]) }
    }
    var text = ""
    for (name, object) in objects.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      guard let bytes = object.values.bytes else {
        throw contents.mismatch(
          name, expected: "a type that artifacts use, for the content's digest",
          found: "\(object.values.type)")
      }
      let lengths = object.shape.map(String.init).joined(separator: ",")
      text += "\(SHA256.digest(of: bytes))  \(object.values.type)[\(lengths)]  \(name)\n"
    }
    let provenance = contents.provenance
    return ContentDigest(
      digest: SHA256.digest(of: Array(text.utf8)), stage: provenance["stage"].flatMap(String.init),
      stageVersion: provenance["stage_version"].flatMap(Int64.init))
  }
}

extension ArtifactValues {
  /// The elements as a file holds them: numbers little-endian, strings in UTF-8 with a zero byte after each; nil for
  /// elements that cannot be read.
  var bytes: [UInt8]? {
    // Numbers are little-endian in memory too, on the processors that the project runs on.
    func bytes(_ numbers: [some BitwiseCopyable]) -> [UInt8] { numbers.withUnsafeBytes(Array.init) }
    return switch self {
    case .float32(let values): bytes(values)
    case .float64(let values): bytes(values)
    case .int32(let values): bytes(values)
    case .int64(let values): bytes(values)
    case .uint8(let values): values
    case .string(let values): values.flatMap { Array($0.utf8) + [0] }
    case .unreadable: nil
    }
  }
}
