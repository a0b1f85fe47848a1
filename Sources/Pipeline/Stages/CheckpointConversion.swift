internal import Artifacts
internal import Environments
internal import Policies
internal import Training

extension TrainingCheckpoint {
  /// A training's state as it is stored.
  init(_ snapshot: TrainingSnapshot, tasks: [String]) {
    self.init { _ in }
    let state = snapshot.state
    self.tasks = tasks
    parameters = state.parameters
    optimizer.first = state.optimizer.first
    optimizer.second = state.optimizer.second
    optimizer.step = Int64(state.optimizer.step)
    normalizer = NormalizerMoments(state.normalizer)
    let moments = state.rewardScaling.statistics
    rewardScaling.discountedReturns = state.rewardScaling.discountedReturns
    rewardScaling.mean = moments.map { $0.mean[0] }
    rewardScaling.variance = moments.map { $0.variance[0] }
    rewardScaling.count = moments.map(\.count)
    recentReturns = state.recentReturns
    curve = LearningCurve(state)
    environments.worlds = snapshot.environments.worlds
    environments.generators = snapshot.environments.generators.map { Int64(bitPattern: $0) }
    environments.elapsedSteps = snapshot.environments.elapsedSteps.map { Int64($0) }
    environments.episodeReturns = snapshot.environments.episodeReturns
    environments.episodeMetrics = snapshot.environments.episodeMetrics
    environments.divergedEpisodes = snapshot.environments.divergedEpisodes.map { Int64($0) }
  }
}

extension TrainingSnapshot {
  /// The state that a checkpoint stores; `Trainer.restore` finds out whether it fits.
  init(_ checkpoint: TrainingCheckpoint) {
    let scaling = checkpoint.rewardScaling
    var state = TrainerState(
      parameters: checkpoint.parameters,
      optimizer: Adam(
        first: checkpoint.optimizer.first, second: checkpoint.optimizer.second,
        step: Int(checkpoint.optimizer.step)),
      normalizer: RunningNormalizer(
        mean: checkpoint.normalizer.mean, variance: checkpoint.normalizer.variance,
        count: checkpoint.normalizer.count),
      rewardScaling: RewardScaling(
        discountedReturns: scaling.discountedReturns,
        statistics: scaling.mean.indices.map {
          RunningNormalizer(
            mean: [scaling.mean[$0]], variance: [scaling.variance[$0]], count: scaling.count[$0])
        }),
      recentReturns: checkpoint.recentReturns)
    let curve = checkpoint.curve
    let width = checkpoint.tasks.count
    state.iteration = curve.steps.count
    state.environmentSteps = Int(curve.steps.last ?? 0)
    state.curveSteps = curve.steps.map { Int($0) }
    state.curveReturns = curve.steps.indices.map { Array(curve.returns[$0 * width..<($0 + 1) * width]) }
    let environments = checkpoint.environments
    self.init(
      state: state,
      environments: EnvironmentBatchSnapshot(
        worlds: environments.worlds, generators: environments.generators.map { UInt64(bitPattern: $0) },
        elapsedSteps: environments.elapsedSteps.map { Int($0) }, episodeReturns: environments.episodeReturns,
        episodeMetrics: environments.episodeMetrics,
        divergedEpisodes: environments.divergedEpisodes.map { Int($0) }))
  }
}

extension CollectionCheckpoint {
  /// Episodes of all tasks and the features so far as they are stored.
  init(_ episodes: [[Episode]], tasks: [String], features: [Float], dimension: Int) {
    self.init { _ in }
    let all = episodes.flatMap { $0 }
    /// How many entries an episode's last observation has.
    func width(_ episode: Episode) -> Int { episode.observations.count / (episode.rewards.count + 1) }
    self.tasks = tasks
    episodeTask = episodes.enumerated().flatMap { task, played in played.map { _ in Int32(task) } }
    episodeLength = all.map { Int64($0.rewards.count) }
    terminated = all.map(\.terminated)
    diverged = all.map(\.diverged)
    finalObservations = all.flatMap { $0.observations.suffix(width($0)) }
    observations = all.flatMap { $0.observations.dropLast(width($0)) }
    actions = all.flatMap(\.actions)
    logProbabilities = all.flatMap(\.logProbabilities)
    rewards = all.flatMap(\.rewards)
    self.features = features
    self.dimension = dimension
  }

  /// Whether these can be the episodes of a policy on these tasks, and the features so far of dimension d.
  func fits(_ tasks: [String], _ trained: TrainedPolicy, dimension: Int) -> Bool {
    let steps = rewards.count
    return self.tasks == tasks && (features.isEmpty || self.dimension == dimension)
      && observations.count == steps * trained.normalizer.width
      && actions.count == steps * trained.policy.actionWidth
      && finalObservations.count == episodeTask.count * trained.normalizer.width
  }

  /// The episodes of each task.
  var episodes: [[Episode]] {
    var episodes = [[Episode]](repeating: [], count: tasks.count)
    let steps = max(rewards.count, 1)
    let (observationSize, actionWidth) = (observations.count / steps, actions.count / steps)
    var first = 0
    for (index, task) in episodeTask.enumerated() {
      let end = first + Int(episodeLength[index])
      var episode = Episode()
      episode.observations = Array(observations[first * observationSize..<end * observationSize])
      episode.observations += finalObservations[index * observationSize..<(index + 1) * observationSize]
      episode.actions = Array(actions[first * actionWidth..<end * actionWidth])
      episode.logProbabilities = Array(logProbabilities[first..<end])
      episode.rewards = Array(rewards[first..<end])
      episode.terminated = terminated[index]
      episode.diverged = diverged[index]
      episodes[Int(task)].append(episode)
      first = end
    }
    return episodes
  }
}
