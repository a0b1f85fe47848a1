internal import Artifacts
internal import Configuration
internal import Foundation

/// What `pgx golden` has found.
package struct GoldenVerdict {
  /// What there is to say, in one line.
  package let text: String
  /// 0 for equal digests or recorded ones, 1 for results that differ, 69 for a difference that says nothing because the
  /// digests were made with other libraries.
  package let status: Int32
}

/// Compares the contents of a run's artifacts with golden digests.
///
/// A stage whose results change has to have its version raised, so a digest that changed although neither the version
/// nor the content of an input did is told apart from others.
package struct GoldenDigests {
  private let benchmark: String
  private let file: String
  private let found: DigestList
  private let golden: DigestList?
  private let recording: String

  /// Reads a run and the file of its benchmark's golden digests, if there is one.
  ///
  /// - Parameters:
  ///   - run: the run's folder: the smoke profile with seed 0 and the common kernels.
  ///   - file: the golden digests.
  /// - Throws: `ArtifactError` for a run that is not whole, `InputError` for a file of something else.
  package init(benchmark: String, run: String, file: String) throws {
    (self.benchmark, self.file) = (benchmark, file)
    recording = "make benchmark=\(benchmark) golden record=1"
    found = try DigestList(ofRun: run)
    golden = try FileManager.default.contents(atPath: file).map {
      try DigestList(reading: String(decoding: $0, as: UTF8.self), file: file)
    }
  }

  /// Compares.
  ///
  /// - Throws: `UsageError` if there are no golden digests.
  package func compare() throws -> GoldenVerdict {
    guard golden != nil else {
      throw UsageError("\(benchmark) has no golden digests in \(file); \(recording) makes them")
    }
    let (differing, unversioned, versioned) = differences
    if differing == 0 {
      let libraries = foreign.isEmpty ? "" : ", though libraries differ: \(foreign)"
      return GoldenVerdict(
        text: "\(found.entries.count) artifacts of \(benchmark) have the content of their golden digests "
          + "(seed 0, kernels=common)\(libraries)", status: 0)
    }
    if !foreign.isEmpty {
      return GoldenVerdict(
        text:
          "\(versioned), which says nothing because the digests were made with other libraries: \(foreign); "
          + "compare where they are equal, or record=1 here on the commit that the digests come from",
        status: 69)
    }
    return GoldenVerdict(
      text: unversioned.map { "\($0): \(raising)" } ?? "\(versioned): record new digests with \(recording)",
      status: 1)
  }

  /// Writes the file anew.
  ///
  /// - Parameter force: whether a digest that changed under an unchanged version may be recorded.
  /// - Throws: `OutputError`.
  package func record(force: Bool) throws -> GoldenVerdict {
    let (differing, unversioned, _) = differences
    if let unversioned, foreign.isEmpty, !force {
      return GoldenVerdict(
        text:
          "\(unversioned): \(raising) (force=1 if nobody has results of that version yet, or if the benchmark's "
          + "configuration is what changed)", status: 1)
    }
    let lines =
      [
        "# The content digests (pgx digest) of make benchmark=\(benchmark) profile=smoke seed=0 kernels=common all,",
        "# written by \(recording),",
      ] + found.libraries.map { "# with \($0)" } + found.entries.map(\.line)
    try writeSmallFile(lines.joined(separator: "\n") + "\n", to: file)
    return GoldenVerdict(
      text:
        "recorded \(found.entries.count) digests of \(benchmark), \(differing) of them new or changed, in \(file)",
      status: 0)
  }

  private var raising: String {
    "raise it in Sources/Configuration/Stage.swift, say so in CHANGELOG.md, then \(recording)"
  }

  /// The libraries that only one of both lists has.
  private var foreign: String {
    let (there, here) = (Set(golden?.libraries ?? found.libraries), Set(found.libraries))
    return there.symmetricDifference(here).sorted().map { here.contains($0) ? "\($0) (here)" : $0 }
      .joined(separator: "; ")
  }

  /// How many artifacts differ; what there is to say of the first whose content changed although neither its stage's
  /// version nor an input did; and of the first that differs in any way.
  private var differences: (count: Int, unversioned: String?, first: String) {
    var old = Dictionary((golden?.entries ?? []).map { ($0.name, $0) }) { $1 }
    var changed: Set<String> = []
    var (unversioned, said): (String?, [String]) = (nil, [])
    for entry in found.entries {
      guard let before = old.removeValue(forKey: entry.name) else {
        said.append("\(entry.name) has no golden digest")
        continue
      }
      if entry.digest != before.digest {
        changed.insert(entry.name)
        let text = "\(entry.name) has other content than its golden digest"
        let raised = ", and its stage's version was raised from \(before.version) to \(entry.version)"
        said.append(text + (entry.version > before.version ? raised : ""))
        if entry.version <= before.version, changed.isDisjoint(with: found.inputs(of: entry.name)) {
          unversioned = unversioned ?? "\(text), but the stage's version is still \(entry.version)"
        }
      } else if entry.version != before.version {
        said.append(
          "\(entry.name) has the content of its golden digest, but its stage's version was changed from "
            + "\(before.version) to \(entry.version)")
      }
    }
    said += old.keys.sorted().map { "the run has no \($0)" }
    return (said.count, unversioned, said.first ?? "")
  }
}

/// The digests of a run's artifacts in the order in which they are made, and the libraries they were made with.
private struct DigestList {
  /// The digest of an artifact, with its stage and the stage's version.
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

  /// Digests a run's artifacts. The policies of task sets are left out: the sets' evaluations hold them too.
  init(ofRun run: String) throws {
    let folder = Stage.fullTrainEval.rawValue
    let sets = (try? FileManager.default.contentsOfDirectory(atPath: "\(run)/\(folder)"))?
      .filter { $0.hasSuffix(".h5") }.map { "\(folder)/\($0)" }.sorted()
    let names = Stage.allCases.map(\.artifactName)
    entries = try (names.dropLast() + (sets ?? []) + names.suffix(1)).map { name in
      let content = try Inspection.contentDigest(of: "\(run)/\(name)")
      return Entry(
        digest: content.digest, stage: content.stage ?? "-", version: Int(content.stageVersion ?? 0),
        name: name)
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
        throw InputError(
          file: file, reason: "has a line that is no digest, stage, version and artifact: \(line)")
      }
      return Entry(digest: words[0], stage: words[1], version: version, name: words[3])
    }
  }

  /// The artifacts whose content goes into an artifact. Task sets are trained from the configuration alone.
  func inputs(of name: String) -> [String] {
    guard let stage = Stage.allCases.first(where: { $0.artifactName == name }) else { return [] }
    let sets = stage == .fullTrainEval ? entries.map(\.name).filter { $0.contains("/") } : []
    return stage.inputs.map(\.artifactName) + sets
  }
}
