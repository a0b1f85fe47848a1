package import Artifacts
internal import Clustering
package import Configuration
internal import LinearAlgebra
internal import Logging
internal import Random
internal import Spelling
internal import Statistics
internal import TaskAffinity
internal import Workers

/// The stage score: what each subset's solution gains on held-out episodes, averaged into task affinities, with
/// intervals from resampled episodes.
///
/// - Throws: for unfit files, and files about different tasks or subsets.
package func score(
  _ context: StageContext<ScoreSection>, collectGradients gradients: String,
  sampleSubsets subsetFile: String, linearizedAdapt adapted: String
) throws -> ScoreArtifact {
  let section = context.slice.body.section
  let (transitions, subsets) = try surrogateInputs(gradients: gradients, subsets: subsetFile)
  let fits = try LinearizedAdaptArtifact(reading: adapted)
  try requireSameTasks(subsets.tasks, from: subsetFile, fits.tasks, from: adapted)
  guard fits.subsets == subsets.subsets, fits.dimension == transitions.dimension else {
    throw ArtifactError.mismatch(
      file: adapted, object: "/solution",
      expected:
        "solutions of the \(subsets.subsets.count) subsets of \(subsetFile) in \(transitions.dimension) dimensions",
      found: "\(fits.subsets.count) other solutions in \(fits.dimension) dimensions")
  }
  let gains = try namingTasks(subsets.tasks, file: gradients) {
    try HeldOutGains(
      transitions, subsets: subsets.subsets, solution: fits.solution, workers: context.workers)
  }
  let n = subsets.tasks.count
  let table = gains.table()
  let affinity = Affinity(table: table, subsets: subsets.subsets, taskCount: n)
  let replicates = AffinityReplicates(
    gains, affinity: affinity,
    counts: bootstrapCounts(
      unitsPerStratum: gains.episodeCounts, replicates: section.bootstrapReplicates,
      random: context.random.derived("bootstrap")))
  let interval = { @Sendable in percentileInterval($0, level: section.confidence) }
  let gainIntervals = try replicates.gains(workers: context.workers, interval)
  let (aggregateIntervals, residualIntervals) = try replicates.affinities(workers: context.workers, interval)
  let residual = removingAdditiveEffects(Matrix(rows: n, columns: n, elements: affinity.aggregate))
  // As zeros, the rounding that is left cannot pass for structure.
  let rounding = 1e-12 * affinity.aggregate.reduce(0) { max($0, abs($1)) }
  func significant(_ end: Double) -> Double { abs(end) > rounding ? end : 0 }
  let thin = (0..<n).filter { gains.episodeCounts[$0] < 2 }
  if !thin.isEmpty {
    context.logger.warning(
      "one held-out episode says nothing about its spread, so these do not count as reliable: \(thin.map { subsets.tasks[$0] }.joined(separator: ", "))"
    )
  }
  let reliable = (0..<n).count { gainIntervals[$0].low > 0 && gains.episodeCounts[$0] >= 2 }
  context.logger.report(
    "held-out gain", of: subsets.tasks, affinity.gain, intervals: gainIntervals, decimals: 5)
  let shared = try SharedGains(transitions, section, context)
  let scores = ScoreArtifact {
    $0.tasks = subsets.tasks
    if let shared {
      $0.sets = shared.sets
      $0.retained = shared.table(shared.gains.retained)
      $0.retainedReplicates = shared.gains.replicates.flatMap { shared.table($0).map { Float($0) } }
      $0.ownGain = shared.gains.own
      $0.ownGainError = shared.gains.standardError
    }
    $0.performance = table
    $0.subsetPerformance = affinity.subsetPerformance
    $0.affinity = affinity.aggregate
    $0.affinityLow = aggregateIntervals.map(\.low)
    $0.affinityHigh = aggregateIntervals.map(\.high)
    $0.affinityResidual = residual.elements
    $0.affinityResidualLow = residualIntervals.map { significant($0.low) }
    $0.affinityResidualHigh = residualIntervals.map { significant($0.high) }
    $0.affinityTask = affinity.perTask
    $0.pairCount = affinity.pairCount.map { Int32($0) }
    $0.gradientCosine = gradientCosines(transitions)
    $0.gain = affinity.gain
    $0.gainLow = gainIntervals.map(\.low)
    $0.gainHigh = gainIntervals.map(\.high)
    $0.reliableTasks = reliable
    $0.verdict = verdictText($0)
  }
  context.logger.log(level: scores.hasReliableStructure ? .info : .warning, "\(scores.verdict)")
  return scores
}

/// What the gains say about the estimate as a whole.
///
/// Near a stationary point of the summed objectives only conflicting tasks keep gradients; where most tasks gain
/// nothing on held-out episodes, the affinities are noise, and a single policy is the honest recommendation.
private func verdictText(_ scores: ScoreArtifact) -> String {
  let count =
    "\(scores.reliableTasks) of \(scores.tasks.count) tasks gain on held-out episodes (two or more, interval above 0)"
  if scores.hasReliableStructure { return "structure: \(count)" }
  return
    "no reliable structure: \(count); collect more transitions or lower linearized-adapt.mean_abs_margin, else train one policy on all tasks"
}

/// What every set of tasks retains.
private struct SharedGains {
  /// The sets, every one of the tasks.
  let sets: [[Int]]
  /// What their members retain.
  let gains: RetainedGains
  private let taskCount: Int

  /// Nil for more tasks than sets can be enumerated of.
  init?(
    _ transitions: ProjectedTransitions, _ section: ScoreSection, _ context: StageContext<ScoreSection>
  ) throws {
    let n = transitions.taskCount
    guard n <= BestPartitions.taskLimit else { return nil }
    sets = (1...n).flatMap { combinations(of: n, size: $0) }
    taskCount = n
    let steps = try EqualStepGains(
      transitions, sets: sets, step: section.step, ridge: section.ridgeShare, workers: context.workers)
    let counts = bootstrapCounts(
      unitsPerStratum: steps.episodeCounts.flatMap { $0 },
      replicates: min(section.bootstrapReplicates, Self.mostReplicates),
      random: context.random.derived("retained"))
    gains = RetainedGains(steps, counts: counts.map { [Array($0[..<n]), Array($0[n...])] })
  }

  /// Numbers of the members of each set as a table, shape (sets, n), NaN outside the set.
  func table(_ values: [[Double]]) -> [Double] {
    var table = [Double](repeating: .nan, count: sets.count * taskCount)
    for (place, set) in sets.enumerated() {
      for (member, task) in set.enumerated() { table[place * taskCount + task] = values[place][member] }
    }
    return table
  }

  /// Every set has so many replicates at most, of four bytes for each task.
  private static let mostReplicates = 200
}
