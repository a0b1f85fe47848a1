internal import HDF5

extension ArtifactSchema {
  /// `meta-train.h5`.
  package static let metaTrain = ArtifactSchema(
    stage: "meta-train", version: 1,
    summary:
      "One policy meta-trained on all tasks, its critic, its observation normalizer and its learning curve.",
    datasets: [.taskNames]
      + NetworkParameters.datasets("/policy", logStandardDeviation: true)
      + NetworkParameters.datasets("/critic", logStandardDeviation: false)
      + NormalizerMoments.datasets
      + LearningCurve.datasets
      + [
        DatasetSchema(
          "/return", .float64, ["task"], units: "return", "Mean return of the trained policy on each task."),
        DatasetSchema(
          "/reward_scale", .float64, ["task"], units: "return",
          "What each task's rewards were divided by: the unit of the critic's values.",
          range: Double.leastNonzeroMagnitude...Double.infinity),
      ],
    attributes: NetworkParameters.attributes("/policy") + NetworkParameters.attributes("/critic"),
    plots: [LearningCurve.plot, PlotSchema("return", signal: "/return")])
}
