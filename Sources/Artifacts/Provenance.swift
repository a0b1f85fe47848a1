internal import Digest
internal import HDF5

/// Where an artifact comes from: what a reader needs to make it again. It holds no time, host or absolute path, so
/// that equal inputs give equal bytes. Stored as the attributes of the group `/provenance`.
package struct Provenance: Sendable, Equatable {
  /// The stage that wrote it, such as "score".
  package var stage: String

  /// The version of the stage's behaviour; raised when its results change.
  package var stageVersion: Int

  /// The commit of the source, in hexadecimal; "unknown" outside a checkout.
  package var gitCommit: String

  /// Whether the source differed from that commit.
  package var gitDirty: Bool

  /// The compiler, such as "Swift 6.3.1".
  package var toolchain: String

  /// The versions of the libraries that took part, by name.
  package var libraries: [String: String]

  /// The seed of the run.
  package var seed: Int

  /// The stage's slice of the config, as text.
  package var config: String

  /// The digest of each input file by its role ("subsets"), 64 hexadecimal digits; see `digests`.
  package var inputs: [String: String]

  /// A provenance; see the properties.
  package init(
    stage: String, stageVersion: Int, gitCommit: String, gitDirty: Bool, toolchain: String,
    libraries: [String: String], seed: Int, config: String, inputs: [String: String]
  ) {
    self.stage = stage
    self.stageVersion = stageVersion
    self.gitCommit = gitCommit
    self.gitDirty = gitDirty
    self.toolchain = toolchain
    self.libraries = libraries
    self.seed = seed
    self.config = config
    self.inputs = inputs
  }

  /// Reads the provenance of an artifact of any schema.
  ///
  /// - Throws: `ArtifactError`, also if the file has no complete provenance, as a file from elsewhere may.
  package init(reading path: String) throws(ArtifactError) {
    let (contents, schema) = try ArtifactContents.load(path, as: nil)
    try schema.validate(contents, file: path)
    self = try Provenance(ValidatedContents(file: path, contents: contents))
  }

  /// The digests of input files, by role: what `inputs` holds.
  ///
  /// The digest of a sealed file is the one in its seal: the SHA-256 of what follows byte 512. It is checked when the file
  /// is read. The digest of a file from elsewhere is the SHA-256 of all its bytes.
  ///
  /// - Parameter files: the path of each input by its role.
  /// - Throws: `ArtifactError.unreadable` if one cannot be read.
  package static func digests(of files: [String: String]) throws(ArtifactError) -> [String: String] {
    var digests: [String: String] = [:]
    for (role, path) in files.sorted(by: { $0.key < $1.key }) {
      try requireRegularFile(path)
      if let digest = try Seal.digest(in: path) {
        digests[role] = digest
        continue
      }
      do {
        digests[role] = try SHA256.digest(ofFile: path)
      } catch {
        throw .unreadable(file: path, reason: error.reason)
      }
    }
    return digests
  }

  /// Reads the attributes of `/provenance`.
  init(_ contents: ValidatedContents) throws(ArtifactError) {
    let attributes = contents.contents.attributes[Self.group] ?? [:]
    func text(_ name: String) throws(ArtifactError) -> String {
      guard case .string(let text)? = attributes[name] else {
        throw contents.mismatch("\(Self.group)@\(name)", expected: "a string", found: "nothing")
      }
      return text
    }
    guard case .strings(let lines)? = attributes["libraries"] else {
      throw contents.mismatch("\(Self.group)@libraries", expected: "a list of strings", found: "nothing")
    }
    var libraries: [String: String] = [:]
    for line in lines {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else {
        throw contents.mismatch("\(Self.group)@libraries", expected: "name: version", found: line)
      }
      libraries[String(parts[0])] = String(parts[1].drop { $0 == " " })
    }
    var inputs: [String: String] = [:]
    for case (let name, .string(let digest)) in attributes
    where name.hasPrefix(Self.inputPrefix) && name.hasSuffix(Self.inputSuffix) {
      inputs[String(name.dropFirst(Self.inputPrefix.count).dropLast(Self.inputSuffix.count))] = digest
    }
    self.init(
      stage: try text("stage"), stageVersion: try contents.integer("stage_version", of: Self.group),
      gitCommit: try text("git_commit"), gitDirty: try contents.integer("git_dirty", of: Self.group) != 0,
      toolchain: try text("toolchain"), libraries: libraries,
      seed: try contents.integer("seed", of: Self.group),
      config: try text("config"), inputs: inputs)
  }

  /// Adds the attributes of `/provenance`.
  func add(to contents: inout ArtifactContents) {
    contents.attributes[Self.group] = [
      "stage": .string(stage),
      "stage_version": .integer(Int64(stageVersion)),
      "git_commit": .string(gitCommit),
      "git_dirty": .integer(gitDirty ? 1 : 0),
      "toolchain": .string(toolchain),
      "libraries": .strings(libraries.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }),
      "seed": .integer(Int64(seed)),
      "config": .string(config),
    ]
    for (role, digest) in inputs {
      contents.add(attribute: Self.inputPrefix + role + Self.inputSuffix, of: Self.group, .string(digest))
    }
  }

  private static let group = "/provenance"
  private static let inputPrefix = "input_"
  private static let inputSuffix = "_sha256"
}
