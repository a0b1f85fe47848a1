/// What full-train-eval makes of one set of tasks: a trained policy, and once it is evaluated, its returns.
package struct TrainedSetArtifact: Artifact {
  @Dataset(.taskNames) package var tasks: [String]
  @Dataset("/tasks", ["task"], "Index of each task of the set among the benchmark's tasks.", atLeast: 0)
  package var taskIndices: [Int32]
  /// The policy.
  package var policy = NetworkParameters.none
  /// The observation normalizer at the end of training.
  package var normalizer = NormalizerMoments()
  /// The learning curve.
  package var curve = LearningCurve()
  @Dataset(
    "/return", ["task", "episode"], unit: "return", "Return of each evaluation episode.", optional: true)
  package var returns: [Double]
  @Dataset(
    "/random_return", ["task", "episode"], unit: "return",
    "Return of uniformly random actions in the same evaluation episodes.", optional: true)
  package var randomReturns: [Double]
  @Dataset("/success", ["task", "episode"], "1 if the evaluation episode was a success, else 0.")
  package var success: [Bool]?
  @Dataset(
    "/steps", [], unit: "step", "Environment steps of training, over all tasks of the set.", atLeast: 0)
  package var steps: Int64

  /// The number of evaluation episodes per task, E; 0 before the evaluation.
  package var episodeCount: Int { returns.count / max(tasks.count, 1) }

  /// `full-train-eval/<set>.h5`.
  package static let layout = ArtifactLayout<Self>(
    Self(), stage: "full-train-eval-set", version: 1,
    summary: "A policy trained on one set of tasks, and its returns in evaluation episodes.",
    .stored(\.$tasks, \.$taskIndices), .network(\.policy, "/policy", logStandardDeviation: true),
    .stored(
      \.normalizer.$mean, \.normalizer.$variance, \.normalizer.$count, \.curve.$steps, \.curve.$returns,
      \.$returns, \.$randomReturns, \.$success, \.$steps),
    .growing(\.curve),
    .rule { (set, contents) throws(ArtifactError) in
      let (played, random) = (set.returns.count, set.randomReturns.count)
      guard played == random else {
        throw contents.mismatch(
          "/random_return", expected: "\(played) values, as in /return", found: "\(random)")
      }
      let indices = set.taskIndices
      for place in indices.indices.dropFirst() where indices[place] <= indices[place - 1] {
        throw contents.mismatch(
          "/tasks[\(place)]", expected: "more than \(indices[place - 1])", found: "\(indices[place])")
      }
    },
    plots: [PlotSchema(name: "return", signal: "/return"), LearningCurve.plot])
}
