internal import Artifacts
internal import Configuration
internal import Foundation
internal import Logging
internal import Training

/// Keeps what a stage has done so far beside its artifact, so that the same command goes on from there.
///
/// `X.checkpoint.h5` is the latest state of the stage that makes `X.h5`, `X.checkpoint-previous.h5` the one before; both
/// are sealed as artifacts are, and written whole or not at all. Their provenance says what they are a state of: one of
/// another configuration, stage version, seed, input or library is never gone on with, but kept as
/// `X.checkpoint-aside-<n>.h5`.
final class Checkpoints<Section: StageSection, Saved: Artifact> {
  private let context: StageContext<Section>
  private let files: CheckpointFiles
  /// The digests of the files that the artifact is made from, by role.
  private let inputs: [String: String]
  private var nextTime: ContinuousClock.Instant

  /// The largest share of the time that is spent on checkpoints, whatever the interval.
  private static var largestShare: Double { 0.02 }
  /// What the first one is taken to cost, seconds.
  private static var expectedCost: Double { 0.01 }

  /// Checkpoints of a stage, made from these files by role; from now on it has to call `offer` where it can be stopped.
  ///
  /// - Throws: `ArtifactError` for an input that cannot be read.
  init(_ context: StageContext<Section>, inputs: [String: String]) throws {
    self.context = context
    files = CheckpointFiles(of: context.output)
    self.inputs = try Provenance.digests(of: inputs)
    nextTime = .now + .seconds(Self.pause(context.checkpointInterval, after: Self.expectedCost))
    context.interruption.becomePatient()
  }

  /// The state to go on from, and a line that says so; nil to begin.
  ///
  /// The latest checkpoint, the one before if that cannot be read, or one that was set aside earlier. Whatever cannot be
  /// gone on with is set aside, with a line that says why.
  ///
  /// - Parameter progress: says where a checkpoint stands ("12800 of 20480 steps"); nil if it is none of this work.
  func latest(_ progress: (Saved) -> String?) throws -> Saved? {
    var isAnyUnfit = false
    let earlier = files.asides
    for path in files.both where FileManager.default.fileExists(atPath: path) {
      do {
        return try read(path, progress)
      } catch {
        // Left in its place, it would push a good one out of its own at the next save.
        try setAside(path, "\(error)")
        isAnyUnfit = true
      }
    }
    // A configuration that was changed and changed back finds its own again.
    for path in earlier {
      guard let saved = try? read(path, progress) else { continue }
      try files.move(path, to: files.newest)
      return saved
    }
    if isAnyUnfit { context.logger.warning("begins anew") }
    return nil
  }

  /// The state of a file, if it can be gone on with, and a line that says so.
  private func read(_ path: String, _ progress: (Saved) -> String?) throws -> Saved {
    let saved = try Saved(reading: path)
    let difference = Self.difference(
      between: try Provenance(reading: path), and: context.provenance(inputs: inputs))
    guard difference == nil, let place = progress(saved) else {
      throw ProgramError.input(
        file: path, reason: "is of another run (\(difference ?? "other tasks or sizes"))")
    }
    context.logger.info("goes on from \(path): \(place)")
    return saved
  }

  /// Saves the state if it is time to, or if the program was asked to stop; `progress` says in words where it stands.
  ///
  /// - Throws: `ProgramError.stopped` once the state is saved of a program that was asked to stop; `ArtifactError` if it
  ///   cannot be saved then. At other times a checkpoint that cannot be written is only warned of.
  func offer(_ progress: @autoclosure () -> String, _ state: () -> Saved) throws {
    let isRequested = context.interruption.isRequested
    let start = ContinuousClock.now
    guard isRequested || start >= nextTime else { return }
    do {
      try context.profile.measure(.checkpoints) { try save(state()) }
    } catch let error as ArtifactError where !isRequested {
      context.logger.warning("no checkpoint: \(error)")
    }
    if isRequested {
      throw ProgramError.stopped(
        "\(context.logger.label): stopped at \(progress()); the same command goes on from there")
    }
    let end = ContinuousClock.now
    nextTime = end + .seconds(Self.pause(context.checkpointInterval, after: (end - start) / .seconds(1)))
  }

  /// The seconds between two checkpoints of which the last has taken `cost` seconds.
  private static func pause(_ interval: Double, after cost: Double) -> Double {
    interval == 0 ? 0 : max(interval, cost / largestShare)
  }

  /// Sets the checkpoints aside, for a state that turned out to be none of this work.
  func reject(_ reason: String) throws {
    for path in files.both where FileManager.default.fileExists(atPath: path) {
      try setAside(path, "\(path): \(reason)")
    }
    context.logger.warning("begins anew")
  }

  private func setAside(_ path: String, _ reason: String) throws {
    let place = try files.setAside(path)
    context.logger.warning("\(reason); it is kept as \(place)")
  }

  /// The file of the latest state; nil if none has been saved.
  var present: String? { files.both.first(where: FileManager.default.fileExists(atPath:)) }

  /// A kill between the two steps leaves the one before; a kill within the second one too.
  private func save(_ state: Saved) throws {
    if rename(files.newest, files.previous) != 0, errno != ENOENT {
      throw ArtifactError.unwritable(file: files.previous, reason: String(cString: strerror(errno)))
    }
    try state.write(to: files.newest, provenance: context.provenance(inputs: inputs))
  }

  /// What keeps a state of the first provenance from being gone on with under the second; nil for nothing.
  private static func difference(between found: Provenance, and expected: Provenance) -> String? {
    if found.stage != expected.stage { return "it is of \(found.stage)" }
    if found.stageVersion != expected.stageVersion {
      return "of version \(found.stageVersion) of the stage, now \(expected.stageVersion)"
    }
    if found.config != expected.config {
      func trimmed(_ line: Substring) -> String { line.trimmingCharacters(in: .whitespaces) }
      let lines = (found.config.split(separator: "\n"), expected.config.split(separator: "\n"))
      let pair = zip(lines.0, lines.1).first { $0 != $1 }
      return pair.map { "its configuration has \"\(trimmed($0.0))\", now \"\(trimmed($0.1))\"" }
        ?? "its configuration has \(lines.0.count) lines, now \(lines.1.count)"
    }
    func firstDifference(_ a: [String: String], _ b: [String: String]) -> String? {
      Set(a.keys).union(b.keys).sorted().first { a[$0] != b[$0] }
    }
    if let role = firstDifference(found.inputs, expected.inputs) {
      return "the input \(role) has other bytes"
    }
    if let name = firstDifference(found.libraries, expected.libraries) {
      return "\(name) was \(found.libraries[name] ?? "absent"), now \(expected.libraries[name] ?? "absent")"
    }
    return found.toolchain == expected.toolchain
      ? nil : "built by \(found.toolchain), now \(expected.toolchain)"
  }
}
