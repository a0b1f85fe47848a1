/// One iteration of a training, for progress lines and curves. Losses are means over all rows of all epochs.
package struct TrainingProgress: Sendable, Equatable {
  /// The number of finished iterations.
  package var iteration: Int
  /// The number of iterations there will be.
  package var iterations: Int
  /// Environment steps taken so far, over all tasks.
  package var environmentSteps: Int
  /// Environment steps there will be.
  package var totalSteps: Int
  /// The mean return of each task's latest 20 episodes, shape (K); NaN before a first episode has ended.
  package var returns: [Double]
  /// Adam's step size in this iteration.
  package var learningRate: Double
  /// The clipped surrogate loss.
  package var policyLoss: Double
  /// The halved squared error of the critic, in scaled rewards.
  package var valueLoss: Double
  /// The policy's entropy, nats.
  package var entropy: Double
  /// The mean of (r − 1) − log r, an estimate of the KL divergence from the rollout's policy.
  package var approximateKL: Double
  /// The share of rows whose probability ratio left the clip range.
  package var clipFraction: Double
  /// 1 − Var(target − V) / Var(target), with the critic of the rollout.
  package var explainedVariance: Double
  /// Where the time went since the training began.
  package var phaseSeconds: PhaseSeconds
}

/// What a training gives.
package struct TrainingResult: Sendable {
  /// The policy, critic and statistics at the end.
  package var trained: TrainedPolicy
  /// Where the training stood at the end.
  package var snapshot: TrainingSnapshot
  /// Where the time went, since it was begun or resumed.
  package var phaseSeconds: PhaseSeconds
  /// How many episodes were cut because their simulation became unstable.
  package var divergedEpisodes: Int

  /// Environment steps at each point of the curve, over all tasks, shape (T).
  package var curveSteps: [Int] { snapshot.state.curveSteps }
  /// The mean return of each task's latest episodes at each point, shape (T, K).
  package var curveReturns: [[Double]] { snapshot.state.curveReturns }
  /// Environment steps taken: the budget, rounded up to whole iterations.
  package var environmentSteps: Int { snapshot.state.environmentSteps }
}
