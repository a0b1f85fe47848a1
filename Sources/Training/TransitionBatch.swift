/// On-policy transitions of all tasks, task after task, each task's episode after episode; a flat buffer per
/// field.
package struct TransitionBatch: Sendable, Equatable {
  /// N, the number of transitions.
  package var count: Int
  /// The width of an observation (O).
  package var observationSize: Int
  /// Entries per action (A).
  package var actionWidth: Int
  /// Normalised observations, shape (N, O).
  package var observations: [Float] = []
  /// Actions as drawn, not clipped to the action space, shape (N, A).
  package var actions: [Float] = []
  /// The task's index, shape (N).
  package var task: [Int32] = []
  /// The episode's number, counted through all tasks, shape (N).
  package var episode: [Int32] = []
  /// Generalised advantage estimates, standardised per task (mean 0, standard deviation 1), shape (N).
  package var advantage: [Float] = []
  /// log π(a | x) at the time of acting, shape (N).
  package var logProbability: [Float] = []
  /// The mean return of each task's complete episodes, shape (K); NaN if no episode is complete.
  package var meanReturns: [Double] = []
  /// How many of the episodes played were cut because their simulation became unstable.
  package var divergedEpisodes = 0
}
