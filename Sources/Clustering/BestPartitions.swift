/// For every number of groups the best partition of up to fourteen tasks, by values of whole groups, found exactly.
///
/// A partition is worth the sum of its groups' values, or the least of them. Dynamic programming over sets of tasks: the
/// best k groups of a set M are the best group with M's first task and the best k − 1 groups of the rest, 3ⁿ/2 steps for
/// each k.
package struct BestPartitions: Sendable, Equatable {
  /// How groups' values make a partition's.
  package enum Rule: Sendable {
    /// Their sum.
    case sum
    /// The least of them.
    case least

    func callAsFunction(_ a: Double, _ b: Double) -> Double { self == .sum ? a + b : min(a, b) }
  }

  /// More tasks than this are refused: 14 take 2.4 million steps for each k, and each further one three times more.
  package static let taskLimit = 14

  /// The best partition into k groups, at index k − 1; shape (n). Among equally good ones the group of the first task that
  /// is not yet placed is the one whose members, as bits, make the smaller number.
  package let groupings: [Grouping]
  /// Their values; shape (n).
  package let values: [Double]

  /// Finds them.
  ///
  /// - Parameters:
  ///   - value: of every set of tasks, at the index in which bit i stands for task i; shape (2ⁿ), the first is not read.
  ///   - most: the largest number of groups that is looked at.
  /// - Throws: `ClusteringError.tooManyTasks` or `.noTasks`.
  package init(taskCount n: Int, value: [Double], rule: Rule = .sum, most: Int? = nil) throws(ClusteringError)
  {
    guard n > 0 else { throw .noTasks }
    guard n <= Self.taskLimit else { throw .tooManyTasks(n, limit: Self.taskLimit) }
    precondition(value.count == 1 << n, "a value for every set of tasks")
    let all = (1 << n) - 1
    // Of every set, the value of its best k groups, and the first of these groups.
    var best = value
    var steps: [(value: [Double], first: [Int])] = [(value, Array(0...all))]
    for k in 1..<max(min(n, most ?? n), 1) {
      var (next, first) = (
        [Double](repeating: -.infinity, count: all + 1), [Int](repeating: 0, count: all + 1)
      )
      for set in 1...all where set.nonzeroBitCount > k {
        let lowest = set & -set
        let others = set ^ lowest
        // The subsets of the others but all of them, increasing; each with the lowest task is a group.
        var chosen = 0
        while chosen != others {
          let (group, rest) = (chosen | lowest, others ^ chosen)
          if rest.nonzeroBitCount >= k {
            let total = rule(value[group], best[rest])
            if total > next[set] { (next[set], first[set]) = (total, group) }
          }
          chosen = (chosen - others) & others
        }
      }
      steps.append((next, first))
      best = next
    }
    values = steps.map { $0.value[all] }
    groupings = steps.indices.map { last in
      var (labels, rest) = ([Int](repeating: 0, count: n), all)
      for k in (0...last).reversed() {
        let group = steps[k].first[rest]
        for task in 0..<n where group >> task & 1 == 1 { labels[task] = k }
        rest ^= group
      }
      return Grouping(labels: labels)
    }
  }
}
