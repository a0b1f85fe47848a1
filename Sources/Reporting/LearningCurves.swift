package import Artifacts
internal import Foundation
internal import Statistics

/// How every task was learned in a finished run: one panel per task, with the curve of meta-train and of each
/// grouping's task set that holds the task.
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
  let panels = try run.tasks.indices.map { k in
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
    subtitle: "Mean return of each task's latest 20 training episodes, over the steps taken in that task.",
    horizontal: "steps per task", vertical: "return", panels: panels)
}

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
