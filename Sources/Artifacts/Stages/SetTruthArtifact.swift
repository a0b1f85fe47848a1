/// What training one set of tasks really gives, along the training and at its end: its returns, without the policy.
package struct SetTruthArtifact: Artifact {
  @Dataset(.taskNames) package var tasks: [String]
  @Dataset("/tasks", ["task"], "Index of each task of the set among the benchmark's tasks.", atLeast: 0)
  package var taskIndices: [Int32]
  @Dataset(
    "/steps", ["point"], unit: "step", "Environment steps so far, over all tasks of the set.", atLeast: 0)
  package var steps: [Int64]
  @Dataset(
    "/return", ["point", "task", "episode"], unit: "return",
    "Return of each evaluation episode of the policy as it was then; the last point is the end.")
  package var returns: [Float]
  @Dataset(
    "/random_return", ["task", "episode"], unit: "return",
    "Return of uniformly random actions in the same evaluation episodes.")
  package var randomReturns: [Float]
  @Attribute("/", "start", "What the training began with: scratch or meta.")
  package var start: String
  @Attribute("/", "repeat", "Number of the training among those of the set with this start and seed.")
  package var number: Int

  /// The number of evaluation episodes per task, E.
  package var episodeCount: Int { randomReturns.count / max(tasks.count, 1) }

  /// `truth/<start>-<repeat>/<set>.h5`.
  package static let layout = ArtifactLayout<Self>(
    Self(), stage: "truth-set", version: 1,
    summary: "Returns of a policy trained on one set of tasks, along its training.",
    .stored(\.$tasks, \.$taskIndices, \.$steps, \.$returns, \.$randomReturns, \.$start, \.$number),
    plots: [PlotSchema(name: "return", signal: "/return", coordinates: ["point": "/steps"])])
}
