package import Environments
package import Random
package import Workers

/// How an episode of an evaluation went.
package struct PlayedEpisode: Sendable, Equatable {
  /// The undiscounted sum of the unscaled rewards.
  package let undiscountedReturn: Double
  /// The number of steps.
  package let length: Int
  /// Whether it was cut because its simulation became unstable.
  package let diverged: Bool
  /// The metrics that its family declares, shape (M).
  package let metrics: [Double]
}

/// Episodes played side by side; fixed, so that results do not depend on the number of threads.
private let episodesPerPiece = 10

/// Plays `episodes` episodes of each task with the policy's most likely actions, or with actions drawn from it
/// as in training.
///
/// Episode e of a task begins where the stream `random.derived("evaluation/<task name>/episode-<e>")` puts
/// it, whatever the policy: differences between policies are then free of the luck of start states (common
/// random numbers).
///
/// - Parameters:
///   - trained: nil for uniformly random actions: what doing anything at all is worth.
///   - tasks: task i of the array has index i of the trained policy's tasks. A policy that is not told the
///     task may be tried on any number of tasks.
///   - episodes: E.
///   - sampled: whether actions are drawn from the policy.
/// - Returns: the episodes, shape (K, E).
/// - Throws: `TrainingError.spacesDiffer` or `.nonFinite`, and what the environments throw.
package func evaluate(
  _ trained: TrainedPolicy?, tasks: [TaskSpecification], registry: TaskRegistry, episodes: Int,
  sampled: Bool = false, random: RandomStream, workers: WorkerPool
) throws -> [[PlayedEpisode]] {
  if let trained {
    precondition(
      !trained.policySeesTask || tasks.count == trained.taskCount,
      "a policy that is told the task knows those of its training alone")
    try trained.check(fits: tasks, registry: registry)
  }
  let player = EpisodePlayer(trained: trained, sampled: sampled, registry: registry)
  var played = [PlayedEpisode]()
  try player.play(
    tasks.map { _ in 0..<episodes }, of: tasks, size: episodesPerPiece, purpose: "evaluation",
    random: random, workers: workers
  ) { group in
    played += group.flatMap(\.episodes).map {
      PlayedEpisode(
        undiscountedReturn: $0.undiscountedReturn, length: $0.rewards.count, diverged: $0.diverged,
        metrics: $0.metrics)
    }
  }
  return tasks.indices.map { Array(played[$0 * episodes..<($0 + 1) * episodes]) }
}
