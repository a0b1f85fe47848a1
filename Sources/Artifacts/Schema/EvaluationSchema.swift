internal import HDF5

extension ArtifactSchema {
  /// `full-train-eval.h5`.
  package static let evaluation = ArtifactSchema(
    stage: "full-train-eval", version: 1,
    summary: "How every grouping performed when its task sets were trained.",
    datasets: [
      .taskNames,
      DatasetSchema("/groupings", .string, ["grouping"], units: "", "Names of the groupings."),
      DatasetSchema(
        "/return", .float64, ["grouping", "task"], units: "return",
        "Mean evaluation return of the task under the grouping."),
      DatasetSchema(
        "/normalised", .float64, ["grouping", "task"], units: "1",
        "Return scaled so that the task's references are 0 and 1."),
      DatasetSchema(
        "/normalised_mean", .float64, ["grouping"], units: "1",
        "Mean of the normalised return over the tasks."),
      DatasetSchema(
        "/normalised_low", .float64, ["grouping"], units: "1",
        "Lower end of the 95 % bootstrap interval of the normalised mean."),
      DatasetSchema(
        "/normalised_high", .float64, ["grouping"], units: "1",
        "Upper end of the 95 % bootstrap interval of the normalised mean."),
      DatasetSchema(
        "/worst_normalised", .float64, ["grouping"], units: "1",
        "Normalised return of the grouping's worst task."),
      DatasetSchema(
        "/total_steps", .int64, ["grouping"], units: "step",
        "Environment steps of all the grouping's task sets.",
        range: 0...Double.infinity),
      DatasetSchema(
        "/set", .string, ["grouping", "task"], units: "", "Name of the task-set file behind each entry."),
      DatasetSchema("/reference_low", .float64, ["task"], units: "return", "Return that is normalised to 0."),
      DatasetSchema(
        "/reference_high", .float64, ["task"], units: "return", "Return that is normalised to 1."),
    ],
    attributes: [.verdictOfScore],
    plots: [
      PlotSchema("normalised", signal: "/normalised"), PlotSchema("return", signal: "/return"),
      PlotSchema("normalised_mean", signal: "/normalised_mean"),
    ])
}
