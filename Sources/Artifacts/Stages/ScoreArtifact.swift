/// What score hands on: estimated performances and task affinities.
package struct ScoreArtifact: Artifact {
  @Dataset(.taskNames) package var tasks: [String]
  @Dataset(
    "/performance", ["subset", "task"],
    "Estimated performance of the task after adaptation to the subset; NaN outside the subset.", missing: true
  )
  package var performance: [Double]
  @Dataset("/subset_performance", ["subset"], "Mean of the performance over the subset's tasks.")
  package var subsetPerformance: [Double]
  @Dataset(
    "/affinity", ["task", "task"],
    "Mean subset performance over the subsets that hold both tasks: the paper's U.")
  package var affinity: [Double]
  @Dataset(
    "/affinity_low", ["task", "task"],
    "Lower end of the affinity's episode-bootstrap interval (score.confidence).")
  package var affinityLow: [Double]
  @Dataset(
    "/affinity_high", ["task", "task"],
    "Upper end of the affinity's episode-bootstrap interval (score.confidence).")
  package var affinityHigh: [Double]
  @Dataset(
    "/affinity_residual", ["task", "task"], "Affinity with the additive effects of single tasks removed.")
  package var affinityResidual: [Double]
  @Dataset(
    "/affinity_residual_low", ["task", "task"],
    "Lower end of the residual's episode-bootstrap interval (score.confidence).")
  package var affinityResidualLow: [Double]
  @Dataset(
    "/affinity_residual_high", ["task", "task"],
    "Upper end of the residual's episode-bootstrap interval (score.confidence).")
  package var affinityResidualHigh: [Double]
  @Dataset(
    "/affinity_task", ["task", "task"],
    "Mean performance of the row's task over the subsets that also hold the column's, row-standardised.")
  package var affinityTask: [Double]
  @Dataset("/pair_count", ["task", "task"], "Number of subsets that hold both tasks.", atLeast: 0)
  package var pairCount: [Int32]
  @Dataset(
    "/gradient_cosine", ["task", "task"], "Cosine between the tasks' mean projected policy gradients.",
    range: -1.0000001...1.0000001)
  package var gradientCosine: [Double]
  @Dataset("/gain", ["task"], "Held-out gain of the task, averaged over the subsets that hold it.")
  package var gain: [Double]
  @Dataset(
    "/gain_low", ["task"], "Lower end of the gain's episode-bootstrap interval (score.confidence).")
  package var gainLow: [Double]
  @Dataset(
    "/gain_high", ["task"], "Upper end of the gain's episode-bootstrap interval (score.confidence).")
  package var gainHigh: [Double]
  @Dataset(
    "/sets/member", ["set", "task"], "1 if the task is in the set, else 0.", range: 0...1, optional: true)
  package var sets: [[Int]]
  @Dataset(
    "/sets/retained", ["set", "task"],
    "The share of its own gain that the task keeps when the set shares a step; NaN outside the set.",
    missing: true,
    optional: true)
  package var retained: [Double]
  @Dataset(
    "/sets/retained_replicate", ["replicate", "set", "task"], "The same under resampled episodes.",
    missing: true,
    optional: true)
  package var retainedReplicates: [Float]
  @Dataset("/own_gain", ["task"], "Gain of the task by a step of its own.", optional: true)
  package var ownGain: [Double]
  @Dataset(
    "/own_gain_error", ["task"], "Standard error of the own gain, over resampled episodes.", atLeast: 0,
    optional: true)
  package var ownGainError: [Double]
  @Attribute(
    "/", "reliable_tasks",
    "Number of tasks with at least two held-out episodes whose gain interval lies above 0.")
  package var reliableTasks: Int
  @Attribute("/", "verdict", "Whether the gains show reliable structure, in words.")
  package var verdict: String

  /// Whether the affinities show structure: more than half of the tasks gain reliably.
  package var hasReliableStructure: Bool { reliableTasks * 2 > tasks.count }

  /// `score.h5`.
  package static let layout = ArtifactLayout<Self>(
    Self(), stage: "score", version: 1,
    summary: "Estimated performance of every task in every subset, and the task affinities made from it.",
    .stored(
      \.$tasks, \.$performance, \.$subsetPerformance, \.$affinity, \.$affinityLow, \.$affinityHigh,
      \.$affinityResidual, \.$affinityResidualLow, \.$affinityResidualHigh, \.$affinityTask, \.$pairCount,
      \.$gradientCosine, \.$gain, \.$gainLow, \.$gainHigh, \.$sets, \.$retained, \.$retainedReplicates,
      \.$ownGain,
      \.$ownGainError, \.$reliableTasks, \.$verdict),
    .ordered(\.$affinityLow, \.$affinityHigh),
    .ordered(\.$affinityResidualLow, \.$affinityResidualHigh),
    .ordered(\.$gainLow, \.$gainHigh),
    .count(of: \.$tasks, atLeast: 0, \.$reliableTasks),
    plots: ["affinity", "affinity_residual", "gain", "performance"].map {
      PlotSchema(name: $0, signal: "/\($0)")
    })
}
