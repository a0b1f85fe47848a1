package import Artifacts
internal import Foundation
internal import Random
internal import Spelling
internal import Statistics

/// The table that ends a run: for each grouping the return per task, the normalised mean with its interval, and the
/// worst task, then the verdict of score and which groupings are the same partition; for several seeds one table
/// each, and one of the normalised means over seeds.
///
/// - Parameter files: merged files of full-train-eval, one per seed.
/// - Throws: for unfit files, and files about different tasks.
package func report(_ files: [String]) throws -> String {
  let runs = try files.map { try EvaluationArtifact(reading: $0) }
  for (file, run) in zip(files, runs).dropFirst() {
    try requireSameTasks(runs[0].tasks, from: files[0], run.tasks, from: file)
  }
  var text = ""
  for (file, run) in zip(files, runs) {
    text += "\(file)\n\n" + returnTable(run) + remarks(run) + "\n"
  }
  text += legend
  if runs.count > 1 { text += "\n" + seedTable(runs) }
  return text
}

private let legend = """
  Returns are means over the evaluation episodes. Normalised: per task, 0 is the return of uniformly random actions,
  1 that of the best grouping; the interval (95 %, bootstrap over evaluation episodes) says how well these policies
  were measured, not how another training seed would turn out. Every grouping took the same number of steps per task.

  """

private func returnTable(_ run: EvaluationArtifact) -> String {
  let n = run.tasks.count
  func rows(_ values: [Double], _ decimals: Int) -> [[String]] {
    (0..<n).map { k in [run.tasks[k]] + run.groupings.indices.map { fixed(values[$0 * n + k], decimals) } }
  }
  let returns =
    [["task"] + run.groupings + ["random actions"]]
    + rows(run.returns, 1).enumerated().map { $1 + [fixed(run.referenceLow[$0], 1)] }
  let success =
    run.success.map {
      aligned([["success"] + run.groupings] + rows($0, 3))
        + "\nSuccess is the share of the episodes that reached the goal; it is the normalised return.\n\n"
    } ?? ""
  var summary = [["grouping", "groups", "normalised mean", "95 % interval", "worst task", "", "steps"]]
  for r in run.groupings.indices {
    let row = Array(run.normalised[r * n..<(r + 1) * n])
    let worst = row.indices.min { row[$0] < row[$1] } ?? 0
    summary.append([
      run.groupings[r], "\(Set(run.sets[r * n..<(r + 1) * n]).count)", fixed(run.normalisedMean[r], 3),
      "[\(fixed(run.normalisedLow[r], 3)), \(fixed(run.normalisedHigh[r], 3))]",
      fixed(run.worstNormalised[r], 3), run.tasks[worst], "\(run.totalSteps[r])",
    ])
  }
  return aligned(returns) + "\n" + success + aligned(summary)
}

/// The verdict of score, and which groupings divide the tasks alike: for one group, and for one group per task, that
/// is every grouping of this size, and no comparison of their rows says anything about the estimate.
package func remarks(_ run: EvaluationArtifact) -> String {
  let n = run.tasks.count
  let partitions = run.groupings.indices.map { Array(run.sets[$0 * n..<($0 + 1) * n]) }
  var text = run.verdict.map { "\nscore: \($0)\n" } ?? ""
  for r in partitions.indices where partitions.firstIndex(of: partitions[r]) == r {
    let alike = run.groupings.indices.filter { partitions[$0] == partitions[r] }
    guard alike.count > 1 else { continue }
    text += "\nThe same partition, trained once: \(alike.map { run.groupings[$0] }.joined(separator: ", "))\n"
  }
  return text
}

/// Normalised means averaged over seeds, for the groupings that all runs have.
private func seedTable(_ runs: [EvaluationArtifact]) -> String {
  var rows = [["grouping", "normalised mean over \(runs.count) seeds", "95 % interval", "each seed"]]
  for name in runs[0].groupings {
    let values = runs.compactMap { run in run.groupings.firstIndex(of: name).map { run.normalisedMean[$0] } }
    guard values.count == runs.count else { continue }
    let interval = bootstrapMeanInterval(
      strata: [values], replicates: 10_000, random: RandomStream(seed: 0, name: "report/\(name)"))
    rows.append([
      name, fixed(mean(values), 3),
      "[\(fixed(interval.low, 3)), \(fixed(interval.high, 3))]",
      values.map { fixed($0, 3) }.joined(separator: "  "),
    ])
  }
  return aligned(rows)
}

/// What `pgx report --save` writes for a run: `report/table.txt` and `report/learning-curves.svg` beside its file.
///
/// - Parameter file: the merged file of full-train-eval, in its run folder.
/// - Throws: `ArtifactError` for unfit files.
package func savedReport(_ file: String) throws -> [(path: String, text: String)] {
  let folder = URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent("report")
  let curves = try learningCurves(of: EvaluationArtifact(reading: file), file: file)
  return try [("table.txt", report([file])), ("learning-curves.svg", curves.svg())].map { name, text in
    (folder.appendingPathComponent(name).relativePath, text)
  }
}
