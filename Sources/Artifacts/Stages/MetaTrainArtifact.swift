/// What meta-train hands on: one policy for all tasks.
package struct MetaTrainArtifact: Artifact {
  @Dataset(.taskNames) package var tasks: [String]
  /// The policy.
  package var policy = NetworkParameters.none
  /// The critic; its log-std is nil.
  package var critic = NetworkParameters.none
  /// The observation normalizer at the end of training.
  package var normalizer = NormalizerMoments()
  /// The learning curve.
  package var curve = LearningCurve()
  @Dataset("/return", ["task"], unit: "return", "Mean return of the trained policy on each task.")
  package var taskReturn: [Double]
  @Dataset(
    "/reward_scale", ["task"], unit: "return",
    "What each task's rewards were divided by: the unit of the critic's values.",
    atLeast: .leastNonzeroMagnitude)
  package var rewardScale: [Double]

  /// `meta-train.h5`.
  package static let layout = ArtifactLayout<Self>(
    Self(), stage: "meta-train", version: 1,
    summary:
      "One policy meta-trained on all tasks, its critic, its observation normalizer and its learning curve.",
    .stored(\.$tasks), .network(\.policy, "/policy", logStandardDeviation: true),
    .network(\.critic, "/critic", logStandardDeviation: false),
    .stored(
      \.normalizer.$mean, \.normalizer.$variance, \.normalizer.$count, \.curve.$steps, \.curve.$returns,
      \.$taskReturn, \.$rewardScale),
    .growing(\.curve),
    plots: [LearningCurve.plot, PlotSchema(name: "return", signal: "/return")])
}
