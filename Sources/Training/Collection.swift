package import Environments
internal import Policies
package import Random
package import Workers

/// Plays the policy's own, stochastic actions and keeps exactly `transitionsPerTask` transitions of each
/// task.
///
/// A task's transitions are whole episodes in order, the last one cut where the number is reached. The
/// normaliser is frozen. Advantages come from the trained critic: rewards are divided by the task's reward
/// scale, the unit of the critic; an episode that was truncated or cut is continued by the critic's value.
/// Episode e of a task is played on the stream `random.derived("collection/<task name>/episode-<e>")`.
///
/// - Parameters:
///   - tasks: those the policy was trained on, in the same order.
///   - played: each task's first episodes, from an earlier call that did not end; nil for none.
///   - progress: called now and then with each task's episodes so far; what it throws ends the collection.
///   - timing: called at the end with where the time went.
/// - Throws: `TrainingError.spacesDiffer` or `.nonFinite`, and what the environments throw.
package func collectTransitions(
  _ trained: TrainedPolicy, tasks: [TaskSpecification], registry: TaskRegistry, transitionsPerTask: Int,
  gamma: Double, gaeLambda: Double, random: RandomStream, workers: WorkerPool, played: [[Episode]]? = nil,
  progress: ([[Episode]]) throws -> Void = { _ in }, timing: (PhaseSeconds) -> Void = { _ in }
) throws -> TransitionBatch {
  precondition(tasks.count == trained.taskCount, "transitions are collected in the tasks of the training")
  try trained.check(fits: tasks, registry: registry)
  var watch = Stopwatch()
  let (episodes, acting) = try playEpisodes(
    trained, tasks, registry, transitionsPerTask, random, workers, played, progress)
  var seconds = PhaseSeconds(acting, sharing: watch.lap())
  let parts = try workers.map(tasks.count) { index in
    try transitions(
      episodes[index], of: tasks[index], index: index, count: transitionsPerTask, trained: trained,
      gamma: gamma, lambda: gaeLambda)
  }
  var all = TransitionBatch(
    count: 0, observationSize: trained.normalizer.width, actionWidth: trained.policy.actionWidth)
  for part in parts {
    let firstEpisode = (all.episode.last ?? -1) + 1
    all.count += part.count
    all.observations += part.observations
    all.actions += part.actions
    all.task += part.task
    all.episode += part.episode.map { $0 + firstEpisode }
    all.advantage += part.advantage
    all.logProbability += part.logProbability
    all.meanReturns += part.meanReturns
    all.divergedEpisodes += part.divergedEpisodes
  }
  seconds[.advantages] = watch.lap()
  timing(seconds)
  return all
}

/// Episodes played side by side.
private let episodesPerPiece = 8

/// Enough episodes of each task to hold the transitions, in waves of as many as would do if none ended early.
private func playEpisodes(
  _ trained: TrainedPolicy, _ tasks: [TaskSpecification], _ registry: TaskRegistry, _ transitionsPerTask: Int,
  _ random: RandomStream, _ workers: WorkerPool, _ earlier: [[Episode]]?,
  _ progress: ([[Episode]]) throws -> Void
) throws -> (episodes: [[Episode]], seconds: ActingSeconds) {
  var seconds: ActingSeconds = (0, 0)
  let player = EpisodePlayer(trained: trained, sampled: true, registry: registry)
  var episodes = earlier ?? [[Episode]](repeating: [], count: tasks.count)
  var missing = episodes.map { transitionsPerTask - $0.reduce(0) { $0 + $1.rewards.count } }
  while missing.contains(where: { $0 > 0 }) {
    let wave = tasks.indices.map { index in
      let (first, horizon) = (episodes[index].count, tasks[index].horizon)
      return first..<first + (max(missing[index], 0) + horizon - 1) / horizon
    }
    try player.play(
      wave, of: tasks, size: episodesPerPiece, purpose: "collection", random: random, workers: workers
    ) { group in
      for (task, played, spent) in group {
        episodes[task] += played
        seconds = (seconds.physics + spent.physics, seconds.inference + spent.inference)
        for episode in played { missing[task] -= episode.rewards.count }
      }
      try progress(episodes)
    }
  }
  return (episodes, seconds)
}

/// The first `count` transitions of one task's episodes; episodes are numbered from 0.
private func transitions(
  _ episodes: [Episode], of task: TaskSpecification, index: Int, count: Int, trained: TrainedPolicy,
  gamma: Double, lambda: Double
) throws -> TransitionBatch {
  let (size, width) = (trained.normalizer.width, trained.policy.actionWidth)
  var batch = TransitionBatch(count: count, observationSize: size, actionWidth: width)
  batch.divergedEpisodes = episodes.count { $0.diverged }
  var completeReturns = [Double]()
  let workspace = NetworkWorkspace(trained.critic, capacity: 256)
  trained.critic.load(trained.criticParameters, into: workspace)
  for (number, episode) in episodes.enumerated() {
    let steps = min(episode.rewards.count, count - batch.task.count)
    guard steps > 0 else { break }
    let isComplete = steps == episode.rewards.count
    if isComplete { completeReturns.append(episode.undiscountedReturn) }

    let values = criticValues(episode.observations, count: steps + 1, task: index, trained, workspace)
    func require(_ numbers: [Float], _ quantity: NonFiniteNumber.Quantity) throws {
      try requireFinite(numbers, count: numbers.count) { step, value in
        NonFiniteNumber(
          value, in: quantity, tasks: [task.name], at: .episodeStep(step, episode: number))
      }
    }
    try require(values, .value)
    let rewards = episode.rewards.prefix(steps).map {
      RewardScaling.scaled($0, by: trained.rewardScales[index])
    }
    var advantages = [Float](repeating: 0, count: steps)
    estimateAdvantages(
      rewards: rewards, values: values, finalValue: isComplete && episode.terminated ? 0 : values[steps],
      count: steps, stride: 1, gamma: gamma, lambda: lambda, into: &advantages)
    try require(advantages, .advantage)

    batch.observations += episode.observations.prefix(steps * size)
    batch.actions += episode.actions.prefix(steps * width)
    batch.logProbability += episode.logProbabilities.prefix(steps)
    batch.advantage += advantages
    batch.task += [Int32](repeating: Int32(index), count: steps)
    batch.episode += [Int32](repeating: Int32(number), count: steps)
  }
  batch.advantage.withUnsafeMutableBufferPointer {
    if let base = $0.baseAddress { standardise(base, at: 0..<count) }
  }
  batch.meanReturns = [
    completeReturns.isEmpty ? .nan : completeReturns.reduce(0, +) / Double(completeReturns.count)
  ]
  return batch
}

/// V of the first `count` observations, shape (count).
private func criticValues(
  _ observations: [Float], count: Int, task: Int, _ trained: TrainedPolicy, _ workspace: NetworkWorkspace
) -> [Float] {
  let size = trained.normalizer.width
  var values = [Float]()
  observations.withUnsafeBufferPointer { observations in
    guard let observations = observations.baseAddress else { return }
    for start in stride(from: 0, to: count, by: workspace.capacity) {
      let rows = min(workspace.capacity, count - start)
      for row in 0..<rows {
        trained.critic.feed(
          observations + (start + row) * size, task: trained.number(ofTask: task), row: row,
          workspace: workspace)
      }
      trained.critic.forward(count: rows, workspace: workspace)
      values += UnsafeBufferPointer(start: workspace.output, count: rows)
    }
  }
  return values
}
