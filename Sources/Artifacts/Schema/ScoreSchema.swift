internal import HDF5

extension ArtifactSchema {
  /// `score.h5`.
  package static let score = ArtifactSchema(
    stage: "score", version: 1,
    summary: "Estimated performance of every task in every subset, and the task affinities made from it.",
    datasets: [
      .taskNames,
      DatasetSchema(
        "/performance", .float64, ["subset", "task"], units: "1",
        "Estimated performance of the task after adaptation to the subset; NaN outside the subset.",
        missing: true),
      DatasetSchema(
        "/subset_performance", .float64, ["subset"], units: "1",
        "Mean of the performance over the subset's tasks."),
      DatasetSchema(
        "/affinity", .float64, ["task", "task"], units: "1",
        "Mean subset performance over the subsets that hold both tasks: the paper's U."),
      DatasetSchema(
        "/affinity_low", .float64, ["task", "task"], units: "1",
        "Lower end of the affinity's episode-bootstrap interval (score.confidence)."),
      DatasetSchema(
        "/affinity_high", .float64, ["task", "task"], units: "1",
        "Upper end of the affinity's episode-bootstrap interval (score.confidence)."),
      DatasetSchema(
        "/affinity_residual", .float64, ["task", "task"], units: "1",
        "Affinity with the additive effects of single tasks removed."),
      DatasetSchema(
        "/affinity_residual_low", .float64, ["task", "task"], units: "1",
        "Lower end of the residual's episode-bootstrap interval (score.confidence)."),
      DatasetSchema(
        "/affinity_residual_high", .float64, ["task", "task"], units: "1",
        "Upper end of the residual's episode-bootstrap interval (score.confidence)."),
      DatasetSchema(
        "/affinity_task", .float64, ["task", "task"], units: "1",
        "Mean performance of the row's task over the subsets that also hold the column's, row-standardised."),
      DatasetSchema(
        "/pair_count", .int32, ["task", "task"], units: "1", "Number of subsets that hold both tasks.",
        range: 0...Double(Int32.max)),
      DatasetSchema(
        "/gradient_cosine", .float64, ["task", "task"], units: "1",
        "Cosine between the tasks' mean projected policy gradients.", range: -1.0000001...1.0000001),
      DatasetSchema(
        "/gain", .float64, ["task"], units: "1",
        "Held-out gain of the task, averaged over the subsets that hold it."),
      DatasetSchema(
        "/gain_low", .float64, ["task"], units: "1",
        "Lower end of the gain's episode-bootstrap interval (score.confidence)."),
      DatasetSchema(
        "/gain_high", .float64, ["task"], units: "1",
        "Upper end of the gain's episode-bootstrap interval (score.confidence)."),
    ],
    attributes: [
      AttributeSchema(
        "/", "reliable_tasks", .integer,
        "Number of tasks with at least two held-out episodes whose gain interval lies above 0."),
      AttributeSchema("/", "verdict", .string, "Whether the gains show reliable structure, in words."),
    ],
    plots: [
      PlotSchema("affinity", signal: "/affinity"),
      PlotSchema("affinity_residual", signal: "/affinity_residual"),
      PlotSchema("gain", signal: "/gain"), PlotSchema("performance", signal: "/performance"),
    ])
}
