internal import HDF5

extension ArtifactSchema {
  /// `full-train-eval/<set>.h5`.
  package static let trainedSet = ArtifactSchema(
    stage: "full-train-eval-set", version: 1,
    summary: "A policy trained from scratch on one set of tasks, and its returns in evaluation episodes.",
    datasets: [
      .taskNames,
      DatasetSchema(
        "/tasks", .int32, ["task"], units: "1", "Index of each task of the set among the benchmark's tasks.",
        range: 0...Double(Int32.max)),
    ]
      + NetworkParameters.datasets("/policy", logStandardDeviation: true)
      + NormalizerMoments.datasets
      + LearningCurve.datasets
      + [
        DatasetSchema(
          "/return", .float64, ["task", "episode"], units: "return", "Return of each evaluation episode."),
        DatasetSchema(
          "/random_return", .float64, ["task", "episode"], units: "return",
          "Return of uniformly random actions in the same evaluation episodes."),
        DatasetSchema(
          "/success", .uint8, ["task", "episode"], units: "1",
          "1 if the evaluation episode was a success, else 0.",
          range: 0...1, optional: true),
        DatasetSchema(
          "/steps", .int64, [], units: "step", "Environment steps of training, over all tasks of the set.",
          range: 0...Double.infinity),
      ],
    attributes: NetworkParameters.attributes("/policy"),
    plots: [PlotSchema("return", signal: "/return"), LearningCurve.plot])
}
