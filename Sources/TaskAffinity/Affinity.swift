/// Averages of a table of subset performances over the subsets that hold a pair of tasks.
package struct Affinity: Sendable, Equatable {
  /// f̂(S_l) = (1/s) Σ_{i∈S_l} f̂_i(S_l), shape (m).
  package var subsetPerformance: [Double]
  /// U_ij = (1/n_ij) Σ_{l: i,j∈S_l} f̂(S_l), shape (n, n); the diagonal averages over the subsets that hold i (the
  /// paper's form).
  package var aggregate: [Double]
  /// T_ij: the mean over the subsets that hold i and j of f̂_i(S_l), standardised over the subsets of task i, shape
  /// (n, n), diagonal 0 (the form of the paper's predecessors; not symmetric).
  package var perTask: [Double]
  /// The mean over the subsets that hold i of f̂_i(S_l), shape (n).
  package var gain: [Double]
  /// n_ij: the subsets that hold i and j, shape (n, n); the diagonal counts those that hold i.
  package var pairCount: [Int]

  /// Averages a table.
  ///
  /// - Parameters:
  ///   - table: f̂_i(S_l), shape (m, n); entries outside the subsets are not read.
  ///   - subsets: (m, s) task numbers; every pair of tasks is in some subset.
  package init(table: [Double], subsets: [[Int]], taskCount n: Int) {
    precondition(table.count == subsets.count * n, "the table has shape (m, n)")
    subsetPerformance = subsets.indices.map { l in
      subsets[l].reduce(0) { $0 + table[l * n + $1] } / Double(subsets[l].count)
    }
    var sums = [Double](repeating: 0, count: n * n)
    var standardised = sums
    var counts = [Int](repeating: 0, count: n * n)
    let scales = (0..<n).map { i in
      Self.meanAndDeviation(subsets.indices.filter { subsets[$0].contains(i) }.map { table[$0 * n + i] })
    }
    for (l, subset) in subsets.enumerated() {
      for i in subset {
        let score = scales[i].deviation > 0 ? (table[l * n + i] - scales[i].mean) / scales[i].deviation : 0
        for j in subset {
          counts[i * n + j] += 1
          sums[i * n + j] += subsetPerformance[l]
          standardised[i * n + j] += score
        }
      }
    }
    aggregate = zip(sums, counts).map { $0 / Double($1) }
    perTask = zip(standardised, counts).map { $0 / Double($1) }
    for i in 0..<n { perTask[i * n + i] = 0 }
    gain = scales.map(\.mean)
    pairCount = counts
  }

  private static func meanAndDeviation(_ values: [Double]) -> (mean: Double, deviation: Double) {
    let center = mean(values)
    let spread = values.reduce(0) { $0 + ($1 - center) * ($1 - center) }
    return (center, (spread / Double(max(values.count, 1))).squareRoot())
  }
}

/// The cosines between the tasks' mean projected policy gradients ḡ_i = (1/N_i) Σ_t Â_t g̃_t, shape (n, n): the
/// gradient-similarity control.
package func gradientCosines(_ transitions: ProjectedTransitions) -> [Double] {
  let n = transitions.taskCount
  let d = transitions.dimension
  var gradients = [Double](repeating: 0, count: n * d)
  for (row, task) in transitions.task.enumerated() {
    let advantage = Double(transitions.advantage[row])
    let base = Int(task) * d
    for c in 0..<d { gradients[base + c] += advantage * Double(transitions.features[row * d + c]) }
  }
  func product(_ i: Int, _ j: Int) -> Double {
    (0..<d).reduce(0) { $0 + gradients[i * d + $1] * gradients[j * d + $1] }
  }
  let norms = (0..<n).map { product($0, $0).squareRoot() }
  var cosines = [Double](repeating: 0, count: n * n)
  for i in 0..<n {
    for j in 0..<n {
      let scale = norms[i] * norms[j]
      cosines[i * n + j] = i == j ? 1 : scale > 0 ? product(i, j) / scale : 0
    }
  }
  return cosines
}
