/// One iteration of a training, for progress lines and curves.
package struct TrainingProgress: Sendable, Equatable {
  /// The number of finished iterations.
  package let iteration: Int
  /// The number of iterations there will be.
  package let iterations: Int
  /// Environment steps taken so far, over all tasks.
  package let environmentSteps: Int
  /// Environment steps there will be.
  package let totalSteps: Int
  /// The mean return of each task's latest 20 episodes, shape (K); NaN before a first episode has ended.
  package let returns: [Double]
  /// What the learner says of itself, by name; of losses, means over all rows of all epochs.
  ///
  /// - "policy loss": the clipped surrogate loss.
  /// - "value loss": the halved squared error of the critic, in scaled rewards.
  /// - "entropy": the policy's, nats.
  /// - "KL": the mean of (r − 1) − log r, an estimate of the KL divergence from the rollout's policy.
  /// - "clipped": the share of rows whose probability ratio left the clip range.
  /// - "explained variance": 1 − Var(target − V) / Var(target), with the critic of the rollout.
  /// - "learning rate": Adam's step size.
  package let numbers: [String: Double]
}
