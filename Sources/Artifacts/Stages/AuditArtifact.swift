/// How well estimates rank task sets, compared with what training really gives.
package struct AuditArtifact: Artifact {
  @Dataset(.taskNames) package var tasks: [String]
  @Dataset(
    "/comparison/predictor", ["comparison"], unit: "", "Who ranks the sets: a reading of a score, or a rival."
  )
  package var predictors: [String]
  @Dataset(
    "/comparison/start", ["comparison"], unit: "", "What the true trainings began with: scratch or meta.")
  package var starts: [String]
  @Dataset("/comparison/sets", ["comparison"], unit: "", "Which sets are ranked.")
  package var sets: [String]
  @Dataset("/comparison/count", ["comparison"], "The number of these sets.", atLeast: 0)
  package var counts: [Int32]
  @Dataset(
    "/comparison/spearman", ["comparison"],
    "Rank correlation with the true values, a mean over the scores; NaN where one side is constant.",
    range: -1...1, missing: true)
  package var correlation: [Double]
  @Dataset("/comparison/low", ["comparison"], "Lower end of its 95 % interval.", range: -1...1, missing: true)
  package var low: [Double]
  @Dataset(
    "/comparison/high", ["comparison"], "Upper end of its 95 % interval.", range: -1...1, missing: true)
  package var high: [Double]
  @Dataset(
    "/comparison/between_runs", ["comparison"],
    "Mean rank correlation between the true values of two runs that repeat each other; NaN without any.",
    range: -1...1,
    missing: true)
  package var betweenRuns: [Double]
  @Dataset(
    "/comparison/ceiling", ["comparison"],
    "What a predictor without noise would reach against the mean of such runs; NaN without any.",
    range: 0...1,
    missing: true)
  package var ceiling: [Double]
  @Dataset(
    "/grouping/name", ["grouping"], unit: "",
    "Groupings whose true value is known: of a file of cluster, or the best with each number of groups.",
    optional: true)
  package var groupings: [String]
  @Dataset("/grouping/start", ["grouping"], unit: "", "What the true trainings began with.", optional: true)
  package var groupingStarts: [String]
  @Dataset("/grouping/label", ["grouping", "task"], "The group of each task.", atLeast: 0, optional: true)
  package var labels: [Int32]
  @Dataset(
    "/grouping/value", ["grouping"], "Mean true normalised return over the tasks, over the runs.",
    optional: true)
  package var values: [Double]
  @Dataset(
    "/grouping/regret", ["grouping"], "The value of the best grouping with as many groups, minus this one's.",
    atLeast: 0,
    optional: true)
  package var regret: [Double]
  @Dataset(
    "/grouping/rank", ["grouping"], "The share of the groupings with as many groups that are better.",
    range: 0...1,
    optional: true)
  package var rank: [Double]

  /// `audit.h5`.
  package static let layout = ArtifactLayout<Self>(
    Self(), stage: "audit", version: 1,
    summary: "How well estimates rank task sets, compared with what training really gives.",
    .stored(
      \.$tasks, \.$predictors, \.$starts, \.$sets, \.$counts, \.$correlation, \.$low, \.$high, \.$betweenRuns,
      \.$ceiling,
      \.$groupings, \.$groupingStarts, \.$labels, \.$values, \.$regret, \.$rank),
    plots: [PlotSchema(name: "spearman", signal: "/comparison/spearman")])
}
