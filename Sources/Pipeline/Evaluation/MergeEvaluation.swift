package import Artifacts
package import Configuration
internal import Random
internal import Statistics

/// Merges the trained task sets into the table of groupings by tasks.
///
/// Returns are normalised per task before they are averaged, so that no task counts for the size of its rewards:
/// 0 is the mean return of uniformly random actions, 1 that of the best grouping on the task. Where the tasks define
/// success, it is itself the normalised return: an episode counts 1 or 0. Intervals come from
/// resampling evaluation episodes within tasks: they say how well the trained policies were measured, not how much
/// another training seed would change them.
///
/// - Parameters:
///   - clusterFile: the file of cluster.
///   - folder: the folder with one file per task set.
/// - Returns: the table, and the files that it was made from, by role.
/// - Throws: for a missing or unfit file, and sets of other tasks, another number of episodes, or trained under
///   another configuration or seed.
package func mergeEvaluation(
  _ context: StageContext<FullTrainEvalConfiguration>, cluster clusterFile: String, sets folder: String
) throws -> (artifact: EvaluationArtifact, inputs: [String: String]) {
  let clusters = try ClusterArtifact(reading: clusterFile)
  try requireSameTasks(
    context.slice.body.learner.tasks.map(\.name), from: context.configFile, clusters.tasks, from: clusterFile)
  var inputs = [Stage.cluster.role: clusterFile]
  var episodes = EpisodeReturns(clusters)
  for set in clusters.distinctTaskSets {
    let file = "\(folder)/\(set.name).h5"
    let result = try TrainedSetArtifact(reading: file)
    try requireSameTasks(set.members.map { clusters.tasks[$0] }, from: clusterFile, result.tasks, from: file)
    try require(result, from: file, isOf: set, under: context)
    episodes.add(result, of: set)
    inputs[set.name] = file
  }
  let n = clusters.tasks.count
  let means = episodes.returns.map { $0.map(mean) }
  let low = episodes.random.map(mean)
  let high = (0..<n).map { k in means.map { $0[k] }.max() ?? 0 }
  func normalise(_ value: Double, _ k: Int) -> Double { rescaled(value, from: low[k], to: high[k]) }
  let success = episodes.successes?.map { $0.map(mean) }
  let normalised = success ?? means.map { row in row.indices.map { normalise(row[$0], $0) } }
  let intervals = episodes.returns.indices.map { r in
    bootstrapMeanInterval(
      strata: episodes.successes?[r]
        ?? episodes.returns[r].enumerated().map { k, values in values.map { normalise($0, k) } },
      replicates: evaluationReplicates,
      random: context.random.derived("bootstrap/\(clusters.groupings[r].name)"))
  }
  let artifact = EvaluationArtifact {
    $0.tasks = clusters.tasks
    $0.groupings = clusters.groupings.map(\.name)
    $0.returns = means.flatMap { $0 }
    if let success { $0.success = success.flatMap { $0 } }
    $0.normalised = normalised.flatMap { $0 }
    $0.normalisedMean = normalised.map(mean)
    $0.normalisedLow = intervals.map(\.low)
    $0.normalisedHigh = intervals.map(\.high)
    $0.worstNormalised = normalised.map { $0.min() ?? 0 }
    $0.totalSteps = episodes.steps
    $0.sets = clusters.groupings.flatMap { $0.taskSets.map(\.name) }
    $0.referenceLow = low
    $0.referenceHigh = high
    $0.verdict = clusters.verdict
  }
  return (artifact, inputs)
}

/// Resamples behind each interval of the table.
let evaluationReplicates = 10_000

/// Refuses a trained set that is not what this configuration and seed would train.
private func require(
  _ result: TrainedSetArtifact, from file: String, isOf set: TaskSet,
  under context: StageContext<FullTrainEvalConfiguration>
) throws {
  func check(_ object: String, _ expected: String, _ found: String) throws {
    guard expected == found else {
      throw ArtifactError.mismatch(file: file, object: object, expected: expected, found: found)
    }
  }
  try check("/tasks", "\(set.members)", "\(result.taskIndices)")
  try check(
    "/return", episodeText(context.slice.body.section.evaluationEpisodes), episodeText(result.episodeCount))
  let provenance = try Provenance(reading: file)
  try check("/provenance@seed", "\(context.slice.seed)", "\(provenance.seed)")
  if provenance.config != context.slice.text {
    throw ArtifactError.mismatch(
      file: file, object: "/provenance@config", expected: "that of \(context.configFile)",
      found: "another; evaluate the set again")
  }
}

private func episodeText(_ count: Int) -> String { "\(count) episodes per task" }

/// The evaluation episodes behind every entry of the table.
private struct EpisodeReturns {
  /// Per grouping and task, the returns of the policy that the grouping gives the task.
  var returns: [[[Double]]]
  /// The same of success, 0 or 1; nil if a set does not say it.
  var successes: [[[Double]]]?
  /// Per task, the returns of random actions.
  var random: [[Double]]
  /// Per grouping, the environment steps of its sets.
  var steps: [Int64]

  private let sets: [Set<TaskSet>]

  /// Room for every grouping of a file.
  init(_ clusters: ClusterArtifact) {
    random = [[Double]](repeating: [], count: clusters.tasks.count)
    sets = clusters.groupings.map { Set($0.taskSets) }
    returns = sets.map { _ in [[Double]](repeating: [], count: clusters.tasks.count) }
    successes = returns
    steps = sets.map { _ in 0 }
  }

  /// Enters a set wherever a grouping has it.
  mutating func add(_ result: TrainedSetArtifact, of set: TaskSet) {
    if result.success == nil { successes = nil }
    for (place, task) in set.members.enumerated() {
      let episodes = place * result.episodeCount..<(place + 1) * result.episodeCount
      random[task] = Array(result.randomReturns[episodes])
      for r in sets.indices where sets[r].contains(set) {
        returns[r][task] = Array(result.returns[episodes])
        successes?[r][task] = result.success?[episodes].map { $0 ? 1 : 0 } ?? []
      }
    }
    for r in sets.indices where sets[r].contains(set) { steps[r] += result.steps }
  }
}
