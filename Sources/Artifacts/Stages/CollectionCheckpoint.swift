/// How far collect-gradients has come.
package struct CollectionCheckpoint: Artifact {
  @Dataset(.taskNames) package var tasks: [String]
  @Dataset("/episode/task", ["played"], "Index of the episode's task.", atLeast: 0)
  package var episodeTask: [Int32]
  @Dataset("/episode/length", ["played"], unit: "step", "The episode's number of steps.", atLeast: 0)
  package var episodeLength: [Int64]
  @Dataset("/episode/terminated", ["played"], "1 if the task ended, 0 if the clock ran out.")
  package var terminated: [Bool]
  @Dataset(
    "/episode/diverged", ["played"], "1 if the episode was cut because its simulation became unstable.",
    optional: true)
  package var diverged: [Bool]
  @Dataset(
    "/episode/final_observation", ["played", "observation"], "The episode's last observation, normalised.")
  package var finalObservations: [Float]
  @Dataset(
    "/step/observation", ["step", "observation"],
    "Observations that were acted on, normalised, episode after episode.")
  package var observations: [Float]
  @Dataset("/step/action", ["step", "action"], "Actions as drawn, not clipped.")
  package var actions: [Float]
  @Dataset("/step/log_probability", ["step"], unit: "nat", "Log-probability of the action.")
  package var logProbabilities: [Float]
  @Dataset("/step/reward", ["step"], unit: "reward", "Rewards.")
  package var rewards: [Double]
  @Dataset(
    "/feature", ["projected", "feature"],
    "Projected gradients of the first transitions, once all episodes are played.", optional: true)
  package var features: [Float]
  /// The number of entries of a projected gradient; 1 while there is none.
  package var dimension = 1

  /// `collect-gradients.checkpoint.h5`.
  package static let layout = ArtifactLayout<Self>(
    Self(), stage: "collection-checkpoint", version: 1,
    summary: "The episodes that collect-gradients has played so far, and the features that it has computed.",
    .stored(
      \.$tasks, \.$episodeTask, \.$episodeLength, \.$terminated, \.$diverged, \.$finalObservations,
      \.$observations, \.$actions, \.$logProbabilities, \.$rewards, \.$features),
    .part { (saved, contents) throws(ArtifactError) in
      saved.dimension = contents.datasets["/feature"]?.shape.last ?? 1
    } write: { saved, writer in
      writer.lengths["feature"] = saved.dimension
    },
    .rule { (saved, contents) throws(ArtifactError) in try saved.complete(contents) },
    plots: [PlotSchema(name: "reward", signal: "/step/reward")])

  /// Checks that the episodes are in order and their lengths add up; in a file that does not say which diverged, none
  /// did.
  private mutating func complete(_ contents: ArtifactContents) throws(ArtifactError) {
    if diverged.isEmpty { diverged = [Bool](repeating: false, count: episodeLength.count) }
    if features.isEmpty { dimension = 1 }
    for (index, task) in episodeTask.enumerated()
    where task >= tasks.count || index > 0 && task < episodeTask[index - 1] {
      throw contents.mismatch(
        "/episode/task[\(index)]", expected: "a task's index, not below the one before", found: "\(task)")
    }
    let steps = episodeLength.reduce(Int64(0)) { $0.addingReportingOverflow($1).partialValue }
    guard steps == Int64(rewards.count), episodeLength.allSatisfy({ $0 <= steps }) else {
      throw contents.mismatch(
        "/episode/length", expected: "lengths that add up to \(rewards.count)", found: "\(steps)")
    }
  }
}
