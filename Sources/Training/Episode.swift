internal import Environments
internal import Policies
internal import Random
internal import Workers

/// One episode as it was played, from its start to its end.
package struct Episode: Sendable, Equatable {
  /// Normalised observations: those that were acted on, then the last one, shape (T + 1, O).
  package var observations: [Float] = []
  /// Actions as chosen, not clipped, shape (T, A).
  package var actions: [Float] = []
  /// log π(a | x), shape (T); 0 where the policy was not asked.
  package var logProbabilities: [Float] = []
  /// Rewards, shape (T).
  package var rewards: [Double] = []
  /// Whether the task ended, rather than the clock.
  package var terminated = false
  /// Whether it was cut because its simulation became unstable.
  package var diverged = false
  /// The metrics that its family declares, shape (M).
  package var metrics: [Double] = []

  /// An episode before its first observation.
  package init() {}

  /// The undiscounted return.
  package var undiscountedReturn: Double { rewards.reduce(0, +) }
}

/// Plays episodes of one task side by side, so that each step's inference is one batch.
struct EpisodePlayer {
  /// Who plays; nil plays uniformly random actions on observations that are not normalised.
  let trained: TrainedPolicy?
  /// Whether actions are drawn from the policy; else they are its most likely ones.
  let sampled: Bool
  /// Where environments come from.
  let registry: TaskRegistry

  /// Plays one episode per stream, from start to end.
  ///
  /// - Parameters:
  ///   - index: the task's index in training.
  ///   - firstEpisode: the number of the first stream's episode, for errors.
  ///   - streams: an episode's start state is drawn from a generator seeded by its stream, its actions from the
  ///     derived stream "actions".
  /// - Returns: the episodes, in the order of the streams; they do not depend on who plays beside them.
  ///   With them, how long was spent on what.
  /// - Throws: `TrainingError.nonFinite` for the first step with an observation, a log-probability or a reward that
  ///   is not finite, and what the environments throw.
  func play(
    _ task: TaskSpecification, index: Int, firstEpisode: Int, streams: [RandomStream]
  ) throws -> (episodes: [Episode], seconds: ActingSeconds) {
    var seconds: ActingSeconds = (0, 0)
    var watch = Stopwatch()
    let family = try registry.family(of: task)
    let (size, space) = (family.observationSize, family.actionSpace)
    let actor = Actor(
      trained.map { ($0.policy, Policy.Workspace($0.policy, capacity: max(streams.count, 1))) },
      sampled: sampled, space: space, parameters: trained?.policyParameters ?? [],
      normalizer: trained?.normalizer ?? RunningNormalizer(width: size),
      task: trained?.number(ofTask: index) ?? 0)
    var episodes = [Episode](repeating: Episode(), count: streams.count)
    var noise = streams.map { $0.derived("actions") }
    let batch = try EnvironmentBatch(
      tasks: streams.map { _ in task }, registry: registry, streams: streams)
    try batch.reset()
    // The episodes still running, in order, and those of them that have been seen after their step.
    var (running, seen) = ([Int](), [Int]())
    var normalised = [Float](repeating: 0, count: size)
    var action = [Float](repeating: 0, count: space.width)

    func require(_ finding: Actor.Finding?, _ number: Int) throws {
      guard let finding else { return }
      throw TrainingError.nonFinite(
        NonFiniteNumber(
          finding.value, in: finding.quantity, tasks: [task.name],
          at: .episodeStep(episodes[number].rewards.count, episode: firstEpisode + number)))
    }
    func see(_ number: Int, in observations: UnsafePointer<Double>) throws {
      try require(
        actor.see(observations + number * size, row: seen.count, normalised: &normalised), number)
      episodes[number].observations += normalised
    }
    for number in streams.indices {
      try see(number, in: batch.observations)
      seen.append(number)
    }
    while !seen.isEmpty {
      (running, seen) = (seen, [])
      actor.decide(running.count)
      for (row, number) in running.enumerated() {
        var logProbability: Float = 0
        try require(
          actor.act(
            row, using: &noise[number], action: &action, clipped: batch.actions + number * space.width,
            logProbability: &logProbability),
          number)
        episodes[number].actions += action
        episodes[number].logProbabilities.append(logProbability)
        seconds.inference += watch.lap()
        try batch.step(number..<number + 1)
        let outcome = batch.outcomes[number]
        try require(Actor.Finding(outcome.reward, .reward), number)
        episodes[number].rewards.append(outcome.reward)
        seconds.physics += watch.lap()
        try see(number, in: outcome.ended ? batch.finalObservations : batch.observations)
        if outcome.ended {
          episodes[number].terminated = outcome.terminated
          episodes[number].diverged = outcome.diverged
          let width = batch.metrics.count
          episodes[number].metrics = (0..<width).map { batch.episodeMetrics[number * width + $0] }
        } else {
          seen.append(number)
        }
      }
    }
    seconds.inference += watch.lap()
    return (episodes, seconds)
  }

  /// Plays episodes on all workers, in pieces of one task, eight per thread at a time: some seconds of ten episodes each
  /// where a step takes ten microseconds.
  ///
  /// - Parameters:
  ///   - episodes: the numbers of each task's, shape (K).
  ///   - size: the most that are played side by side; fixed, so that results do not depend on the number of threads.
  ///   - purpose: episode e of a task is played on the stream `random.derived("<purpose>/<task name>/episode-<e>")`.
  ///   - each: called after each of these groups with its pieces' tasks and episodes; what it throws ends the playing.
  func play(
    _ episodes: [Range<Int>], of tasks: [TaskSpecification], size: Int, purpose: String, random: RandomStream,
    workers: WorkerPool, each: ([(task: Int, episodes: [Episode], seconds: ActingSeconds)]) throws -> Void
  ) throws {
    let pieces = tasks.indices.flatMap { task in
      stride(from: episodes[task].lowerBound, to: episodes[task].upperBound, by: size).map {
        (task: task, episodes: $0..<min($0 + size, episodes[task].upperBound))
      }
    }
    let groupSize = 8 * workers.threads
    for start in stride(from: 0, to: pieces.count, by: groupSize) {
      try each(
        workers.map(min(groupSize, pieces.count - start)) { index in
          let piece = pieces[start + index]
          let task = tasks[piece.task]
          let played = try play(
            task, index: piece.task, firstEpisode: piece.episodes.lowerBound,
            streams: piece.episodes.map { random.derived("\(purpose)/\(task.name)/episode-\($0)") })
          return (piece.task, played.episodes, played.seconds)
        })
    }
  }
}
