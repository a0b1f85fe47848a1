internal import Artifacts
internal import Configuration
internal import Foundation

/// What `pgx golden` says, in one line, and its exit status: 0 for equal digests or recorded ones, 1 for results that
/// differ, 69 for a difference that says nothing because the digests were made with other libraries.
package typealias GoldenVerdict = (text: String, status: Int32)

/// Compares the contents of a run's artifacts with golden digests.
///
/// A stage whose results change has to have its version raised, so a digest that changed although neither the version
/// nor the content of an input did is told apart from others.
///
/// - Parameters:
///   - run: the run's folder: the smoke profile with seed 0 and the common kernels.
///   - record: whether the file is written anew, which is refused for such a digest.
///   - force: whether such a digest is recorded too.
/// - Throws: `ArtifactError` for a run that is not whole, `ProgramError` for golden digests that are missing or none.
package func compareWithGolden(
  benchmark: String, run: String, file: String, record: Bool, force: Bool
) throws -> GoldenVerdict {
  let recording = "make benchmark=\(benchmark) golden record=1"
  let raising = "raise it in Sources/Configuration/Stage.swift, say so in CHANGELOG.md, then \(recording)"
  let found = try DigestList(ofRun: run)
  let stored = FileManager.default.contents(atPath: file)
  guard record || stored != nil else {
    throw ProgramError.usage("\(benchmark) has no golden digests in \(file); \(recording) makes them")
  }
  let golden =
    try stored.map { try DigestList(reading: String(decoding: $0, as: UTF8.self), file: file) }
    ?? DigestList(entries: [], libraries: found.libraries)
  let (differing, unversioned) = found.differences(from: golden)
  let here = Set(found.libraries)
  let foreign = here.symmetricDifference(golden.libraries).sorted()
    .map { here.contains($0) ? "\($0) (here)" : $0 }.joined(separator: "; ")
  if record {
    if let unversioned, foreign.isEmpty, !force {
      let exception =
        "if nobody has results of that version yet, or if the benchmark's configuration is what changed"
      return ("\(unversioned): \(raising) (force=1 \(exception))", 1)
    }
    let header = """
      # The content digests (pgx digest) of make benchmark=\(benchmark) profile=smoke seed=0 kernels=common all,
      # written by \(recording),

      """
    let lines = found.libraries.map { "# with \($0)\n" } + found.entries.map { "\($0.line)\n" }
    try writeSmallFile(header + lines.joined(), to: file)
    let count = "\(found.entries.count) digests of \(benchmark), \(differing.count) of them new or changed"
    return ("recorded \(count), in \(file)", 0)
  }
  guard let first = differing.first else {
    let equal = "\(found.entries.count) artifacts of \(benchmark) have the content of their golden digests"
    return (
      "\(equal) (seed 0, kernels=common)\(foreign.isEmpty ? "" : ", though libraries differ: \(foreign)")", 0
    )
  }
  guard foreign.isEmpty else {
    let remedy = "compare where they are equal, or record=1 here on the commit that the digests come from"
    let reason = "which says nothing because the digests were made with other libraries"
    return ("\(first), \(reason): \(foreign); \(remedy)", 69)
  }
  return (unversioned.map { "\($0): \(raising)" } ?? "\(first): record new digests with \(recording)", 1)
}

/// The digests of a run's artifacts in the order in which they are made, and the libraries they were made with.
private struct DigestList {
  struct Entry {
    let digest: String
    let stage: String
    let version: Int
    let name: String
    /// As in the file.
    var line: String { "\(digest)  \(stage)  \(version)  \(name)" }
  }

  let entries: [Entry]
  /// "name: version" of each.
  let libraries: [String]
}

extension DigestList {
  /// Digests a run's artifacts. The policies of task sets are left out: the sets' evaluations hold them too.
  init(ofRun run: String) throws {
    let (names, folder) = (Stage.pipeline.map(\.artifactName), Stage.fullTrainEval.rawValue)
    let sets = ((try? FileManager.default.contentsOfDirectory(atPath: "\(run)/\(folder)")) ?? [])
      .filter { $0.hasSuffix(".h5") }.map { "\(folder)/\($0)" }.sorted()
    entries = try (names.dropLast() + sets + names.suffix(1)).map { name in
      let content = try Inspection.contentDigest(of: "\(run)/\(name)")
      let version = Int(content.stageVersion ?? 0)
      return Entry(digest: content.digest, stage: content.stage ?? "-", version: version, name: name)
    }
    libraries = try Provenance(reading: "\(run)/\(names[0])").libraries.map { "\($0.key): \($0.value)" }
      .sorted()
  }

  /// Reads a file of golden digests.
  init(reading text: String, file: String) throws {
    let lines = text.split(separator: "\n")
    libraries = lines.filter { $0.hasPrefix("# with ") }.map { String($0.dropFirst(7)) }
    entries = try lines.filter { !$0.hasPrefix("#") }.map { line in
      let words = line.split(separator: " ").map(String.init)
      guard words.count == 4, let version = Int(words[2]) else {
        throw ProgramError.input(
          file: file, reason: "has a line that is no digest, stage, version and artifact: \(line)")
      }
      return Entry(digest: words[0], stage: words[1], version: version, name: words[3])
    }
  }

  /// What there is to say of every artifact that differs, and of the first whose content changed although neither its
  /// stage's version nor an input did.
  func differences(from golden: DigestList) -> (all: [String], unversioned: String?) {
    var old = Dictionary(golden.entries.map { ($0.name, $0) }) { $1 }
    var (changed, all, unversioned): (Set<String>, [String], String?) = ([], [], nil)
    for entry in entries {
      let (before, name) = (old.removeValue(forKey: entry.name), entry.name)
      guard let before else {
        all.append("\(name) has no golden digest")
        continue
      }
      let versions = "from \(before.version) to \(entry.version)"
      if entry.digest != before.digest {
        let text = "\(name) has other content than its golden digest"
        let isRaised = entry.version > before.version
        all.append(text + (isRaised ? ", and its stage's version was raised \(versions)" : ""))
        if !isRaised, changed.isDisjoint(with: inputs(of: name)) {
          unversioned = unversioned ?? "\(text), but the stage's version is still \(entry.version)"
        }
        changed.insert(name)
      } else if entry.version != before.version {
        all.append(
          "\(name) has the content of its golden digest, but its stage's version was changed \(versions)")
      }
    }
    return (all + old.keys.sorted().map { "the run has no \($0)" }, unversioned)
  }

  /// The artifacts whose content goes into an artifact. Task sets are trained from the configuration alone.
  private func inputs(of name: String) -> [String] {
    guard let stage = Stage.pipeline.first(where: { $0.artifactName == name }) else { return [] }
    let sets = stage == .fullTrainEval ? entries.map(\.name).filter { $0.contains("/") } : []
    return stage.inputs.map(\.artifactName) + sets
  }
}
