internal import Configuration
internal import Pipeline
internal import Spelling

/// The planned artifacts as a table for people, a row per stage and their sum, and lines that say what it rests on.
///
/// - Parameters:
///   - seeds: the number of seeds.
///   - seconds: how long it took to measure.
func planTable(
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
  let stages = Stage.allCases.map { stage in plan.filter { $0.stage == stage } }.filter { !$0.isEmpty }
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
