package import LinearAlgebra

/// The best partitions of up to twelve tasks, found by enumeration.
package struct ExactSearch: Sendable, Equatable {
  /// A best partition.
  package struct Optimum: Sendable, Equatable {
    /// The partition, the first in enumeration order among equally good ones.
    package let grouping: Grouping
    /// Its ⟨U, X⟩.
    package let objective: Double
  }

  /// More tasks than this are refused: 12 have 4.2 million partitions, and each further one six times more.
  package static let taskLimit = 12

  /// The best partition into k groups, at index k − 1; shape (n).
  package let optima: [Optimum]

  /// The number of partitions into k groups, at index k − 1; shape (n).
  package let partitionCounts: [Int]

  /// Looks at every partition of the tasks.
  ///
  /// - Parameter affinity: U, shape (n, n), of which the symmetric part counts.
  /// - Throws: `.tooManyTasks`, `.noTasks` or `.notFinite`.
  package init(affinity: Matrix) throws(ClusteringError) {
    try requireValid(affinity)
    guard affinity.rows <= Self.taskLimit else { throw .tooManyTasks(affinity.rows, limit: Self.taskLimit) }
    var enumeration = PartitionEnumeration(affinity.symmetrized())
    enumeration.place(task: 0, groupCount: 0, objective: 0)
    optima = enumeration.bestLabels.map {
      let grouping = Grouping(labels: $0)
      return Optimum(grouping: grouping, objective: grouping.objective(for: affinity))
    }
    partitionCounts = enumeration.counts
  }
}

/// The state of a walk over restricted growth strings, which name every partition once: task t joins a group
/// opened by an earlier task or opens the next one.
private struct PartitionEnumeration {
  private(set) var bestLabels: [[Int]]  // (n, n), row k − 1 the best of k groups so far
  private(set) var counts: [Int]  // (n)

  private let affinity: Matrix
  private let reciprocals: [Double]  // (n + 1), 1/s of every size s ≥ 1
  private var bestObjectives: [Double]  // (n)
  private var labels: [Int]  // (n), valid before the task being placed
  private var groupSums: [Double]  // (n), Σ_{i,j∈c} U_ij
  private var groupSizes: [Int]  // (n)
  private var ties: [Double]  // (n, n), row t: Σ_{j∈c, j<t} U_tj of every group c

  init(_ affinity: Matrix) {
    let n = affinity.rows
    self.affinity = affinity
    reciprocals = (0...n).map { $0 > 0 ? 1 / Double($0) : 0 }
    bestLabels = Array(repeating: [], count: n)
    counts = [Int](repeating: 0, count: n)
    bestObjectives = [Double](repeating: -.infinity, count: n)
    labels = counts
    groupSums = [Double](repeating: 0, count: n)
    groupSizes = counts
    ties = [Double](repeating: 0, count: n * n)
  }

  /// Tries every group for this task, and then the tasks after it; those before have opened `groupCount` groups of this
  /// ⟨U, X⟩.
  mutating func place(task: Int, groupCount: Int, objective: Double) {
    let n = affinity.rows
    let own = affinity[task, task]
    let row = task * n
    for group in 0...groupCount { ties[row + group] = 0 }
    for j in 0..<task { ties[row + labels[j]] += affinity.elements[row + j] }
    for group in 0...groupCount {
      let sum = groupSums[group]
      let size = groupSizes[group]
      let newSum = sum + 2 * ties[row + group] + own
      let newObjective = objective + newSum * reciprocals[size + 1] - sum * reciprocals[size]
      let newCount = max(groupCount, group + 1)
      labels[task] = group
      if task == n - 1 {
        complete(groupCount: newCount, objective: newObjective)
        continue
      }
      groupSums[group] = newSum
      groupSizes[group] = size + 1
      place(task: task + 1, groupCount: newCount, objective: newObjective)
      groupSums[group] = sum
      groupSizes[group] = size
    }
  }

  /// Counts the partition of all tasks in `labels`, and keeps it if it is the best of its number of groups.
  @inline(__always)
  private mutating func complete(groupCount: Int, objective: Double) {
    counts[groupCount - 1] += 1
    guard objective > bestObjectives[groupCount - 1] else { return }
    bestObjectives[groupCount - 1] = objective
    bestLabels[groupCount - 1] = labels
  }
}
