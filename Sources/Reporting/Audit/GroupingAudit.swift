internal import Artifacts
internal import Clustering
internal import Statistics

/// A grouping's place among all groupings with as many groups, by truth.
struct GroupingAudit: Sendable, Equatable {
  /// Whose it is.
  var name: String
  /// What the true trainings began with.
  var start: String
  /// The groups.
  var grouping: Grouping
  /// The mean true normalised return over the tasks.
  var value: Double
  /// How much the best grouping with as many groups has more.
  var regret: Double
  /// The share of the groupings with as many groups that are better.
  var rank: Double
}

/// The true value of every grouping of the tasks, where all sets were trained.
struct TruePartitions: Sendable {
  private let taskCount: Int
  /// Sum over the members of v_i(S), by the set's bits.
  private let sums: [Double]
  /// The best grouping of every number of groups.
  let best: BestPartitions
  /// The values of all groupings with k groups, descending, at index k − 1.
  private let values: [[Double]]

  /// Of the means over runs; nil unless every set of at most `ExactSearch.taskLimit` tasks was trained.
  init?(_ truth: TrueValues, taskCount n: Int, runs: [Int]) throws(ClusteringError) {
    guard n <= ExactSearch.taskLimit, truth.subsets.count == (1 << n) - 1 else { return nil }
    let means = truth.means(over: runs)
    var sums = [Double](repeating: 0, count: 1 << n)
    for (place, subset) in truth.subsets.enumerated() {
      sums[Self.bits(subset)] = truth.value(means, of: place) * Double(subset.count)
    }
    guard !sums.contains(where: \.isNaN) else { return nil }
    (taskCount, self.sums) = (n, sums)
    best = try BestPartitions(taskCount: n, value: sums)
    var values = [[Double]](repeating: [], count: n)
    forEachPartition(taskCount: n) { labels, k in
      var sets = [Int](repeating: 0, count: k)
      for (task, label) in labels.enumerated() { sets[label] |= 1 << task }
      values[k - 1].append(sets.reduce(0) { $0 + sums[$1] } / Double(n))
    }
    self.values = values.map { $0.sorted(by: >) }
  }

  /// Where a grouping stands.
  func audit(_ grouping: Grouping, name: String, start: String) -> GroupingAudit {
    let value = grouping.groups.reduce(0) { $0 + sums[Self.bits($1)] } / Double(taskCount)
    let others = values[grouping.groupCount - 1]
    // Groupings that differ by rounding alone are equal.
    let better = others.prefix { $0 > value + 1e-12 }.count
    return GroupingAudit(
      name: name, start: start, grouping: grouping, value: value, regret: max(0, others[0] - value),
      rank: Double(better) / Double(others.count))
  }

  private static func bits(_ subset: [Int]) -> Int { subset.reduce(0) { $0 | 1 << $1 } }
}
