internal import HDF5

extension ArtifactSchema {
  /// `<artifact>.checkpoint.h5` of meta-train and of a task set of full-train-eval.
  package static let trainingCheckpoint = ArtifactSchema(
    stage: "training-checkpoint", version: 1,
    summary: "Where a training stands between two iterations: all that its future depends on.",
    datasets: [
      .taskNames,
      DatasetSchema(
        "/parameters", .float32, ["parameter"], units: "1", "The policy's parameters, then the critic's."),
      DatasetSchema(
        "/optimizer/first_moment", .float32, ["parameter"], units: "1", "Adam's mean of the gradient (m)."),
      DatasetSchema(
        "/optimizer/second_moment", .float32, ["parameter"], units: "1",
        "Adam's mean of the squared gradient (v).", range: 0...Double.infinity),
      count("/optimizer/step", [], units: "1", "Adam's steps so far (t)."),
    ]
      + NormalizerMoments.datasets
      + [
        DatasetSchema(
          "/reward_scaling/discounted_return", .float64, ["environment"], units: "return",
          "The discounted sum of rewards of each environment's episode so far (R)."),
        DatasetSchema(
          "/reward_scaling/mean", .float64, ["task"], units: "return", "Running mean of R."),
        DatasetSchema(
          "/reward_scaling/variance", .float64, ["task"], units: "return²", "Running variance of R.",
          range: 0...Double.infinity),
        DatasetSchema(
          "/reward_scaling/count", .float64, ["task"], units: "step", "Number of rewards behind them.",
          range: 0...Double.infinity),
        DatasetSchema(
          "/recent_return", .float64, ["task", "recent"], units: "return",
          "Returns of each task's latest training episodes, the oldest first; NaN where there were fewer.",
          missing: true),
      ]
      + LearningCurve.datasets
      + [
        DatasetSchema(
          "/environments/world", .float64, ["environment", "world"], units: "",
          "All that each simulator's next steps depend on, in its own order."),
        DatasetSchema(
          "/environments/generator", .int64, ["environment", "word"], units: "1",
          "Each environment's generator of start states: PCG64's state and increment, the high word of each first, then whether half a word is left over, and that half."
        ),
        count(
          "/environments/elapsed_steps", ["environment"], units: "step", "Steps since the episode began."),
        DatasetSchema(
          "/environments/episode_return", .float64, ["environment"], units: "return",
          "The sum of rewards since the episode began."),
        count(
          "/environments/diverged_episodes", ["environment"], units: "1",
          "Episodes cut because the simulation became unstable."),
        DatasetSchema(
          "/evaluation/return", .float64, ["evaluated"], units: "return",
          "Return of each evaluation episode played so far, task after task.", optional: true),
        count(
          "/evaluation/length", ["evaluated"], units: "step", "Its number of steps.", optional: true),
        DatasetSchema(
          "/evaluation/diverged", .uint8, ["evaluated"], units: "1",
          "1 if it was cut because its simulation became unstable.", range: 0...1, optional: true),
        DatasetSchema(
          "/evaluation/random_return", .float64, ["randomly_played"], units: "return",
          "Return of each evaluation episode of random actions played so far, task after task.",
          optional: true),
        count(
          "/evaluation/random_length", ["randomly_played"], units: "step", "Its number of steps.",
          optional: true),
        DatasetSchema(
          "/evaluation/random_diverged", .uint8, ["randomly_played"], units: "1",
          "1 if it was cut because its simulation became unstable.", range: 0...1, optional: true),
      ],
    plots: [LearningCurve.plot])

  /// A dataset of integers from 0 on.
  static func count(
    _ path: String, _ dimensions: [String], units: String, _ description: String, optional: Bool = false
  ) -> DatasetSchema {
    DatasetSchema(
      path, .int64, dimensions, units: units, description, range: 0...Double.infinity, optional: optional)
  }
}
