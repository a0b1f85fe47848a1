package import Environments
package import Random
package import Workers

/// How an episode of an evaluation went.
package struct PlayedEpisode: Sendable, Equatable {
  /// The undiscounted sum of the unscaled rewards.
  package let undiscountedReturn: Double
  /// The number of steps.
  package let length: Int
}

/// Plays `episodes` episodes of each task with the policy's most likely actions, or with actions drawn from it
/// as in training.
///
/// Episode e of a task begins where the stream `random.derived("evaluation/<task name>/episode-<e>")` puts
/// it, whatever the policy: differences between policies are then free of the luck of start states (common
/// random numbers).
///
/// - Parameters:
///   - tasks: task i of the array has index i of the trained policy's tasks. A policy that is not told the
///     task may be tried on any number of tasks.
///   - episodes: E.
///   - sampled: whether actions are drawn from the policy.
/// - Returns: the episodes, shape (K, E).
/// - Throws: `TrainingError.spacesDiffer` or `.nonFiniteEpisode`, and what the environments throw.
package func evaluate(
  _ trained: TrainedPolicy, tasks: [TaskSpecification], registry: TaskRegistry, episodes: Int,
  sampled: Bool = false, random: RandomStream, workers: WorkerPool
) throws -> [[PlayedEpisode]] {
  precondition(
    !trained.policySeesTask || tasks.count == trained.taskCount,
    "a policy that is told the task knows those of its training alone")
  try trained.check(fits: tasks, registry: registry)
  return try play(
    EpisodePlayer(trained: trained, registry: registry), sampled ? .sample : .mode, tasks, episodes, random,
    workers)
}

/// Plays the episodes of `evaluate` with uniformly random actions: what doing anything at all is worth.
///
/// - Returns: undiscounted returns, shape (K, E).
package func randomActionReturns(
  tasks: [TaskSpecification], registry: TaskRegistry, episodes: Int, random: RandomStream, workers: WorkerPool
) throws -> [[Double]] {
  try play(EpisodePlayer(trained: nil, registry: registry), .uniform, tasks, episodes, random, workers)
    .map { $0.map(\.undiscountedReturn) }
}

/// Episodes played side by side; fixed, so that results do not depend on the number of threads.
private let episodesPerPiece = 10

private func play(
  _ player: EpisodePlayer, _ choice: ActionChoice, _ tasks: [TaskSpecification], _ episodes: Int,
  _ random: RandomStream, _ workers: WorkerPool
) throws -> [[PlayedEpisode]] {
  let pieces = (episodes + episodesPerPiece - 1) / episodesPerPiece
  let played = try workers.map(tasks.count * pieces) { piece in
    let index = piece / pieces
    let first = piece % pieces * episodesPerPiece
    let streams = (first..<min(first + episodesPerPiece, episodes)).map {
      random.derived("evaluation/\(tasks[index].name)/episode-\($0)")
    }
    return try player.play(tasks[index], index: index, streams: streams, choice: choice)
      .episodes.map { PlayedEpisode(undiscountedReturn: $0.undiscountedReturn, length: $0.rewards.count) }
  }
  return tasks.indices.map { index in Array(played[index * pieces..<(index + 1) * pieces].joined()) }
}
