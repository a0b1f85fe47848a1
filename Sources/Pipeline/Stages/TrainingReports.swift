internal import Artifacts
internal import Logging
internal import Statistics
internal import Training

/// What a progress line says of an iteration: the mean over tasks of the recent returns, the entropy, the KL
/// divergence, the share of clipped ratios, and how much of the value targets' variance the critic explains.
func trainingDetail(_ report: TrainingProgress) -> String {
  let known = report.returns.filter(\.isFinite)
  let average = known.isEmpty ? .nan : mean(known)
  return
    ", return \(fixed(average, 1)), entropy \(fixed(report.entropy, 2)), KL \(fixed(report.approximateKL, 4)), "
    + "clipped \(fixed(report.clipFraction, 2)), explained variance \(fixed(report.explainedVariance, 2))"
}

extension LearningCurve {
  /// A training's curve as it is stored.
  init(_ result: TrainingResult) {
    self.init(steps: result.curveSteps.map { Int64($0) }, returns: result.curveReturns.flatMap { $0 })
  }
}
