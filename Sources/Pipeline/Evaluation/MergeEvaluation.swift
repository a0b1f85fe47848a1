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
/// - Parameter folder: the folder with one file per task set.
/// - Returns: the table, and the files that it was made from, by role.
/// - Throws: for a missing or unfit file, and sets of other tasks, another number of episodes, or trained under
///   another configuration or seed.
package func mergeEvaluation(
  _ context: StageContext<FullTrainEvalSection>, cluster clusterFile: String, sets folder: String
) throws -> (artifact: EvaluationArtifact, inputs: [String: String]) {
  let clusters = try ClusterArtifact(reading: clusterFile)
  try requireSameTasks(
    context.slice.body.learner.tasks.map(\.name), from: context.configFile, clusters.tasks, from: clusterFile)
  var inputs = [Stage.cluster.role: clusterFile]
  var trained: [TaskSet: TrainedSetArtifact] = [:]
  for set in TaskSet.distinct(clusters.groupings.flatMap(\.sets)) {
    let file = "\(folder)/\(set.name).h5"
    let result = try TrainedSetArtifact(reading: file)
    try requireSameTasks(set.members.map { clusters.tasks[$0] }, from: clusterFile, result.tasks, from: file)
    try require(result, from: file, isOf: set, under: context)
    inputs[set.name] = file
    trained[set] = TrainedSetArtifact {
      // The policies of many sets at once would fill the memory.
      ($0.tasks, $0.taskIndices, $0.steps) = (result.tasks, result.taskIndices, result.steps)
      ($0.returns, $0.randomReturns, $0.success) = (result.returns, result.randomReturns, result.success)
    }
  }
  let n = clusters.tasks.count
  // Per grouping and task, the set that the grouping trains the task in.
  let sets = clusters.groupings.map { $0.taskSets.compactMap { trained[$0] } }
  func episodes<Value>(_ values: (TrainedSetArtifact) -> [Value]) -> [[[Value]]] {
    sets.map { row in row.enumerated().map { task, set in set.episodes(values(set), of: task) } }
  }
  let returns = episodes(\.returns)
  let successes =
    trained.values.contains { $0.success == nil }
    ? nil : episodes { ($0.success ?? []).map { $0 ? 1.0 : 0 } }
  let means = returns.map { $0.map(mean) }
  // All sets meet the same random actions.
  let low = episodes(\.randomReturns).last?.map(mean) ?? []
  let high = (0..<n).map { k in means.map { $0[k] }.max() ?? 0 }
  func normalise(_ value: Double, _ k: Int) -> Double { rescaled(value, from: low[k], to: high[k]) }
  let success = successes?.map { $0.map(mean) }
  let normalised = success ?? means.map { row in row.indices.map { normalise(row[$0], $0) } }
  let intervals = returns.indices.map { r in
    bootstrapMeanInterval(
      strata: successes?[r]
        ?? returns[r].enumerated().map { k, values in values.map { normalise($0, k) } },
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
    $0.totalSteps = clusters.groupings.map {
      Set($0.taskSets).reduce(0) { $0 + (trained[$1]?.steps ?? 0) }
    }
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
  under context: StageContext<FullTrainEvalSection>
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

extension TrainedSetArtifact {
  /// The part of a list over tasks and episodes that is about one of the benchmark's tasks.
  fileprivate func episodes<Value>(_ values: [Value], of task: Int) -> [Value] {
    let place = taskIndices.firstIndex(of: Int32(task)) ?? 0
    return Array(values[place * episodeCount..<(place + 1) * episodeCount])
  }
}
