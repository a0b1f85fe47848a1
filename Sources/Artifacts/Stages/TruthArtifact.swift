/// What training really gives for many sets of tasks: what estimates are judged by.
///
/// A *run* is one training of every set: a kind of start, a seed, and a number among those. An *entry* is one task of one set.
package struct TruthArtifact: Artifact {
  @Dataset(.taskNames) package var tasks: [String]
  /// The task indices of each set (subset), ascending.
  @Dataset(.member) package var subsets: [[Int]]
  @Dataset("/run/start", ["run"], unit: "", "What the trainings of the run began with: scratch or meta.")
  package var starts: [String]
  @Dataset("/run/seed", ["run"], "The seed of the run's trainings, and of θ* where they began with it.")
  package var seeds: [Int64]
  @Dataset(
    "/run/repeat", ["run"], "The number of the run among those with this start and seed.", atLeast: 0)
  package var numbers: [Int64]
  @Dataset(
    "/run/steps_per_task", ["run"], unit: "step", "Environment steps per task of a set.", atLeast: 0)
  package var stepsPerTask: [Int64]
  @Dataset("/entry/subset", ["entry"], "The set of each entry.", atLeast: 0)
  package var entrySubset: [Int32]
  @Dataset("/entry/task", ["entry"], "The task of each entry.", atLeast: 0)
  package var entryTask: [Int32]
  @Dataset(
    "/fraction", ["point"], "The share of the steps after which a point of the curve is taken.", range: 0...1)
  package var fractions: [Double]
  @Dataset(
    "/return", ["run", "entry", "episode"], unit: "return",
    "Return of the task in each evaluation episode of the set's policy; NaN where the set was not trained.",
    missing: true)
  package var returns: [Float]
  @Dataset(
    "/curve", ["run", "entry", "point"], unit: "return",
    "Mean return over the evaluation episodes along the training; NaN where the set was not trained.",
    missing: true)
  package var curve: [Float]
  @Dataset(
    "/random_return", ["run", "task"], unit: "return",
    "Mean return of uniformly random actions in the same episodes; NaN where no set with the task was trained.",
    missing: true)
  package var randomReturns: [Double]

  /// `truth.h5`.
  package static let layout = ArtifactLayout<Self>(
    Self(), stage: "truth", version: 1,
    summary: "Returns of really trained sets of tasks: what estimates are judged by.",
    .stored(
      \.$tasks, \.$subsets, \.$starts, \.$seeds, \.$numbers, \.$stepsPerTask, \.$entrySubset, \.$entryTask,
      \.$fractions,
      \.$returns, \.$curve, \.$randomReturns),
    .noneEmpty(\.$subsets),
    .rule { (truth, contents) throws(ArtifactError) in
      let expected = truth.subsets.enumerated().flatMap { subset, tasks in tasks.map { [subset, $0] } }
      let found = zip(truth.entrySubset, truth.entryTask).map { [Int($0), Int($1)] }
      guard
        let place = (0..<max(expected.count, found.count)).first(where: {
          $0 >= expected.count || $0 >= found.count || expected[$0] != found[$0]
        })
      else { return }
      throw contents.mismatch(
        "/entry/task[\(place)]", expected: "the tasks of the sets of /member, one after the other",
        found: place < found.count ? "task \(found[place][1]) of set \(found[place][0])" : "nothing")
    },
    plots: [PlotSchema(name: "curve", signal: "/curve", coordinates: ["point": "/fraction"])])

  /// The number of evaluation episodes, E.
  package var episodeCount: Int { returns.count / max(starts.count * entryTask.count, 1) }
}
