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
///   - gamma: γ.
///   - gaeLambda: λ.
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
  var seconds = acting.sharing(watch.lap())
  let parts = try workers.mapUnchecked(tasks.count) { index in
    try transitions(
      episodes[index], of: tasks[index], index: index, count: transitionsPerTask, trained: trained,
      gamma: gamma, lambda: gaeLambda)
  }
  var all = TransitionBatch(
    count: 0, observationWidth: trained.inputs.policyWidth, actionWidth: trained.policy.actionWidth)
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
  seconds.advantages = watch.lap()
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
  var seconds = ActingSeconds()
  let player = EpisodePlayer(trained: trained, choice: .sample, registry: registry)
  var episodes = earlier ?? [[Episode]](repeating: [], count: tasks.count)
  var missing = episodes.map { transitionsPerTask - $0.reduce(0) { $0 + $1.rewards.count } }
  while missing.contains(where: { $0 > 0 }) {
    var pieces = [(task: Int, episodes: Range<Int>)]()
    for (index, task) in tasks.enumerated() where missing[index] > 0 {
      let first = episodes[index].count
      let end = first + (missing[index] + task.horizon - 1) / task.horizon
      for start in stride(from: first, to: end, by: episodesPerPiece) {
        pieces.append((index, start..<min(start + episodesPerPiece, end)))
      }
    }
    for group in workers.groups(of: pieces.count) {
      let played = try workers.mapUnchecked(group.count) { index in
        let piece = pieces[group.lowerBound + index]
        let task = tasks[piece.task]
        let streams = piece.episodes.map { random.derived("collection/\(task.name)/episode-\($0)") }
        return try player.play(
          task, index: piece.task, firstEpisode: piece.episodes.lowerBound, streams: streams)
      }
      for (piece, result) in zip(pieces[group], played) {
        episodes[piece.task] += result.episodes
        seconds.add(result.seconds)
        for episode in result.episodes { missing[piece.task] -= episode.rewards.count }
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
  let inputs = trained.inputs
  let width = trained.policy.actionWidth
  var batch = TransitionBatch(count: count, observationWidth: inputs.policyWidth, actionWidth: width)
  batch.divergedEpisodes = episodes.count { $0.diverged }
  var input = [Float](repeating: 0, count: inputs.policyWidth)
  var completeReturns = [Double]()
  let workspace = NetworkWorkspace(trained.critic, capacity: 256)
  for (number, episode) in episodes.enumerated() {
    let steps = min(episode.rewards.count, count - batch.task.count)
    guard steps > 0 else { break }
    let isComplete = steps == episode.rewards.count
    if isComplete { completeReturns.append(episode.undiscountedReturn) }

    let size = inputs.observationSize
    let values = criticValues(episode.observations, count: steps + 1, task: index, trained, workspace)
    try requireFinite(values, .value, task, episode: number)
    let rewards = episode.rewards.prefix(steps).map {
      RewardScaling.scaled($0, by: trained.rewardScales[index])
    }
    var advantages = [Float](repeating: 0, count: steps)
    estimateAdvantages(
      rewards: rewards, values: values, finalValue: isComplete && episode.terminated ? 0 : values[steps],
      count: steps, stride: 1, gamma: gamma, lambda: lambda, into: &advantages)
    try requireFinite(advantages, .advantage, task, episode: number)

    for step in 0..<steps {
      episode.observations.withUnsafeBufferPointer { observations in
        guard let observations = observations.baseAddress else { return }
        inputs.writePolicyInput(observations + step * size, task: index, into: &input)
      }
      batch.observations += input
    }
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

/// Checks the numbers of an episode's steps, shape (T) or (T + 1).
private func requireFinite(
  _ numbers: [Float], _ quantity: NonFiniteNumber.Quantity, _ task: TaskSpecification, episode: Int
) throws(TrainingError) {
  guard let step = firstNonFinite(numbers, count: numbers.count),
    let value = NonFiniteValue(Double(numbers[step]))
  else { return }
  throw .nonFinite(
    NonFiniteNumber(value, in: quantity, tasks: [task.name], at: .episodeStep(step, episode: episode)))
}

/// V of the first `count` observations, shape (count).
private func criticValues(
  _ observations: [Float], count: Int, task: Int, _ trained: TrainedPolicy, _ workspace: NetworkWorkspace
) -> [Float] {
  let inputs = trained.inputs
  var values = [Float]()
  observations.withUnsafeBufferPointer { observations in
    guard let observations = observations.baseAddress else { return }
    for start in stride(from: 0, to: count, by: workspace.capacity) {
      let rows = min(workspace.capacity, count - start)
      for row in 0..<rows {
        inputs.writeCriticInput(
          observations + (start + row) * inputs.observationSize, task: task,
          into: workspace.layerInput(0) + row * inputs.criticWidth)
      }
      trained.critic.forward(parameters: trained.criticParameters, count: rows, workspace: workspace)
      values += UnsafeBufferPointer(start: workspace.output, count: rows)
    }
  }
  return values
}
