internal import HDF5

/// How far collect-gradients has come.
package struct CollectionCheckpoint: Artifact {
  /// How it is stored.
  package static var schema: ArtifactSchema { .collectionCheckpoint }

  /// The names of the tasks (K).
  package let tasks: [String]
  /// The task of each episode (B), not decreasing; a task's episodes are in order.
  package let episodeTask: [Int32]
  /// The steps of each episode (B).
  package let episodeLength: [Int64]
  /// Whether each episode's task ended (B).
  package let terminated: [Bool]
  /// Whether each episode was cut because its simulation became unstable (B).
  package let diverged: [Bool]
  /// The last observation of each episode (B, O).
  package let finalObservations: [Float]
  /// Observations of all steps (T, O).
  package let observations: [Float]
  /// Actions of all steps (T, A).
  package let actions: [Float]
  /// Their log-probabilities (T).
  package let logProbabilities: [Float]
  /// Rewards of all steps (T).
  package let rewards: [Double]
  /// Features of the first transitions (…, d); empty while episodes are played.
  package let features: [Float]
  /// d.
  package let dimension: Int

  /// The values; see the properties.
  package init(
    tasks: [String], episodeTask: [Int32], episodeLength: [Int64], terminated: [Bool], diverged: [Bool],
    finalObservations: [Float], observations: [Float], actions: [Float], logProbabilities: [Float],
    rewards: [Double], features: [Float], dimension: Int
  ) {
    self.tasks = tasks
    self.episodeTask = episodeTask
    self.episodeLength = episodeLength
    self.terminated = terminated
    self.diverged = diverged
    self.finalObservations = finalObservations
    self.observations = observations
    self.actions = actions
    self.logProbabilities = logProbabilities
    self.rewards = rewards
    self.features = features
    self.dimension = dimension
  }

  /// The values of a validated file.
  package init(_ contents: ValidatedContents) throws(ArtifactError) {
    let features: [Float]? = contents.optional("/feature")
    let lengths: [Int64] = try contents.values("/episode/length")
    let diverged: [UInt8]? = contents.optional("/episode/diverged")
    self.init(
      tasks: try contents.values("/dims/task"), episodeTask: try contents.values("/episode/task"),
      episodeLength: lengths,
      terminated: try contents.flags("/episode/terminated"),
      diverged: diverged.map { $0.map { $0 != 0 } } ?? lengths.map { _ in false },
      finalObservations: try contents.values("/episode/final_observation"),
      observations: try contents.values("/step/observation"), actions: try contents.values("/step/action"),
      logProbabilities: try contents.values("/step/log_probability"),
      rewards: try contents.values("/step/reward"), features: features ?? [],
      dimension: features == nil ? 1 : try contents.length("/feature", 1))
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

  /// The datasets and attributes.
  package var contents: ArtifactContents {
    var contents = ArtifactContents()
    contents.add(tasks: tasks)
    let episodes = episodeTask.count
    func rows(_ count: Int, _ values: [Float]) -> [Int] { [count, values.count / max(count, 1)] }
    contents.add("/episode/task", .int32(episodeTask), shape: [episodes])
    contents.add("/episode/length", .int64(episodeLength), shape: [episodes])
    contents.add("/episode/terminated", .uint8(terminated.map { $0 ? 1 : 0 }), shape: [episodes])
    contents.add("/episode/diverged", .uint8(diverged.map { $0 ? 1 : 0 }), shape: [episodes])
    contents.add(
      "/episode/final_observation", .float32(finalObservations), shape: rows(episodes, finalObservations))
    contents.add("/step/observation", .float32(observations), shape: rows(rewards.count, observations))
    contents.add("/step/action", .float32(actions), shape: rows(rewards.count, actions))
    contents.add("/step/log_probability", .float32(logProbabilities), shape: [rewards.count])
    contents.add("/step/reward", .float64(rewards), shape: [rewards.count])
    if !features.isEmpty {
      contents.add("/feature", .float32(features), shape: [features.count / dimension, dimension])
    }
    return contents
  }
}
