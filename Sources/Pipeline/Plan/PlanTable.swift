internal import Configuration
internal import Foundation
internal import Spelling

/// The plans of the stages as a table for people, with their sum.
///
/// - Parameters:
///   - seeds: the number of seeds.
///   - seconds: how long it took to measure.
func planTable(_ plans: [StagePlan], seeds: Int, threads: Int, seconds: Double) -> String {
  let header = ["stage", "environment steps", "wall time", "memory", "disk", "state"]
  let rows = plans.map { plan in
    [
      plan.stage.rawValue, plan.environmentSteps > 0 ? grouped(plan.environmentSteps) : "–",
      timeText(plan.seconds), bytesText(plan.memory), bytesText(plan.bytes), plan.stateText,
    ]
  }
  let left = plans.reduce(0) { $0 + $1.secondsLeft }
  let total = [
    "all", grouped(plans.reduce(0) { $0 + $1.environmentSteps }),
    timeText(plans.reduce(0) { $0 + $1.seconds }), bytesText(plans.map(\.memory).max() ?? 0),
    bytesText(plans.reduce(0) { $0 + $1.bytes }), left > 0 ? "\(timeText(left)) to go" : "up to date",
  ]
  let work = "\(seeds) \(seeds == 1 ? "seed" : "seeds") and \(threads) \(threads == 1 ? "thread" : "threads")"
  return aligned([header] + rows + [total])
    + "For \(work), from \(timeText(seconds)) of measuring on this machine as busy as it is now.\n"
}

/// What a table of plans rests on, a line each.
func planNotes(_ plans: [StagePlan], _ workload: Workload) -> String {
  let evaluation = plans.reduce(0) { $0 + $1.evaluationSteps }
  var lines = [
    "Environment steps are those of the budgets; evaluation episodes add at most \(grouped(evaluation)). Memory is the most at once.",
    "Building, reports, logs and checkpoints are not counted, and work that checkpoints have saved is not subtracted.",
  ]
  if plans.contains(where: { $0.stage == .cluster && $0.artifactsLeft > 0 }) {
    lines.append(
      "Until cluster has run, the task sets are guessed: \(workload.groupingCount) groupings, \(workload.groupCount) groups of equal size."
    )
  }
  return lines.map { $0 + "\n" }.joined()
}

extension StagePlan {
  /// How much of the stage there is already.
  fileprivate var stateText: String {
    guard artifactsLeft > 0 else { return "up to date" }
    return artifacts == 1 ? "to do" : "\(artifactsLeft) of \(artifacts) files to do"
  }
}

/// A whole number with its thousands apart: "4 515 840".
private func grouped(_ number: Int) -> String {
  let digits = Array("\(number)")
  return digits.indices.map { place in
    let left = digits.count - place
    return (place > 0 && left % 3 == 0 ? " " : "") + String(digits[place])
  }.joined()
}

/// A number of bytes with three digits: "404 kB", "67.2 MB".
private func bytesText(_ bytes: Int) -> String {
  var (value, unit) = (Double(bytes) / 1000, "kB")
  for larger in ["MB", "GB", "TB"] where value >= 999.5 { (value, unit) = (value / 1000, larger) }
  return "\(fixed(value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0)) \(unit)"
}
