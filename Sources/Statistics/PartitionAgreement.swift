internal import Foundation

/// The agreement of two partitions of the same items, by the measures of scikit-learn 1.9.
package struct PartitionAgreement: Sendable, Equatable {
  /// The adjusted Rand index (Hubert and Arabie 1985): 1 for equal partitions, 0 on average by chance.
  package let adjustedRand: Double
  /// The normalised mutual information 2 I / (H + H'), in 0...1; by chance well above 0 where items are few.
  package let normalizedInformation: Double
  /// The adjusted mutual information (Vinh, Epps and Bailey 2010), with the mean entropy as its upper end:
  /// 1 for equal partitions, 0 on average by chance.
  package let adjustedInformation: Double

  /// Compares two labellings; items with equal labels share a group.
  ///
  /// - Precondition: the counts are equal and not 0.
  package init(_ first: [Int], _ second: [Int]) {
    precondition(first.count == second.count && !first.isEmpty, "partitions of the same items are compared")
    let table = ContingencyTable(first, second)
    adjustedRand = table.adjustedRand
    if table.isDegenerate {
      (normalizedInformation, adjustedInformation) = (1, 1)
      return
    }
    let information = table.mutualInformation
    let meanEntropy = (table.entropy(table.rowSums) + table.entropy(table.columnSums)) / 2
    normalizedInformation = information > 0 ? min(information / meanEntropy, 1) : 0
    let expected = table.expectedInformation
    let range = meanEntropy - expected
    adjustedInformation = abs(range) > 1e-14 ? (information - expected) / range : 0
  }
}

/// How many items each pair of groups shares.
private struct ContingencyTable {
  let count: Int
  let rowSums: [Int]
  let columnSums: [Int]
  private let shared: [[Int]]  // (rows, columns)

  init(_ first: [Int], _ second: [Int]) {
    let rows = Self.numbers(first)
    let columns = Self.numbers(second)
    var shared = Array(
      repeating: [Int](repeating: 0, count: (columns.max() ?? -1) + 1), count: (rows.max() ?? -1) + 1)
    for (r, c) in zip(rows, columns) { shared[r][c] += 1 }
    self.shared = shared
    count = first.count
    rowSums = shared.map { $0.reduce(0, +) }
    columnSums = (shared.first ?? []).indices.map { c in shared.reduce(0) { $0 + $1[c] } }
  }

  /// Both partitions have one group, or both have only groups of one: they are equal, and the measures 0 / 0.
  var isDegenerate: Bool {
    rowSums.count == columnSums.count && (rowSums.count == 1 || rowSums.count == count)
  }

  var adjustedRand: Double {
    if isDegenerate { return 1 }
    func pairs(_ n: Int) -> Double { Double(n * (n - 1)) / 2 }
    let together = shared.joined().reduce(0) { $0 + pairs($1) }
    let inRows = rowSums.reduce(0) { $0 + pairs($1) }
    let inColumns = columnSums.reduce(0) { $0 + pairs($1) }
    let expected = inRows * inColumns / pairs(count)
    return (together - expected) / ((inRows + inColumns) / 2 - expected)
  }

  /// I = Σ_rc (n_rc / n) ln(n n_rc / (a_r b_c)), in nats.
  var mutualInformation: Double {
    var sum = 0.0
    for r in rowSums.indices {
      for c in columnSums.indices where shared[r][c] > 0 {
        sum += term(shared[r][c], rowSums[r], columnSums[c])
      }
    }
    // Rounding may leave a trace of 1e-17 where there is none.
    return sum > 1e-14 ? sum : 0
  }

  /// The mean of I over all pairs of partitions with these group sizes: n_rc is then hypergeometric.
  var expectedInformation: Double {
    var logFactorials = [0.0]
    for i in 1...count { logFactorials.append(logFactorials[i - 1] + log(Double(i))) }
    var sum = 0.0
    for a in rowSums {
      for b in columnSums {
        for both in max(1, a + b - count)...max(1, min(a, b)) {
          let numerator = [a, b, count - a, count - b]
          let denominator = [count, both, a - both, b - both, count - a - b + both]
          let ways = numerator.reduce(0.0) { $0 + logFactorials[$1] }
          let outcomes = denominator.reduce(0.0) { $0 + logFactorials[$1] }
          sum += term(both, a, b) * exp(ways - outcomes)
        }
      }
    }
    return sum
  }

  func entropy(_ sizes: [Int]) -> Double {
    sizes.reduce(0) { $0 - Double($1) / Double(count) * log(Double($1) / Double(count)) }
  }

  private func term(_ both: Int, _ a: Int, _ b: Int) -> Double {
    Double(both) / Double(count) * log(Double(count) * Double(both) / (Double(a) * Double(b)))
  }

  /// Labels as 0, 1, … in the order of first appearance.
  private static func numbers(_ labels: [Int]) -> [Int] {
    var known: [Int: Int] = [:]
    return labels.map { label in
      let number = known[label] ?? known.count
      known[label] = number
      return number
    }
  }
}
