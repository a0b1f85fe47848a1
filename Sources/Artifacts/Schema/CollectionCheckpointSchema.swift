internal import HDF5

extension ArtifactSchema {
  /// `collect-gradients.checkpoint.h5`.
  package static let collectionCheckpoint = ArtifactSchema(
    stage: "collection-checkpoint", version: 1,
    summary: "The episodes that collect-gradients has played so far, and the features that it has computed.",
    datasets: [
      .taskNames,
      DatasetSchema(
        "/episode/task", .int32, ["played"], units: "1", "Index of the episode's task.",
        range: 0...Double(Int32.max)),
      count("/episode/length", ["played"], units: "step", "The episode's number of steps."),
      DatasetSchema(
        "/episode/terminated", .uint8, ["played"], units: "1", "1 if the task ended, 0 if the clock ran out.",
        range: 0...1),
      DatasetSchema(
        "/episode/diverged", .uint8, ["played"], units: "1",
        "1 if the episode was cut because its simulation became unstable.", range: 0...1, optional: true),
      DatasetSchema(
        "/episode/final_observation", .float32, ["played", "observation"], units: "1",
        "The episode's last observation, normalised."),
      DatasetSchema(
        "/step/observation", .float32, ["step", "observation"], units: "1",
        "Observations that were acted on, normalised, episode after episode."),
      DatasetSchema(
        "/step/action", .float32, ["step", "action"], units: "1", "Actions as drawn, not clipped."),
      DatasetSchema(
        "/step/log_probability", .float32, ["step"], units: "nat", "Log-probability of the action."),
      DatasetSchema("/step/reward", .float64, ["step"], units: "reward", "Rewards."),
      DatasetSchema(
        "/feature", .float32, ["projected", "feature"], units: "1",
        "Projected gradients of the first transitions, once all episodes are played.", optional: true),
    ], plots: [PlotSchema("reward", signal: "/step/reward")])
}
