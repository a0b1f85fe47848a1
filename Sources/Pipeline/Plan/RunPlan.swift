internal import Artifacts
internal import Configuration
internal import Environments
internal import Foundation
internal import Random
internal import Training

/// Predicts what running a benchmark takes: environment steps, wall time, memory and disk per stage.
///
/// It trains the benchmark's tasks for about a second and plays the stages between the trainings on little data, in a
/// temporary folder; of the runs folder it reads only.
///
/// - Parameters:
///   - path: the benchmark file.
///   - profile: the profile to lay over it; nil for none.
///   - seeds: the seeds of the runs.
///   - threads: the number of threads, which is also that of the task sets trained at once.
///   - run: the run folder, with `seed-<s>/` below; nil if nothing is to be looked at.
/// - Returns: a table, then lines that say what it rests on.
/// - Throws: `ConfigurationError`, and what the stages throw.
package func planText(
  of path: String, profile: String?, seeds: [UInt64], threads: Int, run: String?
) throws -> String {
  let configuration = try BenchmarkConfiguration(reading: path, profile: profile)
  let registry = try standardRegistry()
  let workload = Workload(
    configuration: configuration, tasks: try registry.resolve(configuration.learner.tasks, file: path))
  let folder = try temporaryFolder()
  defer { try? FileManager.default.removeItem(atPath: folder) }
  var watch = Stopwatch()
  let forecast = try Forecast(workload, registry: registry, folder: folder, threads: threads)
  let plans = try forecast.plans(seeds: seeds, run: run, folder: folder)
  return planTable(plans, seeds: seeds.count, threads: threads, seconds: watch.lap())
    + planNotes(plans, workload)
}

extension Forecast {
  /// Measures all that a forecast needs.
  init(_ workload: Workload, registry: TaskRegistry, folder: String, threads: Int) throws {
    var rehearsal = try Rehearsal(workload.rehearsed(), folder: folder, threads: threads)
    if workload.taskCount > 1 { try rehearsal.playSampleSubsets() }
    let probe = try TrainingProbe(rehearsal.workload, registry: registry, threads: threads)
    if workload.taskCount > 1 { try rehearsal.playEstimate(probe.trained) }
    self.init(
      workload: workload, rehearsal: rehearsal, probe: probe, threads: threads,
      resampling: secondsPerResample(
        tasks: workload.taskCount, episodes: workload.configuration.fullTrainEval.evaluationEpisodes))
  }

  /// The plans of all stages, over all seeds.
  ///
  /// - Parameter folder: where artifacts may be made to see how large they are.
  func plans(seeds: [UInt64], run: String?, folder: String) throws -> [StagePlan] {
    let files = seeds.map { seed in
      RunFiles(
        folder: run.map { "\($0)/seed-\(seed)" },
        slices: Dictionary(
          uniqueKeysWithValues: Stage.allCases.map { ($0, workload.slice(of: $0, seed: seed)) }))
    }
    func upToDate(_ stage: Stage) -> [Bool] { files.map { $0.isUpToDate(stage) } }
    let metaTrain = metaTrain(upToDate: upToDate(.metaTrain), bytes: try metaTrainBytes(folder))
    // A benchmark of one task is for meta-train alone.
    guard workload.taskCount > 1 else { return [metaTrain] }
    let between: [Stage] = [.collectGradients, .sampleSubsets, .linearizedAdapt, .score, .cluster]
    return try [metaTrain] + between.map { try estimate($0, upToDate: upToDate($0)) }
      + [fullTrainEval(seeds: seeds, files: files, folder: folder)]
  }
}

/// A new folder for temporary files.
private func temporaryFolder() throws -> String {
  let pattern = FileManager.default.temporaryDirectory.appendingPathComponent("pgx-plan-XXXXXX").path
  var path = pattern.utf8CString
  let made = path.withUnsafeMutableBufferPointer { $0.baseAddress.flatMap { mkdtemp($0) } != nil }
  guard made else { throw OutputError(file: pattern, reason: String(cString: strerror(errno))) }
  return String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
