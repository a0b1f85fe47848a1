internal import Artifacts
internal import Environments
internal import Policies
internal import Training

extension TrainingCheckpoint {
  /// A training's state as it is stored.
  init(_ snapshot: TrainingSnapshot, tasks: [String]) {
    self.init { _ in }
    let (state, environments) = (snapshot.state, snapshot.environments)
    self.tasks = tasks
    parameters = state.parameters
    firstMoment = state.optimizer.first
    secondMoment = state.optimizer.second
    optimizerSteps = state.optimizer.step
    normalizer = NormalizerMoments(state.normalizer)
    let moments = state.rewardScaling.statistics
    discountedReturns = state.rewardScaling.discountedReturns
    rewardMean = moments.map { $0.mean[0] }
    rewardVariance = moments.map { $0.variance[0] }
    rewardCount = moments.map(\.count)
    recentReturns = state.recentReturns
    curve = LearningCurve(state)
    worlds = environments.worlds
    generators = environments.generators.map { Int(truncatingIfNeeded: $0) }
    elapsedSteps = environments.elapsedSteps
    episodeReturns = environments.episodeReturns
    episodeMetrics = environments.episodeMetrics
    divergedEpisodes = environments.divergedEpisodes
  }
}

extension TrainingSnapshot {
  /// The state that a checkpoint stores; `Trainer.restore` finds out whether it fits.
  init(_ saved: TrainingCheckpoint) {
    let (curve, width) = (saved.curve, saved.tasks.count)
    var state = TrainerState(
      parameters: saved.parameters,
      optimizer: Adam(first: saved.firstMoment, second: saved.secondMoment, step: saved.optimizerSteps),
      normalizer: RunningNormalizer(saved.normalizer),
      rewardScaling: RewardScaling(
        discountedReturns: saved.discountedReturns,
        statistics: saved.rewardMean.indices.map {
          RunningNormalizer(
            mean: [saved.rewardMean[$0]], variance: [saved.rewardVariance[$0]], count: saved.rewardCount[$0])
        }),
      recentReturns: saved.recentReturns)
    state.iteration = curve.steps.count
    state.environmentSteps = Int(curve.steps.last ?? 0)
    state.curveSteps = curve.steps.map { Int($0) }
    state.curveReturns = curve.steps.indices.map { Array(curve.returns[$0 * width..<($0 + 1) * width]) }
    self.init(
      state: state,
      environments: EnvironmentBatchSnapshot(
        worlds: saved.worlds, generators: saved.generators.map { UInt64(truncatingIfNeeded: $0) },
        elapsedSteps: saved.elapsedSteps, episodeReturns: saved.episodeReturns,
        episodeMetrics: saved.episodeMetrics, divergedEpisodes: saved.divergedEpisodes))
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
