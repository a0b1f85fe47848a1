internal import HDF5

/// Where a training of meta-train or of a task set stands, and which evaluation episodes have been played since its end.
package struct TrainingCheckpoint: Artifact {
  /// How it is stored.
  package static var schema: ArtifactSchema { .trainingCheckpoint }

  /// The names of the tasks (K).
  package let tasks: [String]
  /// The policy's parameters, then the critic's (P).
  package let parameters: [Float]
  /// Adam's moments and steps.
  package let optimizer: Optimizer
  /// The observation normalizer (O).
  package let normalizer: NormalizerMoments
  /// The statistics of the rewards.
  package let rewardScaling: RewardMoments
  /// Returns of each task's latest episodes, the oldest first (K, …).
  package let recentReturns: [[Double]]
  /// The learning curve (T, K); T is the number of finished iterations.
  package let curve: LearningCurve
  /// Where the environments stand.
  package let environments: Environments
  /// Evaluation episodes of the trained policy, task after task.
  package let evaluation: Episodes
  /// Evaluation episodes of random actions, task after task.
  package let randomEvaluation: Episodes

  /// Adam's state.
  package struct Optimizer: Sendable, Equatable {
    /// m (P).
    package let first: [Float]
    /// v (P).
    package let second: [Float]
    /// t.
    package let step: Int64

    /// A state; see the properties.
    package init(first: [Float], second: [Float], step: Int64) {
      self.first = first
      self.second = second
      self.step = step
    }
  }

  /// The running moments of the discounted return R.
  package struct RewardMoments: Sendable, Equatable {
    /// R of each environment (E).
    package let discountedReturns: [Double]
    /// The mean of R per task (K).
    package let mean: [Double]
    /// The variance of R per task (K).
    package let variance: [Double]
    /// The number of rewards behind them (K).
    package let count: [Double]

    /// Moments; see the properties.
    package init(discountedReturns: [Double], mean: [Double], variance: [Double], count: [Double]) {
      self.discountedReturns = discountedReturns
      self.mean = mean
      self.variance = variance
      self.count = count
    }
  }

  /// Environments between two steps.
  package struct Environments: Sendable, Equatable {
    /// What each simulator remembers (E, S), row-major.
    package let worlds: [Double]
    /// Each generator of start states (E, 6), row-major; the bits of unsigned words.
    package let generators: [Int64]
    /// Steps since each episode began (E).
    package let elapsedSteps: [Int64]
    /// The sum of rewards since then (E).
    package let episodeReturns: [Double]
    /// Diverged episodes (E).
    package let divergedEpisodes: [Int64]

    /// Environments; see the properties.
    package init(
      worlds: [Double], generators: [Int64], elapsedSteps: [Int64], episodeReturns: [Double],
      divergedEpisodes: [Int64]
    ) {
      self.worlds = worlds
      self.generators = generators
      self.elapsedSteps = elapsedSteps
      self.episodeReturns = episodeReturns
      self.divergedEpisodes = divergedEpisodes
    }
  }

  /// Episodes that were played to judge a policy.
  package struct Episodes: Sendable, Equatable {
    /// The return of each.
    package let returns: [Double]
    /// The number of steps of each.
    package let lengths: [Int64]
    /// Whether each was cut because its simulation became unstable.
    package let diverged: [Bool]

    /// Episodes; see the properties.
    package init(returns: [Double], lengths: [Int64], diverged: [Bool]) {
      self.returns = returns
      self.lengths = lengths
      self.diverged = diverged
    }

    /// Episodes of a file; none of them diverged if it does not say.
    fileprivate init(returns: [Double], lengths: [Int64], diverged: [UInt8]?) {
      self.init(
        returns: returns, lengths: lengths, diverged: diverged?.map { $0 != 0 } ?? returns.map { _ in false })
    }
  }

  /// The values; see the properties.
  package init(
    tasks: [String], parameters: [Float], optimizer: Optimizer, normalizer: NormalizerMoments,
    rewardScaling: RewardMoments, recentReturns: [[Double]], curve: LearningCurve, environments: Environments,
    evaluation: Episodes, randomEvaluation: Episodes
  ) {
    self.tasks = tasks
    self.parameters = parameters
    self.optimizer = optimizer
    self.normalizer = normalizer
    self.rewardScaling = rewardScaling
    self.recentReturns = recentReturns
    self.curve = curve
    self.environments = environments
    self.evaluation = evaluation
    self.randomEvaluation = randomEvaluation
  }

  /// The values of a validated file.
  package init(_ contents: ValidatedContents) throws(ArtifactError) {
    let recent: [Double] = try contents.values("/recent_return")
    let width = try contents.length("/recent_return", 1)
    let tasks: [String] = try contents.values("/dims/task")
    self.init(
      tasks: tasks, parameters: try contents.values("/parameters"),
      optimizer: Optimizer(
        first: try contents.values("/optimizer/first_moment"),
        second: try contents.values("/optimizer/second_moment"),
        step: try contents.scalar("/optimizer/step")),
      normalizer: try NormalizerMoments(contents),
      rewardScaling: RewardMoments(
        discountedReturns: try contents.values("/reward_scaling/discounted_return"),
        mean: try contents.values("/reward_scaling/mean"),
        variance: try contents.values("/reward_scaling/variance"),
        count: try contents.values("/reward_scaling/count")),
      recentReturns: tasks.indices.map { task in
        recent[task * width..<(task + 1) * width].filter { !$0.isNaN }
      },
      curve: try LearningCurve(contents),
      environments: Environments(
        worlds: try contents.values("/environments/world"),
        generators: try contents.values("/environments/generator"),
        elapsedSteps: try contents.values("/environments/elapsed_steps"),
        episodeReturns: try contents.values("/environments/episode_return"),
        divergedEpisodes: try contents.values("/environments/diverged_episodes")),
      evaluation: Episodes(
        returns: contents.optional("/evaluation/return") ?? [],
        lengths: contents.optional("/evaluation/length") ?? [],
        diverged: contents.optional("/evaluation/diverged")),
      randomEvaluation: Episodes(
        returns: contents.optional("/evaluation/random_return") ?? [],
        lengths: contents.optional("/evaluation/random_length") ?? [],
        diverged: contents.optional("/evaluation/random_diverged")))
    for (episodes, name) in [(evaluation, ""), (randomEvaluation, "random_")] {
      for (dataset, found) in [("length", episodes.lengths.count), ("diverged", episodes.diverged.count)]
      where found != episodes.returns.count {
        throw contents.mismatch(
          "/evaluation/\(name)\(dataset)", expected: "\(episodes.returns.count) values", found: "\(found)")
      }
    }
  }

  /// The datasets and attributes.
  package var contents: ArtifactContents {
    var contents = ArtifactContents()
    contents.add(tasks: tasks)
    contents.add("/parameters", .float32(parameters), shape: [parameters.count])
    contents.add("/optimizer/first_moment", .float32(optimizer.first), shape: [optimizer.first.count])
    contents.add("/optimizer/second_moment", .float32(optimizer.second), shape: [optimizer.second.count])
    contents.add("/optimizer/step", .int64([optimizer.step]), shape: [])
    normalizer.add(to: &contents)
    contents.add(
      "/reward_scaling/discounted_return", .float64(rewardScaling.discountedReturns),
      shape: [rewardScaling.discountedReturns.count])
    for (name, values) in [
      ("mean", rewardScaling.mean), ("variance", rewardScaling.variance), ("count", rewardScaling.count),
    ] {
      contents.add("/reward_scaling/\(name)", .float64(values), shape: [values.count])
    }
    let width = max(recentReturns.map(\.count).max() ?? 0, 1)
    contents.add(
      "/recent_return",
      .float64(recentReturns.flatMap { $0 + [Double](repeating: .nan, count: width - $0.count) }),
      shape: [recentReturns.count, width])
    curve.add(to: &contents, taskCount: tasks.count)
    add(environments, to: &contents)
    add(evaluation, "", to: &contents)
    add(randomEvaluation, "random_", to: &contents)
    return contents
  }

  private func add(_ environments: Environments, to contents: inout ArtifactContents) {
    let count = environments.elapsedSteps.count
    func addRows(_ name: String, _ values: ArtifactValues) {
      contents.add("/environments/\(name)", values, shape: [count, values.count / max(count, 1)])
    }
    addRows("world", .float64(environments.worlds))
    addRows("generator", .int64(environments.generators))
    contents.add("/environments/elapsed_steps", .int64(environments.elapsedSteps), shape: [count])
    contents.add("/environments/episode_return", .float64(environments.episodeReturns), shape: [count])
    contents.add("/environments/diverged_episodes", .int64(environments.divergedEpisodes), shape: [count])
  }

  private func add(_ episodes: Episodes, _ prefix: String, to contents: inout ArtifactContents) {
    guard !episodes.returns.isEmpty else { return }
    contents.add(
      "/evaluation/\(prefix)return", .float64(episodes.returns), shape: [episodes.returns.count])
    contents.add(
      "/evaluation/\(prefix)length", .int64(episodes.lengths), shape: [episodes.lengths.count])
    contents.add(
      "/evaluation/\(prefix)diverged", .uint8(episodes.diverged.map { $0 ? 1 : 0 }),
      shape: [episodes.diverged.count])
  }
}
