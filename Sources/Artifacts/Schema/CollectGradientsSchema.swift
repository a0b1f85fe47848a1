internal import HDF5

extension ArtifactSchema {
  /// `collect-gradients.h5`; anyone who has per-sample gradients of a policy of their own may write it.
  package static let collectGradients = ArtifactSchema(
    stage: "collect-gradients", version: 1,
    summary: "On-policy transitions of every task with the projected gradients of their log-probability.",
    datasets: [
      .taskNames,
      DatasetSchema(
        "/features", .float32, ["sample", "feature"], units: "1",
        "Projected gradient of the action's log-probability, one row a sample."),
      DatasetSchema(
        "/task", .int32, ["sample"], units: "1", "Index of the sample's task.", range: 0...Double(Int32.max)),
      DatasetSchema(
        "/episode", .int32, ["sample"], units: "1",
        "Number of the sample's episode; an episode belongs to one task.",
        range: 0...Double(Int32.max)),
      DatasetSchema(
        "/held_out", .uint8, ["sample"], units: "1",
        "1 if the sample is kept for scoring, 0 if surrogates are fitted to it; the same within an episode.",
        range: 0...1),
      DatasetSchema(
        "/advantage", .float32, ["sample"], units: "1", "Advantage of the action, standardised per task."),
      DatasetSchema(
        "/observations", .float32, ["sample", "policy_input"], units: "1",
        "Observation as fed to the policy.", optional: true),
      DatasetSchema(
        "/actions", .float32, ["sample", "action"], units: "1", "Action taken, continuous.", optional: true),
      DatasetSchema(
        "/actions", .int32, ["sample"], units: "1", "Index of the action taken.",
        range: 0...Double(Int32.max),
        optional: true),
      DatasetSchema(
        "/log_prob", .float32, ["sample"], units: "nat", "Log-probability (density) of the action taken.",
        optional: true),
      DatasetSchema(
        "/return", .float64, ["task"], units: "return", "Mean return of the collected complete episodes.",
        optional: true),
    ],
    attributes: [
      AttributeSchema(
        "/features", "projection", .string, "JSON: kind, dimension, seed, id of the projection's definition.",
        optional: true)
    ],
    plots: [PlotSchema("advantage", signal: "/advantage"), PlotSchema("return", signal: "/return")])
}
