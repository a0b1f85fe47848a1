/// Where a training of meta-train or of a task set stands.
package struct TrainingCheckpoint: Artifact {
  @Dataset(.taskNames) package var tasks: [String]
  @Dataset("/parameters", ["parameter"], "The policy's parameters, then the critic's.")
  package var parameters: [Float]
  @Dataset("/optimizer/first_moment", ["parameter"], "Adam's mean of the gradient (m).")
  package var firstMoment: [Float]
  @Dataset(
    "/optimizer/second_moment", ["parameter"], "Adam's mean of the squared gradient (v).", atLeast: 0)
  package var secondMoment: [Float]
  @Dataset("/optimizer/step", [], "Adam's steps so far (t).", atLeast: 0)
  package var optimizerSteps: Int
  /// The observation normalizer.
  package var normalizer = NormalizerMoments()
  @Dataset(
    "/reward_scaling/discounted_return", ["environment"], unit: "return",
    "The discounted sum of rewards of each environment's episode so far (R).")
  package var discountedReturns: [Double]
  @Dataset("/reward_scaling/mean", ["task"], unit: "return", "Running mean of R.")
  package var rewardMean: [Double]
  @Dataset("/reward_scaling/variance", ["task"], unit: "return²", "Running variance of R.", atLeast: 0)
  package var rewardVariance: [Double]
  @Dataset("/reward_scaling/count", ["task"], unit: "step", "Number of rewards behind them.", atLeast: 0)
  package var rewardCount: [Double]
  @Dataset(
    "/recent_return", ["task", "recent"], unit: "return",
    "Returns of each task's latest training episodes, the oldest first; NaN where there were fewer.",
    missing: true)
  package var recentReturns: [[Double]]
  /// The learning curve; it has as many points as iterations are finished.
  package var curve = LearningCurve()
  @Dataset(
    "/environments/world", ["environment", "world"], unit: "",
    "All that each simulator's next steps depend on, in its own order, or its actions since the episode began where it cannot tell; NaN beyond.",
    missing: true)
  package var worlds: [[Double]]
  @Dataset(
    "/environments/generator", ["environment", "word"],
    "Each environment's generator of start states, before the episode's where actions are stored: PCG64's state and increment, the high word of each first, then whether half a word is left over, and that half."
  )
  package var generators: [Int]
  @Dataset(
    "/environments/elapsed_steps", ["environment"], unit: "step", "Steps since the episode began.",
    atLeast: 0)
  package var elapsedSteps: [Int]
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
  package var divergedEpisodes: [Int]

  /// `<artifact>.checkpoint.h5` of meta-train and of a task set of full-train-eval.
  package static let layout = ArtifactLayout<Self>(
    Self(), stage: "training-checkpoint", version: 1,
    summary: "Where a training stands between two iterations: all that its future depends on.",
    .stored(
      \.$tasks, \.$parameters, \.$firstMoment, \.$secondMoment, \.$optimizerSteps, \.normalizer.$mean,
      \.normalizer.$variance, \.normalizer.$count, \.$discountedReturns, \.$rewardMean, \.$rewardVariance,
      \.$rewardCount, \.$recentReturns, \.curve.$steps, \.curve.$returns, \.$worlds, \.$generators,
      \.$elapsedSteps, \.$episodeReturns, \.$episodeMetrics, \.$divergedEpisodes),
    .growing(\.curve),
    plots: [LearningCurve.plot])
}
