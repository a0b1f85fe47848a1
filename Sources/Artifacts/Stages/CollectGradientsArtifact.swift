internal import HDF5

/// What collect-gradients hands on: samples of every task with their projected gradients.
package struct CollectGradientsArtifact: Artifact {
  /// How it is stored.
  package static var schema: ArtifactSchema { .collectGradients }

  /// The actions taken.
  package enum Actions: Sendable, Equatable {
    /// Continuous actions (N, size), row-major.
    case continuous([Float], size: Int)
    /// Indices of discrete actions (N).
    case discrete([Int32])
  }

  /// The transitions behind the gradients, with which the real network can be asked again.
  package struct Transitions: Sendable, Equatable {
    /// The observations as fed to the policy (N, inputSize), row-major.
    package let observations: [Float]
    /// The number of policy inputs.
    package let inputSize: Int
    /// The actions.
    package let actions: Actions
    /// The log-probability of each action (N), in nats.
    package let logProbability: [Float]

    /// Transitions; see the properties.
    package init(observations: [Float], inputSize: Int, actions: Actions, logProbability: [Float]) {
      self.observations = observations
      self.inputSize = inputSize
      self.actions = actions
      self.logProbability = logProbability
    }
  }

  /// The names of the tasks (K).
  package let tasks: [String]

  /// The task of each sample (N), in 0..<K.
  package let task: [Int32]

  /// The number of each sample's episode (N); an episode belongs to one task.
  package let episode: [Int32]

  /// Whether each sample is kept for scoring (N): whole episodes are; every task has samples of both kinds.
  package let heldOut: [Bool]

  /// The advantage of each sample (N), standardised per task.
  package let advantage: [Float]

  /// The projected gradients (N, dimension), row-major.
  package let features: [Float]

  /// The number of entries of a projected gradient.
  package let dimension: Int

  /// JSON that says how they were projected; nil in files from elsewhere.
  package let projection: String?

  /// The transitions; nil in files from elsewhere.
  package let transitions: Transitions?

  /// The mean return of the collected complete episodes of each task (K); nil in files from elsewhere.
  package let taskReturn: [Double]?

  /// The number of samples N.
  package var sampleCount: Int { task.count }

  /// The values of the stage; see the properties.
  package init(
    tasks: [String], task: [Int32], episode: [Int32], heldOut: [Bool], advantage: [Float], features: [Float],
    dimension: Int, projection: String?, transitions: Transitions?, taskReturn: [Double]?
  ) {
    self.tasks = tasks
    self.task = task
    self.episode = episode
    self.heldOut = heldOut
    self.advantage = advantage
    self.features = features
    self.dimension = dimension
    self.projection = projection
    self.transitions = transitions
    self.taskReturn = taskReturn
  }

  /// The values of a validated file.
  package init(_ contents: ValidatedContents) throws(ArtifactError) {
    self.init(
      tasks: try contents.values("/dims/task"), task: try contents.values("/task"),
      episode: try contents.values("/episode"), heldOut: try contents.flags("/held_out"),
      advantage: try contents.values("/advantage"), features: try contents.values("/features"),
      dimension: try contents.length("/features", 1),
      projection: contents.text("projection", of: "/features"),
      transitions: try Self.transitions(contents), taskReturn: contents.optional("/return"))
    try checkSplit(contents)
  }

  private static func transitions(_ contents: ValidatedContents) throws(ArtifactError) -> Transitions? {
    guard let observations = contents.optional("/observations", as: Float.self),
      let logProbability = contents.optional("/log_prob", as: Float.self)
    else { return nil }
    let actions: Actions
    if let indices = contents.optional("/actions", as: Int32.self) {
      actions = .discrete(indices)
    } else if let values = contents.optional("/actions", as: Float.self) {
      actions = .continuous(values, size: try contents.length("/actions", 1))
    } else {
      return nil
    }
    return Transitions(
      observations: observations, inputSize: try contents.length("/observations", 1), actions: actions,
      logProbability: logProbability)
  }

  /// Checks that tasks are in range, that episodes are not split, and that each task can be fitted and scored.
  private func checkSplit(_ contents: ValidatedContents) throws(ArtifactError) {
    var held: [[Int32: Bool]] = Array(repeating: [:], count: tasks.count)
    for (sample, task) in task.enumerated() {
      guard tasks.indices.contains(Int(task)) else {
        throw contents.mismatch(
          "/task[\(sample)]", expected: "an index below the \(tasks.count) tasks", found: "\(task)")
      }
      if let known = held[Int(task)].updateValue(heldOut[sample], forKey: episode[sample]),
        known != heldOut[sample]
      {
        throw contents.mismatch(
          "/held_out[\(sample)]", expected: "the same for all samples of episode \(episode[sample])",
          found: "\(heldOut[sample] ? 1 : 0)")
      }
    }
    for (task, episodes) in held.enumerated() {
      for wanted in [false, true] where !episodes.values.contains(wanted) {
        throw contents.mismatch(
          "/held_out", expected: "episodes of both kinds for the task \(tasks[task])",
          found: wanted ? "none held out" : "none to fit")
      }
    }
  }

  /// The datasets and attributes.
  package var contents: ArtifactContents {
    var contents = ArtifactContents()
    contents.add(tasks: tasks)
    contents.add("/task", .int32(task), shape: [sampleCount])
    contents.add("/episode", .int32(episode), shape: [sampleCount])
    contents.add("/held_out", .uint8(heldOut.map { $0 ? 1 : 0 }), shape: [sampleCount])
    contents.add("/advantage", .float32(advantage), shape: [sampleCount])
    contents.add("/features", .float32(features), shape: [sampleCount, dimension])
    if let projection { contents.add(attribute: "projection", of: "/features", .string(projection)) }
    if let taskReturn { contents.add("/return", .float64(taskReturn), shape: [tasks.count]) }
    guard let transitions else { return contents }
    contents.add(
      "/observations", .float32(transitions.observations), shape: [sampleCount, transitions.inputSize])
    contents.add("/log_prob", .float32(transitions.logProbability), shape: [sampleCount])
    switch transitions.actions {
    case .continuous(let values, let size):
      contents.add("/actions", .float32(values), shape: [sampleCount, size])
    case .discrete(let indices): contents.add("/actions", .int32(indices), shape: [sampleCount])
    }
    return contents
  }
}
