package import LinearAlgebra

/// A partition of tasks 0..<n into groups.
///
/// Equal partitions are equal values: groups are numbered in the order of their first tasks.
package struct Grouping: Sendable, Hashable {
  /// The group of every task; shape (n). The first task is in group 0, and a new group has the next number.
  package let labels: [Int]

  /// The tasks of every group, ascending; shape (groups, size of the group).
  package let groups: [[Int]]

  /// The partition in which tasks with equal labels share a group; the labels may be any integers.
  package init(labels: [Int]) {
    var numbers: [Int: Int] = [:]
    var canonical: [Int] = []
    var groups: [[Int]] = []
    for (task, label) in labels.enumerated() {
      let number = numbers[label] ?? groups.count
      if number == groups.count {
        numbers[label] = number
        groups.append([])
      }
      canonical.append(number)
      groups[number].append(task)
    }
    self.labels = canonical
    self.groups = groups
  }

  /// All tasks in one group.
  package static func single(_ taskCount: Int) -> Grouping {
    Grouping(labels: [Int](repeating: 0, count: taskCount))
  }

  /// Every task in a group of its own.
  package static func separate(_ taskCount: Int) -> Grouping {
    Grouping(labels: Array(0..<taskCount))
  }

  /// n, the number of tasks.
  package var taskCount: Int { labels.count }

  /// k, the number of groups.
  package var groupCount: Int { groups.count }

  /// The average density ⟨U, X⟩ = Σ_c (1/|c|) Σ_{i,j∈c} U_ij, the sum that clustering maximises.
  ///
  /// - Parameter affinity: U, shape (n, n).
  package func objective(for affinity: Matrix) -> Double {
    precondition(affinity.rows == taskCount && affinity.isSquare, "the affinity needs one row per task")
    var total = 0.0
    for group in groups {
      var sum = 0.0
      for i in group {
        for j in group { sum += affinity[i, j] }
      }
      total += sum / Double(group.count)
    }
    return total
  }

  /// X = Σ_c (1/|c|) 1_c 1_cᵀ, the point of the relaxation that this partition is; shape (n, n).
  package var matrix: Matrix {
    var result = Matrix(rows: taskCount, columns: taskCount, repeating: 0)
    for group in groups {
      for i in group {
        for j in group { result[i, j] = 1 / Double(group.count) }
      }
    }
    return result
  }
}
