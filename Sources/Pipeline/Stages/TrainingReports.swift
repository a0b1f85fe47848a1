internal import Artifacts
internal import Logging
internal import Spelling
internal import Statistics
internal import Training

/// What a progress line says of an iteration: the mean over tasks of the recent returns, the entropy, the KL
/// divergence, the share of clipped ratios, and how much of the value targets' variance the critic explains.
func trainingDetail(_ report: TrainingProgress) -> String {
  let known = report.returns.filter(\.isFinite)
  let average = known.isEmpty ? .nan : mean(known)
  func number(_ name: String, times factor: Double = 1, _ digits: Int, _ unit: String) -> String {
    ", \(name) \(fixed(factor * (report.numbers[name] ?? .nan), digits)) \(unit)"
  }
  return ", return \(fixed(average, 1))" + number("entropy", 2, "nats") + number("KL", 4, "nats")
    + number("clipped", times: 100, 1, "%") + number("explained variance", times: 100, 0, "%")
}

/// Says how many episodes a part of a stage ("training") lost to simulations that became unstable, if any.
func reportDiverged(_ episodes: Int, in part: String, to logger: Logger) {
  guard episodes > 0 else { return }
  logger.warning("\(divergedText(episodes, in: part))")
}

/// As in "3 episodes of the evaluation were truncated because their simulation diverged".
func divergedText(_ episodes: Int, in part: String) -> String {
  "\(episodes) episode\(episodes == 1 ? " of the \(part) was" : "s of the \(part) were") truncated because "
    + "\(episodes == 1 ? "its" : "their") simulation diverged"
}

extension StageContext {
  /// Plays episodes, shape (K, E), to judge a policy: counts their time, and says how many diverged in this part.
  func playing(_ part: String, _ play: () throws -> [[PlayedEpisode]]) rethrows -> [[PlayedEpisode]] {
    let played = try profile.measure(.evaluation, play)
    profile.evaluationSteps += played.joined().reduce(0) { $0 + $1.length }
    reportDiverged(played.joined().count { $0.diverged }, in: part, to: logger)
    return played
  }
}

extension LearningCurve {
  /// A training's curve as it is stored.
  init(_ state: TrainerState) {
    self.init(steps: state.curveSteps.map { Int64($0) }, returns: state.curveReturns.flatMap { $0 })
  }
}

/// More tasks than this have one line in a log, with what is extreme among them.
let mostTaskLines = 20

extension Logger {
  /// Says a quantity, such as "return", of every task, all of shape (K): one aligned line per task, with its interval if
  /// there are any, or one line of all where there are many.
  func report(
    _ quantity: String, of tasks: [String], _ values: [Double], intervals: [ConfidenceInterval]? = nil,
    decimals: Int
  ) {
    if tasks.count > mostTaskLines,
      let least = values.indices.min(by: { values[$0] < values[$1] }),
      let most = values.indices.max(by: { values[$0] < values[$1] })
    {
      info(
        """
        \(quantity) of \(tasks.count) tasks: mean \(fixed(mean(values), decimals)), least \
        \(fixed(values[least], decimals)) (\(tasks[least])), most \(fixed(values[most], decimals)) (\(tasks[most]))
        """)
      return
    }
    let rows = tasks.indices.map { task in
      let ends = intervals.map {
        ["[\(fixed($0[task].low, decimals)),", "\(fixed($0[task].high, decimals))]"]
      }
      return [tasks[task], quantity, fixed(values[task], decimals)] + (ends ?? [])
    }
    for line in aligned(rows).split(separator: "\n") { info("\(line)") }
  }

  /// Says which tasks are in which group, a line for each; of a large group its first tasks.
  func report(groups: [[Int]], of tasks: [String]) {
    for (number, group) in groups.enumerated() {
      let named = group.prefix(mostTaskLines).map { tasks[$0] }
      let rest = group.count > named.count ? " and \(group.count - named.count) more" : ""
      info(
        "group \(number), \(group.count) task\(group.count == 1 ? "" : "s"): \(named.joined(separator: ", "))\(rest)"
      )
    }
  }
}
