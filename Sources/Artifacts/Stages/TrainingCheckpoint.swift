/// Where a training of meta-train or of a task set stands, and which evaluation episodes have been played since its end.
package struct TrainingCheckpoint: Artifact {
  @Dataset(.taskNames) package var tasks: [String]
  @Dataset("/parameters", ["parameter"], "The policy's parameters, then the critic's.")
  package var parameters: [Float]
  /// Adam's moments and steps.
  package var optimizer = Optimizer()
  /// The observation normalizer.
  package var normalizer = NormalizerMoments()
  /// The statistics of the rewards.
  package var rewardScaling = RewardMoments()
  @Dataset(
    "/recent_return", ["task", "recent"], unit: "return",
    "Returns of each task's latest training episodes, the oldest first; NaN where there were fewer.",
    missing: true)
  package var recentReturns: [[Double]]
  /// The learning curve; it has as many points as iterations are finished.
  package var curve = LearningCurve()
  /// Where the environments stand.
  package var environments = Environments()
  /// Evaluation episodes of the trained policy.
  package var evaluation = Episodes()
  /// Evaluation episodes of random actions.
  package var randomEvaluation = Episodes("random_", "randomly_played", " of random actions")

  /// Adam's state.
  package struct Optimizer: Sendable, Equatable {
    @Dataset("/optimizer/first_moment", ["parameter"], "Adam's mean of the gradient (m).")
    package var first: [Float]
    @Dataset(
      "/optimizer/second_moment", ["parameter"], "Adam's mean of the squared gradient (v).", atLeast: 0)
    package var second: [Float]
    @Dataset("/optimizer/step", [], "Adam's steps so far (t).", atLeast: 0)
    package var step: Int64
  }

  /// The running moments of the discounted return R.
  package struct RewardMoments: Sendable, Equatable {
    @Dataset(
      "/reward_scaling/discounted_return", ["environment"], unit: "return",
      "The discounted sum of rewards of each environment's episode so far (R).")
    package var discountedReturns: [Double]
    @Dataset("/reward_scaling/mean", ["task"], unit: "return", "Running mean of R.")
    package var mean: [Double]
    @Dataset("/reward_scaling/variance", ["task"], unit: "return²", "Running variance of R.", atLeast: 0)
    package var variance: [Double]
    @Dataset("/reward_scaling/count", ["task"], unit: "step", "Number of rewards behind them.", atLeast: 0)
    package var count: [Double]
  }

  /// Environments between two steps.
  package struct Environments: Sendable, Equatable {
    @Dataset(
      "/environments/world", ["environment", "world"], unit: "",
      "All that each simulator's next steps depend on, in its own order, or its actions since the episode began where it cannot tell; NaN beyond.",
      missing: true)
    package var worlds: [[Double]]
    @Dataset(
      "/environments/generator", ["environment", "word"],
      "Each environment's generator of start states, before the episode's where actions are stored: PCG64's state and increment, the high word of each first, then whether half a word is left over, and that half."
    )
    package var generators: [Int64]
    @Dataset(
      "/environments/elapsed_steps", ["environment"], unit: "step", "Steps since the episode began.",
      atLeast: 0)
    package var elapsedSteps: [Int64]
    @Dataset(
      "/environments/episode_return", ["environment"], unit: "return",
      "The sum of rewards since the episode began.")
    package var episodeReturns: [Double]
    @Dataset(
      "/environments/episode_metric", ["environment", "metric"], unit: "",
      "The episode's metrics so far, where the tasks define any.", optional: true)
    package var episodeMetrics: [Double]
    @Dataset(
      "/environments/diverged_episodes", ["environment"],
      "Episodes cut because the simulation became unstable.", atLeast: 0)
    package var divergedEpisodes: [Int64]
  }

  /// Episodes that were played to judge a policy, task after task.
  package struct Episodes: Sendable, Equatable {
    /// The return of each.
    @Dataset package var returns: [Double]
    /// The number of steps of each.
    @Dataset package var lengths: [Int64]
    /// Whether each was cut because its simulation became unstable.
    @Dataset package var diverged: [Bool]
    /// The metrics of each, where the tasks define any.
    @Dataset package var metrics: [Double]

    /// No episodes.
    ///
    /// - Parameters:
    ///   - prefix: what the datasets' names begin with.
    ///   - label: of their dimension.
    ///   - whose: words that follow "episode" in the description.
    init(_ prefix: String = "", _ label: String = "evaluated", _ whose: String = "") {
      _returns = Dataset(
        "/evaluation/\(prefix)return", [label], unit: "return",
        "Return of each evaluation episode\(whose) played so far, task after task.", optional: true)
      _lengths = Dataset(
        "/evaluation/\(prefix)length", [label], unit: "step", "Its number of steps.", atLeast: 0,
        optional: true)
      _diverged = Dataset(
        "/evaluation/\(prefix)diverged", [label], "1 if it was cut because its simulation became unstable.",
        optional: true)
      _metrics = Dataset(
        "/evaluation/\(prefix)metric", [label, "metric"], unit: "",
        "Its metrics, where the tasks define any.", optional: true)
    }
  }

  /// An artifact of which nothing is set.
  package init() {}

  /// `<artifact>.checkpoint.h5` of meta-train and of a task set of full-train-eval.
  package static let layout = ArtifactLayout<Self>(
    stage: "training-checkpoint", version: 1,
    summary: "Where a training stands between two iterations: all that its future depends on.",
    .stored(
      \.$tasks, \.$parameters, \.optimizer.$first, \.optimizer.$second, \.optimizer.$step,
      \.normalizer.$mean, \.normalizer.$variance, \.normalizer.$count, \.rewardScaling.$discountedReturns,
      \.rewardScaling.$mean, \.rewardScaling.$variance, \.rewardScaling.$count, \.$recentReturns,
      \.curve.$steps, \.curve.$returns),
    .stored(
      \.environments.$worlds, \.environments.$generators, \.environments.$elapsedSteps,
      \.environments.$episodeReturns, \.environments.$episodeMetrics, \.environments.$divergedEpisodes),
    .stored(
      \.evaluation.$returns, \.evaluation.$lengths, \.evaluation.$diverged, \.evaluation.$metrics),
    .stored(
      \.randomEvaluation.$returns, \.randomEvaluation.$lengths, \.randomEvaluation.$diverged,
      \.randomEvaluation.$metrics),
    .growing(\.curve), .complete(\.evaluation), .complete(\.randomEvaluation),
    plots: [LearningCurve.plot])
}

extension LayoutPart<TrainingCheckpoint> {
  /// There is a length for every episode; in a file that does not say which diverged, none did.
  fileprivate static func complete(
    _ path: any WritableKeyPath<TrainingCheckpoint, TrainingCheckpoint.Episodes> & Sendable
  ) -> Self {
    rule { (root, contents) throws(ArtifactError) in
      let episodes = root[keyPath: path]
      let count = episodes.returns.count
      if episodes.diverged.isEmpty { root[keyPath: path].diverged = [Bool](repeating: false, count: count) }
      for (path, found) in [
        (episodes.$lengths.schema.path, episodes.lengths.count),
        (episodes.$diverged.schema.path, root[keyPath: path].diverged.count),
      ] where found != count {
        throw contents.mismatch(path, expected: "\(count) values", found: "\(found)")
      }
    }
  }
}
