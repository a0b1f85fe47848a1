package import Artifacts
internal import Foundation
internal import Statistics

/// How every task was learned in a finished run: one panel per task, with the curve of meta-train and of each
/// grouping's task set that holds the task; of many tasks, panels for some.
///
/// - Parameter file: the merged file of full-train-eval; meta-train.h5 and full-train-eval/ stand beside it.
/// - Throws: for missing and unfit files.
func learningCurves(of run: EvaluationArtifact, file: String) throws -> SmallMultiples {
  let folder = (file as NSString).deletingLastPathComponent
  func path(_ name: String) -> String { folder.isEmpty ? name : "\(folder)/\(name)" }
  let metaFile = path("meta-train.h5")
  let meta = try MetaTrainArtifact(reading: metaFile)
  try requireSameTasks(run.tasks, from: file, meta.tasks, from: metaFile)
  let sets = try Dictionary(
    uniqueKeysWithValues: Set(run.sets).sorted().map { name in
      (name, try TrainedSetArtifact(reading: path("full-train-eval/\(name).h5")))
    })
  let shown = shownTasks(run)
  let panels = try shown.map { k in
    var lines: [ChartLine] = [("meta-train", curvePoints(meta.curve, task: k, of: run.tasks.count))]
    for (r, grouping) in run.groupings.enumerated() {
      let name = run.sets[r * run.tasks.count + k]
      guard let set = sets[name], let place = set.tasks.firstIndex(of: run.tasks[k]) else {
        throw ArtifactError.mismatch(
          file: path("full-train-eval/\(name).h5"), object: "/dims/task",
          expected: "the task \(run.tasks[k])",
          found: "none of that name")
      }
      lines.append((grouping, curvePoints(set.curve, task: place, of: set.tasks.count)))
    }
    return (title: run.tasks[k], lines: lines)
  }
  return SmallMultiples(
    title: "Learning curves",
    subtitle: "Mean return of each task's latest 20 training episodes, over the steps taken in that task."
      + (shown.count < run.tasks.count
        ? " \(shown.count) of \(run.tasks.count) tasks, from the worst under \(run.groupings[0]) to the best."
        : ""),
    horizontal: "steps per task", vertical: "return", panels: panels)
}

/// The tasks that have a panel: all, or of many tasks `mostPanels`, evenly spaced in the order of their normalised return
/// under the first grouping.
private func shownTasks(_ run: EvaluationArtifact) -> [Int] {
  let count = run.tasks.count
  guard count > mostPanels, !run.groupings.isEmpty else { return Array(0..<count) }
  let ranked = (0..<count).sorted { (run.normalised[$0], $0) < (run.normalised[$1], $1) }
  return (0..<mostPanels).map { ranked[$0 * (count - 1) / (mostPanels - 1)] }
}

/// More panels are no overview.
private let mostPanels = 20

/// The curve of one task over its share of the steps, thinned to at most `mostPoints` means of neighbouring points.
package func curvePoints(_ curve: LearningCurve, task: Int, of taskCount: Int) -> [(x: Double, y: Double)] {
  let count = curve.steps.count
  let bins = min(count, mostPoints)
  return (0..<bins).map { bin in
    let range = count * bin / bins..<count * (bin + 1) / bins
    let values = range.map { curve.returns[$0 * taskCount + task] }.filter(\.isFinite)
    let steps = mean(range.map { Double(curve.steps[$0]) }) / Double(taskCount)
    return (x: steps, y: values.isEmpty ? .nan : mean(values))
  }
}

/// More points would be finer than the pixels of a panel.
private let mostPoints = 150
