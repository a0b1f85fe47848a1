internal import HDF5

extension ArtifactSchema {
  /// `linearized-adapt.h5`.
  package static let linearizedAdapt = ArtifactSchema(
    stage: "linearized-adapt", version: 1,
    summary:
      "For each subset the minimiser of the regularised weighted logistic loss over its tasks' gradients.",
    datasets: [
      .taskNames, .member,
      DatasetSchema(
        "/solution", .float64, ["subset", "feature"], units: "1",
        "Minimiser of the subset's regularised logistic loss, in projected coordinates."),
      DatasetSchema("/loss", .float64, ["subset"], units: "nat", "Regularised loss at the solution."),
      DatasetSchema(
        "/gradient_norm", .float64, ["subset"], units: "1",
        "Euclidean norm of the loss's gradient at the solution.",
        range: 0...Double.infinity),
      DatasetSchema(
        "/iterations", .int32, ["subset"], units: "1", "Newton steps taken.", range: 0...Double(Int32.max)),
      DatasetSchema(
        "/mean_abs_margin", .float64, ["subset"], units: "1",
        "Mean over the subset's tasks of the mean |margin| of the samples fitted: how far the linearisation is stretched.",
        range: 0...Double.infinity),
    ],
    attributes: [AttributeSchema("/", "ridge", .real, "Weight of the squared norm in the loss.")],
    plots: [PlotSchema("loss", signal: "/loss"), PlotSchema("mean_abs_margin", signal: "/mean_abs_margin")])
}
