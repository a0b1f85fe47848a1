package import Artifacts
internal import Clustering
package import Configuration
internal import LinearAlgebra
internal import Logging
internal import Random
internal import Spelling
internal import Statistics

/// The stage cluster: groups the tasks by their affinities, and adds the groupings that serve as controls.
///
/// - Throws: for an unfit file.
package func cluster(
  _ context: StageContext<ClusterSection>, score file: String
) throws -> ClusterArtifact {
  let section = context.slice.body.section
  let scores = try ScoreArtifact(reading: file)
  let n = scores.tasks.count
  if let k = section.k, k > n { throw ProgramError.usage("cluster.k is \(k), but there are only \(n) tasks") }
  if !scores.hasReliableStructure { context.logger.warning("\(scores.verdict)") }

  // The residual's additive effects are removed by the clustering.
  let chosen = section.affinity == .perTask ? scores.affinityTask : scores.affinity
  let affinity = Matrix(rows: n, columns: n, elements: chosen)
  let rule = section.k.map { GroupCountRule.given($0) } ?? .plateau(in: 1...min(section.maxGroups, n))
  var random = context.random.derived("rounding")
  let result: ClusteringResult
  do {
    result = try clusterTasks(
      affinity: affinity, groupCount: rule, removesAdditiveEffects: section.affinity == .residual,
      using: &random)
  } catch ClusteringError.notFinite(let row, let column) {
    throw ProgramError.input(
      file: file,
      reason: "the affinity of \(scores.tasks[row]) and \(scores.tasks[column]) is not finite; "
        + "sample subsets until every pair occurs")
  }

  if result.deviation == 0 {
    context.logger.warning("the affinities differ by no more than rounding: there is nothing to group by")
  }

  let curve = try RetainedCurve(scores)
  let found = curve.map { curve in
    curve.groupings[
      (section.k ?? curve.groupCount(retaining: section.retain, atMost: min(section.maxGroups, n))) - 1]
  }
  let grouping = found ?? result.grouping
  var similarityRandom = context.random.derived("\(GroupingName.gradientSimilarity)")
  let bySimilarity = try clusterTasks(
    affinity: Matrix(rows: n, columns: n, elements: scores.gradientCosine),
    groupCount: .given(grouping.groupCount), removesAdditiveEffects: false, using: &similarityRandom)
  for unsolved in result.unsolved + bySimilarity.unsolved {
    context.logger.warning("\(unsolved); its bound holds, but a better grouping may be missed")
  }
  let controls = randomGroupings(
    like: grouping, count: section.randomGroupings, using: context.random.derived("random-groupings"))

  let names = GroupingName.all(randomGroupings: controls.count)
  let groupings =
    [grouping, result.grouping, bySimilarity.grouping] + controls + [Grouping.single(n), .separate(n)]
  context.logger.info(
    "paper: \(result.groupCount) groups; objective \(fixed(result.objective, 6)), bound \(fixed(result.relaxation.dualBound, 6)), rounding loss \(fixed(result.roundingLoss ?? .nan, 6))"
  )
  if let curve {
    for (k, value) in curve.values.enumerated().prefix(max(section.maxGroups, grouping.groupCount)) {
      let interval = curve.intervals[k]
      context.logger.info(
        "\(k + 1) \(k == 0 ? "group retains" : "groups retain") \(fixed(value, 3)) [\(fixed(interval.low, 3)), \(fixed(interval.high, 3))] of the tasks' own gains\(k + 1 == grouping.groupCount ? ", chosen" : "")"
      )
    }
  }
  context.logger.report(groups: grouping.groups, of: scores.tasks)
  return ClusterArtifact {
    $0.tasks = scores.tasks
    $0.relaxation = result.relaxation.matrix.elements
    $0.objective = result.relaxation.objective
    $0.dualBound = result.relaxation.dualBound
    $0.exactObjective = result.exactOptimum?.objective
    $0.roundingLoss = result.roundingLoss
    $0.selectionPenalty = result.selection?.penalties
    $0.selectionTrace = result.selection?.traces
    $0.selectionGroupCount = result.selection?.groupCounts.map { Int32($0) }
    if let curve {
      $0.curve = curve.values
      $0.curveLow = curve.intervals.map(\.low)
      $0.curveHigh = curve.intervals.map(\.high)
      $0.curveLabels = curve.groupings.flatMap { $0.labels.map { Int32($0) } }
    }
    $0.k = grouping.groupCount
    $0.groupings = zip(names, groupings).map { .init(name: "\($0)", labels: $1.labels.map { Int32($0) }) }
    $0.verdict = scores.verdict
  }
}
