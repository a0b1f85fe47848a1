package import Artifacts
package import Configuration
internal import Digest
internal import Foundation
internal import Statistics

/// The truth of one seed, as it stands in a folder.
package struct TruthFolder: Sendable {
  /// The slice of the truth.
  package let slice: Slice<TruthSection>
  /// The folder with the files of the sets.
  package let folder: String

  /// The truth in `<run>/truth` under the slice in `<run>/config`.
  ///
  /// - Throws: `ConfigurationError`.
  package init(ofRun run: String) throws {
    slice = try Slice(reading: "\(run)/config/\(Stage.truth.rawValue).yaml")
    folder = "\(run)/\(Stage.truth.rawValue)"
  }

  /// What the truths of two seeds have in common if they can be merged.
  fileprivate var settings: [Substring] {
    slice.text.split(separator: "\n").filter { !$0.hasPrefix("seed: ") }
  }
}

/// Merges the files of the sets, over seeds and kinds of start. What was not trained is NaN.
///
/// - Parameter folders: one for each seed, of the same configuration.
/// - Returns: the truth, its provenance, and a line for each run that lacks sets; a run that has none is left out.
/// - Throws: `ProgramError` for folders that do not fit each other or hold nothing, `ArtifactError` for an unfit file.
package func mergeTruth(
  _ folders: [TruthFolder]
) throws -> (artifact: TruthArtifact, provenance: Provenance, missing: [String]) {
  guard let first = folders.first else { throw ProgramError.usage("name at least one run") }
  let body = first.slice.body
  let sets = try truthSets(body.section, taskCount: body.tasks.count)
  var truth = TruthArtifact {
    $0.tasks = body.tasks.map(\.name)
    $0.subsets = sets.map(\.members)
    $0.entrySubset = sets.enumerated().flatMap { number, set in set.members.map { _ in Int32(number) } }
    $0.entryTask = sets.flatMap { $0.members.map { Int32($0) } }
    $0.fractions = truthFractions
  }
  var (missing, digests, origin): ([String], [String], Provenance?) = ([], [], nil)
  for folder in folders {
    guard folder.settings == first.settings else {
      throw ProgramError.input(
        file: folder.folder, reason: "is of another configuration than \(first.folder); merge them apart")
    }
    for kind in TruthRunKind.all(body.section, starts: SetTrainingSection.Start.allCases) {
      var run = TruthRun(
        entries: truth.entryTask.count, tasks: body.tasks.count, episodes: body.section.evaluationEpisodes)
      for set in sets {
        let job = TruthJob(run: kind, set: set)
        let file = "\(folder.folder)/\(job.fileName)"
        guard FileManager.default.fileExists(atPath: file) else {
          run.skip(set)
          continue
        }
        let made = try SetTruthArtifact(reading: file)
        let provenance = try Provenance(reading: file)
        try require(made, provenance, from: file, isOf: job, in: folder)
        run.add(made)
        digests.append(try Provenance.digests(of: ["set": file])["set"] ?? "")
        origin = origin ?? provenance
      }
      guard run.absent < sets.count else { continue }
      if run.absent > 0 {
        missing.append(
          "seed \(folder.slice.seed), \(kind.folder): \(run.absent) of \(sets.count) sets are not trained"
        )
      }
      truth.starts.append(kind.start.rawValue)
      truth.numbers.append(Int64(kind.number))
      truth.seeds.append(Int64(folder.slice.seed))
      truth.stepsPerTask.append(run.stepsPerTask)
      truth.returns += run.returns
      truth.curve += run.curve
      truth.randomReturns += run.random
    }
  }
  guard var provenance = origin else {
    throw ProgramError.input(file: first.folder, reason: "holds no trained set; `truth train` makes them")
  }
  provenance.config = first.slice.text
  provenance.inputs = ["sets": SHA256.digest(of: Array(digests.joined(separator: "\n").utf8))]
  return (truth, provenance, missing)
}

/// The numbers of one kind of start with one seed, filled in set by set.
private struct TruthRun {
  /// Return of each entry and episode, shape (entries, E).
  var returns: [Float]
  /// Mean return of each entry along the training, shape (entries, points).
  var curve: [Float]
  /// Mean return of random actions, shape (n).
  var random: [Double]
  /// Environment steps per task.
  var stepsPerTask: Int64 = 0
  /// Sets without a file.
  var absent = 0
  /// The entry that comes next.
  private var entry = 0
  private let episodes: Int

  /// Nothing but NaN.
  init(entries: Int, tasks: Int, episodes: Int) {
    returns = [Float](repeating: .nan, count: entries * episodes)
    curve = [Float](repeating: .nan, count: entries * truthFractions.count)
    random = [Double](repeating: .nan, count: tasks)
    self.episodes = episodes
  }

  /// Leaves the next set out.
  mutating func skip(_ set: TaskSet) {
    absent += 1
    entry += set.members.count
  }

  /// Fills in the next set.
  mutating func add(_ made: SetTruthArtifact) {
    let points = truthFractions.count
    stepsPerTask = (made.steps.last ?? 0) / Int64(made.tasks.count)
    for (k, task) in made.taskIndices.enumerated() {
      for point in 0..<points {
        let values = made.returns[
          (point * made.tasks.count + k) * episodes..<(point * made.tasks.count + k + 1) * episodes]
        curve[entry * points + point] = Float(mean(values.map { Double($0) }))
        if point == points - 1 {
          returns.replaceSubrange(entry * episodes..<(entry + 1) * episodes, with: values)
        }
      }
      random[Int(task)] = mean(made.randomReturns[k * episodes..<(k + 1) * episodes].map { Double($0) })
      entry += 1
    }
  }
}

/// Refuses a file that is not of this training, configuration and seed.
private func require(
  _ made: SetTruthArtifact, _ provenance: Provenance, from file: String, isOf job: TruthJob,
  in folder: TruthFolder
) throws {
  func check(_ object: String, _ expected: String, _ found: String) throws {
    guard expected == found else {
      throw ArtifactError.mismatch(file: file, object: object, expected: expected, found: found)
    }
  }
  let section = folder.slice.body.section
  try check("/tasks", "\(job.set.members)", "\(made.taskIndices)")
  try check("@start", job.run.start.rawValue, made.start)
  try check("@repeat", "\(job.run.number)", "\(made.number)")
  try check(
    "/return", "\(truthFractions.count) points of \(section.evaluationEpisodes) episodes",
    "\(made.steps.count) points of \(made.episodeCount) episodes")
  try check("/provenance@seed", "\(folder.slice.seed)", "\(provenance.seed)")
  try check(
    "/provenance@config", Stage.truth.trainingText(of: folder.slice.text), provenance.config)
}
