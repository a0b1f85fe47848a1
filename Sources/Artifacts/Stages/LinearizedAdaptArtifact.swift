/// What linearized-adapt hands on: how the policy would move for each subset.
package struct LinearizedAdaptArtifact: Artifact {
  @Dataset(.taskNames) package var tasks: [String]
  /// The task indices of each subset (subset), those of sample-subsets.
  @Dataset(.member) package var subsets: [[Int]]
  @Dataset(
    "/solution", ["subset", "feature"],
    "Minimiser of the subset's regularised logistic loss, in projected coordinates.")
  package var solution: [Double]
  @Dataset("/loss", ["subset"], unit: "nat", "Regularised loss at the solution.")
  package var loss: [Double]
  @Dataset(
    "/gradient_norm", ["subset"], "Euclidean norm of the loss's gradient at the solution.", atLeast: 0)
  package var gradientNorm: [Double]
  @Dataset("/iterations", ["subset"], "Newton steps taken.", atLeast: 0)
  package var iterations: [Int32]
  @Dataset(
    "/mean_abs_margin", ["subset"],
    "Mean over the subset's tasks of the mean |margin| of the samples fitted: how far the linearisation is stretched.",
    atLeast: 0)
  package var meanAbsoluteMargin: [Double]
  @Attribute("/", "ridge", "Weight of the squared norm in the loss.")
  package var ridge: Double

  /// The number of entries of a projected gradient.
  package var dimension: Int { solution.count / max(subsets.count, 1) }

  /// `linearized-adapt.h5`.
  package static let layout = ArtifactLayout<Self>(
    Self(), stage: "linearized-adapt", version: 1,
    summary:
      "For each subset the minimiser of the regularised weighted logistic loss over its tasks' gradients.",
    .stored(
      \.$tasks, \.$subsets, \.$solution, \.$loss, \.$gradientNorm, \.$iterations, \.$meanAbsoluteMargin,
      \.$ridge),
    .noneEmpty(\.$subsets),
    plots: ["loss", "mean_abs_margin"].map { PlotSchema(name: $0, signal: "/\($0)") })
}
