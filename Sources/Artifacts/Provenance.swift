internal import Digest
internal import HDF5

/// Where an artifact comes from: what a reader needs to make it again. It holds no time, host or absolute path, so
/// that equal inputs give equal bytes. Stored as the attributes of the group `/provenance`.
package struct Provenance: Sendable, Equatable {
  @Attribute("/provenance", "stage", "The stage that wrote it, such as \"score\".")
  package var stage: String
  @Attribute(
    "/provenance", "stage_version", "Version of the stage's behaviour; raised when its results change.")
  package var stageVersion: Int
  @Attribute("/provenance", "git_commit", "Commit of the source; \"unknown\" outside a checkout.")
  package var gitCommit: String
  @Attribute("/provenance", "git_dirty", "1 if the source differed from that commit, else 0.")
  package var gitDirty: Int
  @Attribute("/provenance", "toolchain", "The compiler, such as \"Swift 6.3.1\".")
  package var toolchain: String
  /// The versions of the libraries that took part, by name.
  package var libraries: [String: String] = [:]
  @Attribute("/provenance", "seed", "The seed of the run.")
  package var seed: Int
  @Attribute("/provenance", "config", "The stage's slice of the config, as text.")
  package var config: String
  /// The digest of each input file by its role ("subsets"), 64 hexadecimal digits; see `digests`.
  package var inputs: [String: String] = [:]

  private init() {}

  /// A provenance whose properties a closure sets.
  package init(_ set: (inout Provenance) -> Void) {
    self.init()
    set(&self)
  }

  /// Reads the provenance of an artifact of any schema.
  ///
  /// - Throws: `ArtifactError`, also if the file has no complete provenance, as a file from elsewhere may.
  package init(reading path: String) throws(ArtifactError) {
    let (contents, schema) = try ArtifactContents.load(path, as: nil)
    try schema.validate(contents)
    self = try Self.parts.read(contents, into: Provenance())
  }

  /// The digests of input files, given their paths by role: what `inputs` holds.
  ///
  /// The digest of a sealed file is the one in its seal: the SHA-256 of what follows byte 512. It is checked when the file
  /// is read. The digest of a file from elsewhere is the SHA-256 of all its bytes.
  ///
  /// - Throws: `ArtifactError.unreadable` if one cannot be read.
  package static func digests(of files: [String: String]) throws(ArtifactError) -> [String: String] {
    var digests: [String: String] = [:]
    for (role, path) in files.sorted(by: { $0.key < $1.key }) {
      try requireRegularFile(path)
      digests[role] = try Seal.digest(in: path)
      if digests[role] == nil { digests[role] = try Seal.digest(ofFile: path) }
    }
    return digests
  }

  /// What the keys of its attributes among an artifact's begin with.
  static let prefix = "/provenance@"

  /// How it is stored.
  static let parts: [LayoutPart<Self>] = [
    .stored(\.$stage, \.$stageVersion, \.$gitCommit, \.$gitDirty, \.$toolchain, \.$seed, \.$config),
    .part { (provenance, contents) throws(ArtifactError) in
      let path = prefix + "libraries"
      guard let lines = contents.attributes[path]?.values.array(of: String.self) else {
        throw contents.mismatch(path, expected: "a list of strings", found: "nothing")
      }
      for line in lines {
        let parts = line.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { throw contents.mismatch(path, expected: "name: version", found: line) }
        provenance.libraries[String(parts[0])] = String(parts[1].drop { $0 == " " })
      }
      for (name, digest) in contents.provenance where name.hasPrefix("input_") && name.hasSuffix("_sha256") {
        provenance.inputs[String(name.dropFirst(6).dropLast(7))] = digest.values.array(of: String.self)?.first
      }
    } write: { provenance, writer in
      let libraries = provenance.libraries.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
      writer.contents.attributes[prefix + "libraries"] = libraries.stored(along: [nil])
      for (role, digest) in provenance.inputs {
        writer.contents.attributes["\(prefix)input_\(role)_sha256"] = digest.stored(along: [])
      }
    },
  ]
}
