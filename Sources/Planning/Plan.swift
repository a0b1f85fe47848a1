internal import Configuration
internal import Foundation
internal import Pipeline
internal import Spelling
internal import Training

/// Predicts what running a benchmark takes: environment steps, wall time, memory and disk per stage.
///
/// A small run is played in a temporary folder (`Rehearsal`); the runs folder is only read.
///
/// - Parameters:
///   - threads: the number of threads, which is also that of the task sets trained at once.
///   - run: the run folder, with `seed-<s>/` below; nil if nothing is to be looked at.
/// - Returns: a table, then lines that say what it rests on.
/// - Throws: `ConfigurationError`, and what the stages throw.
package func planText(
  of path: String, profile: String?, seeds: [UInt64], threads: Int, run: String?
) throws -> String {
  let workload = try Workload(reading: path, profile: profile)
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pgx-plan-\(UUID())").path
  defer { try? FileManager.default.removeItem(atPath: folder) }
  var watch = Stopwatch()
  let rehearsal = try Rehearsal(folder: folder, threads: threads) {
    try workload.small(profile: profile, iterations: $0, threads: threads)
  }
  let plan = try seeds.flatMap { seed in
    try plannedArtifacts(
      RunFiles(seed: seed, folder: run.map { "\($0)/seed-\(seed)" }, workload: workload), rehearsal)
  }
  return planTable(plan, workload, seeds: seeds.count, threads: threads, seconds: watch.lap())
}

/// The artifacts of one run, in the order in which they are made.
private func plannedArtifacts(_ run: RunFiles, _ rehearsal: Rehearsal) throws -> [PlannedArtifact] {
  var plan: [PlannedArtifact] = []
  for stage in Stage.pipeline {
    guard let play = rehearsal.plays[stage] else { continue }
    if stage == .fullTrainEval { plan += try plannedSets(run, rehearsal) }
    let inputs = plan.filter { stage.inputs.contains($0.stage) }
    var artifact = try PlannedArtifact(
      stage, run.workload.work(of: stage), like: play, rehearsal,
      inputBytes: inputs.reduce(0) { $0 + $1.bytes })
    artifact.isUpToDate =
      run.isUpToDate(stage) && plan.allSatisfy { $0.stage != stage || $0.isUpToDate }
    plan.append(artifact)
  }
  return plan
}

/// The task sets of one run. All that a set takes is linear in its size.
private func plannedSets(_ run: RunFiles, _ rehearsal: Rehearsal) throws -> [PlannedArtifact] {
  guard let (one, all) = rehearsal.sets, let most = all.work.lengths["task"] else { return [] }
  func planned(_ members: [Int], like play: Play) throws -> PlannedArtifact {
    try PlannedArtifact(.fullTrainEval, run.workload.work(ofSet: members), like: play, rehearsal)
  }
  let (low, high) = (try planned([0], like: one), try planned(Array(0..<most), like: all))
  return try run.taskSets().map { set in
    let share = Double(set.members.count - 1) / Double(most - 1)
    var artifact = low
    for value in [\PlannedArtifact.seconds, \.memory, \.bytes] {
      artifact[keyPath: value] += share * (high[keyPath: value] - low[keyPath: value])
    }
    artifact.work = run.workload.work(ofSet: set.members)
    artifact.isUpToDate = run.isUpToDate(.cluster) && run.isUpToDate(set)
    artifact.isParallel = true
    return artifact
  }
}

/// The planned artifacts as a table for people, a row per stage and their sum, and lines that say what it rests on:
/// `seconds` of measuring.
private func planTable(
  _ plan: [PlannedArtifact], _ workload: Workload, seeds: Int, threads: Int, seconds: Double
) -> String {
  func time(_ stages: [[PlannedArtifact]]) -> Double {
    stages.reduce(0) { $0 + $1.seconds(threads: threads) }
  }
  func row(_ name: String, _ stages: [[PlannedArtifact]], _ state: ([[PlannedArtifact]]) -> String)
    -> [String]
  {
    let artifacts = stages.flatMap { $0 }
    let steps = artifacts.reduce(0) { $0 + $1.work.environmentSteps }
    let left = stages.map { $0.filter { !$0.isUpToDate } }
    return [
      name, steps > 0 ? grouped(steps) : "–", timeText(time(stages)),
      bytesText(stages.map { $0.memory(threads: threads) }.max() ?? 0),
      bytesText(artifacts.reduce(0) { $0 + $1.bytes }),
      left.allSatisfy(\.isEmpty) ? "up to date" : state(left),
    ]
  }
  let stages = Stage.pipeline.map { stage in plan.filter { $0.stage == stage } }.filter { !$0.isEmpty }
  var rows = [["stage", "environment steps", "wall time", "memory", "disk", "state"]]
  for stage in stages {
    rows.append(
      row(stage[0].stage.rawValue, [stage]) {
        stage.count == 1 ? "to do" : "\($0[0].count) of \(stage.count) files to do"
      })
  }
  rows.append(row("all", stages) { "\(timeText(time($0))) to go" })
  let work = "\(seeds) \(seeds == 1 ? "seed" : "seeds") and \(threads) \(threads == 1 ? "thread" : "threads")"
  let evaluation = grouped(plan.reduce(0) { $0 + $1.work.evaluationSteps })
  let guess = """
    Until cluster has run, the task sets are guessed: \(workload.groupingCount) groupings, \
    \(workload.groupCount) groups of equal size.

    """
  return """
    \(aligned(rows))\
    For \(work), from \(timeText(seconds)) of measuring on this machine as busy as it is now.
    Environment steps are those of the budgets; evaluation episodes add at most \(evaluation). Memory is the most at once.
    Building, reports, logs and checkpoints are not counted, and work that checkpoints have saved is not subtracted.

    """ + (plan.contains { $0.stage == .cluster && !$0.isUpToDate } ? guess : "")
}
