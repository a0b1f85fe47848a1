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

/// Says how many episodes a part of a stage lost to simulations that became unstable; nothing if there were none.
///
/// - Parameter part: "training", "collection" or "evaluation".
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
  /// Plays episodes to judge a policy: counts their time, and says how many diverged.
  ///
  /// - Parameters:
  ///   - part: "evaluation", for that line.
  ///   - play: plays them, shape (K, E).
  func playing(_ part: String, _ play: () throws -> [[PlayedEpisode]]) rethrows -> [[PlayedEpisode]] {
    let played = try profile.measure(.evaluation, play)
    profile.evaluationSteps += played.stepCount
    reportDiverged(played.divergedCount, in: part, to: logger)
    return played
  }
}

extension [[PlayedEpisode]] {
  /// How many of the episodes were cut because their simulation became unstable.
  var divergedCount: Int { reduce(0) { $0 + $1.count { $0.diverged } } }

  /// How many environment steps the episodes took.
  var stepCount: Int { joined().reduce(0) { $0 + $1.length } }
}

extension LearningCurve {
  /// A training's curve as it is stored.
  init(_ state: TrainerState) {
    self.init(steps: state.curveSteps.map { Int64($0) }, returns: state.curveReturns.flatMap { $0 })
  }
}
