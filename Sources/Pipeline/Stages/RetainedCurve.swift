internal import Artifacts
internal import Clustering
internal import Statistics

/// What the best grouping with each number of groups retains, and the number that is chosen.
struct RetainedCurve {
  /// The best grouping with k groups, at index k − 1.
  let groupings: [Grouping]
  /// What it retains, a mean over the tasks.
  let values: [Double]
  /// The 95 % interval of that, over resampled episodes.
  let intervals: [ConfidenceInterval]
  /// The lower end of the interval of its share of what tasks keep alone in the same replicate.
  let shareOfAlone: [Double]

  /// By a score that has every set; nil for one that has none.
  init?(_ scores: ScoreArtifact) throws {
    let n = scores.tasks.count
    guard !scores.sets.isEmpty, n <= BestPartitions.taskLimit else { return nil }
    let bits = scores.sets.map { $0.reduce(0) { $0 | 1 << $1 } }
    guard bits.count == (1 << n) - 1, !scores.retainedReplicates.isEmpty else { return nil }
    var value = [Double](repeating: 0, count: 1 << n)
    for (place, set) in scores.sets.enumerated() {
      value[bits[place]] = set.reduce(0) { $0 + scores.retained[place * n + $1] }
    }
    let best = try BestPartitions(taskCount: n, value: value)
    let size = scores.sets.count * n
    var samples = [[Double]](repeating: [], count: n)
    for replicate in 0..<scores.retainedReplicates.count / size {
      var sums = [Double](repeating: 0, count: 1 << n)
      for (place, set) in scores.sets.enumerated() {
        let row = replicate * size + place * n
        sums[bits[place]] = set.reduce(0) { $0 + Double(scores.retainedReplicates[row + $1]) }
      }
      for (k, grouping) in best.groupings.enumerated() {
        samples[k].append(
          grouping.groups.reduce(0) { $0 + sums[$1.reduce(0) { $0 | 1 << $1 }] } / Double(n))
      }
    }
    groupings = best.groupings
    values = best.values.map { $0 / Double(n) }
    intervals = samples.map { percentileInterval($0) }
    let alone = samples[n - 1]
    shareOfAlone = samples.map { values in
      percentileInterval(zip(values, alone).map { $1 > 0 ? $0 / $1 : 1 }).low
    }
  }

  /// The fewest groups, at most `limit`, that keep a share of what tasks keep alone in 97.5 of 100 replicates; `limit` if
  /// none does.
  func groupCount(retaining share: Double, atMost limit: Int) -> Int {
    shareOfAlone.prefix(limit).firstIndex { $0 >= share }.map { $0 + 1 } ?? limit
  }
}
