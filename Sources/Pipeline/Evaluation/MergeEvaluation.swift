package import Artifacts
package import Configuration
internal import Random
internal import Statistics

/// Merges the trained task sets into the table of groupings by tasks.
///
/// Returns are normalised per task before they are averaged, so that no task counts for the size of its rewards:
/// 0 is the mean return of uniformly random actions, 1 that of the best grouping on the task. Intervals come from
/// resampling evaluation episodes within tasks: they say how well the trained policies were measured, not how much
/// another training seed would change them.
///
/// - Parameters:
///   - clusterFile: the file of cluster.
///   - folder: the folder with one file per task set.
/// - Returns: the table, and the files that it was made from, by role.
/// - Throws: for a missing or unfit file, and sets of other tasks or other numbers of episodes.
package func mergeEvaluation(
  _ context: StageContext<FullTrainEvalConfiguration>, cluster clusterFile: String, sets folder: String
) throws -> (artifact: EvaluationArtifact, inputs: [String: String]) {
  let clusters = try ClusterArtifact(reading: clusterFile)
  try requireSameTasks(
    context.slice.body.learner.tasks.map(\.name), from: context.configFile, clusters.tasks, from: clusterFile)
  var inputs = ["cluster": clusterFile]
  var results: [TaskSet: TrainedSetArtifact] = [:]
  for set in try distinctTaskSets(cluster: clusterFile) {
    let file = "\(folder)/\(set.name).h5"
    let result = try TrainedSetArtifact(reading: file)
    try requireSameTasks(set.members.map { clusters.tasks[$0] }, from: clusterFile, result.tasks, from: file)
    results[set] = result
    inputs[set.name] = file
  }
  let episodes = EpisodeReturns(clusters, results)
  let n = clusters.tasks.count
  let means = episodes.returns.map { $0.map { average($0) } }
  let low = (0..<n).map { average(episodes.random[$0]) }
  let high = (0..<n).map { k in means.map { $0[k] }.max() ?? 0 }
  func normalise(_ value: Double, _ k: Int) -> Double {
    high[k] > low[k] ? (value - low[k]) / (high[k] - low[k]) : 0
  }
  let normalised = means.map { row in row.indices.map { normalise(row[$0], $0) } }
  let intervals = episodes.returns.indices.map { r in
    bootstrapMeanInterval(
      strata: episodes.returns[r].enumerated().map { k, values in values.map { normalise($0, k) } },
      replicates: bootstrapReplicates,
      random: context.random.derived("bootstrap/\(clusters.groupings[r].name)"))
  }
  let artifact = EvaluationArtifact(
    tasks: clusters.tasks, groupings: clusters.groupings.map(\.name), returns: means.flatMap { $0 },
    normalised: normalised.flatMap { $0 }, normalisedMean: normalised.map { average($0) },
    normalisedLow: intervals.map(\.low), normalisedHigh: intervals.map(\.high),
    worstNormalised: normalised.map { $0.min() ?? 0 }, totalSteps: episodes.steps,
    sets: clusters.groupings.flatMap { $0.taskSets.map(\.name) }, referenceLow: low, referenceHigh: high)
  return (artifact, inputs)
}

/// Resamples behind each interval of the table.
private let bootstrapReplicates = 10_000

private func average(_ values: [Double]) -> Double {
  values.reduce(0, +) / Double(max(values.count, 1))
}

/// The evaluation episodes behind every entry of the table.
private struct EpisodeReturns {
  /// Per grouping and task, the returns of the policy that the grouping gives the task.
  var returns: [[[Double]]] = []
  /// Per task, the returns of random actions.
  var random: [[Double]]
  /// Per grouping, the environment steps of its sets.
  var steps: [Int64] = []

  init(_ clusters: ClusterArtifact, _ results: [TaskSet: TrainedSetArtifact]) {
    random = [[Double]](repeating: [], count: clusters.tasks.count)
    for grouping in clusters.groupings {
      var row: [[Double]] = []
      for (task, set) in grouping.taskSets.enumerated() {
        guard let result = results[set], let place = set.members.firstIndex(of: task) else { continue }
        let episodes = place * result.episodeCount..<(place + 1) * result.episodeCount
        row.append(Array(result.returns[episodes]))
        random[task] = Array(result.randomReturns[episodes])
      }
      returns.append(row)
      steps.append(Set(grouping.taskSets).reduce(0) { $0 + (results[$1]?.steps ?? 0) })
    }
  }
}
