internal import HDF5

/// What full-train-eval makes of one set of tasks: a policy trained from scratch, and its evaluation.
package struct TrainedSetArtifact: Artifact {
  /// How it is stored.
  package static var schema: ArtifactSchema { .trainedSet }

  /// The names of the set's tasks (S).
  package let tasks: [String]

  /// Their indices among the benchmark's tasks (S), ascending.
  package let taskIndices: [Int32]

  /// The policy.
  package let policy: NetworkParameters

  /// The observation normalizer at the end of training (O).
  package let normalizer: NormalizerMoments

  /// The learning curve (T, S).
  package let curve: LearningCurve

  /// The return of each evaluation episode (S, E), row-major.
  package let returns: [Double]

  /// The return of uniformly random actions in the same episodes (S, E), row-major.
  package let randomReturns: [Double]

  /// Whether each evaluation episode was a success (S, E), where the tasks define it.
  package let success: [Bool]?

  /// The environment steps of training, over all tasks of the set.
  package let steps: Int64

  /// The number of evaluation episodes per task, E.
  package var episodeCount: Int { returns.count / max(tasks.count, 1) }

  /// The values of the stage; see the properties.
  package init(
    tasks: [String], taskIndices: [Int32], policy: NetworkParameters, normalizer: NormalizerMoments,
    curve: LearningCurve, returns: [Double], randomReturns: [Double], success: [Bool]?, steps: Int64
  ) {
    self.tasks = tasks
    self.taskIndices = taskIndices
    self.policy = policy
    self.normalizer = normalizer
    self.curve = curve
    self.returns = returns
    self.randomReturns = randomReturns
    self.success = success
    self.steps = steps
  }

  /// The values of a validated file.
  package init(_ contents: ValidatedContents) throws(ArtifactError) {
    self.init(
      tasks: try contents.values("/dims/task"), taskIndices: try contents.values("/tasks"),
      policy: try NetworkParameters(contents, group: "/policy"), normalizer: try NormalizerMoments(contents),
      curve: try LearningCurve(contents), returns: try contents.values("/return"),
      randomReturns: try contents.values("/random_return"),
      success: contents.optional("/success", as: UInt8.self)?.map { $0 != 0 },
      steps: try contents.scalar("/steps"))
    for index in taskIndices.indices.dropFirst() where taskIndices[index] <= taskIndices[index - 1] {
      throw contents.mismatch(
        "/tasks[\(index)]", expected: "more than \(taskIndices[index - 1])", found: "\(taskIndices[index])")
    }
  }

  /// The datasets and attributes.
  package var contents: ArtifactContents {
    let shape = [tasks.count, episodeCount]
    var contents = ArtifactContents()
    contents.add(tasks: tasks)
    contents.add("/tasks", .int32(taskIndices), shape: [tasks.count])
    policy.add(to: &contents, group: "/policy")
    normalizer.add(to: &contents)
    curve.add(to: &contents, taskCount: tasks.count)
    contents.add("/return", .float64(returns), shape: shape)
    contents.add("/random_return", .float64(randomReturns), shape: shape)
    if let success { contents.add("/success", .uint8(success.map { $0 ? 1 : 0 }), shape: shape) }
    contents.add("/steps", .int64([steps]), shape: [])
    return contents
  }
}
