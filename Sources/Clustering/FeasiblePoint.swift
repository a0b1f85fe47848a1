extension RelaxationProgram {
  /// The share of the most negative entry that the first way lifts, in the order tried.
  private static let shares = [0.03, 0.1, 0.3, 1]
  /// How often the row sums are scaled; each time halves what is left.
  private static let scalings = 4

  /// A feasible point near a point of K that has slightly negative entries, with its ⟨C, X⟩.
  ///
  /// Two ways of lifting these entries are mixed, because the first is cheap where many are a little negative and the
  /// second where a few are: a step towards 1 1ᵀ/n, and, for what is still negative at i, j,
  /// |X_ij| (e_i + e_j)(e_i + e_j)ᵀ. Both keep X ⪰ 0; so do the scaling D X D that restores the row sums, and
  /// adding to the diagonal what that leaves. A step towards 1 1ᵀ/n or I restores a fixed trace. Of several mixtures,
  /// the best is returned.
  ///
  /// - Parameter matrix: in K; shape (n, n).
  func feasiblePoint(near matrix: [Double]) -> (matrix: [Double], objective: Double) {
    let depth = max(0, -(matrix.min() ?? 0))
    var best = point(near: matrix, lift: 0)
    var bestObjective = objective(best)
    guard depth > 0 else { return (best, bestObjective) }
    for share in Self.shares {
      let other = point(near: matrix, lift: share * depth)
      let value = objective(other)
      if value > bestObjective { (best, bestObjective) = (other, value) }
    }
    return (best, bestObjective)
  }

  /// The point in which the step towards 1 1ᵀ/n lifts entries of −`lift` to zero.
  private func point(near matrix: [Double], lift: Double) -> [Double] {
    let n = order
    let step = lift * Double(n) / (1 + lift * Double(n))
    let uniform = 1 / Double(n)
    var x = matrix
    x.withUnsafeMutableBufferPointer { x in
      for t in x.indices { x[t] = (1 - step) * x[t] + step * uniform }
      for i in 0..<n {
        for j in 0..<i where x[i * n + j] < 0 {
          x[i * n + i] -= x[i * n + j]
          x[j * n + j] -= x[i * n + j]
          x[i * n + j] = 0
          x[j * n + i] = 0
        }
      }
      restoreRowSums(x)
    }
    if let groupCount { restoreTrace(&x, Double(groupCount)) }
    return x
  }

  private func restoreRowSums(_ x: UnsafeMutableBufferPointer<Double>) {
    let n = order
    var factors = [Double](repeating: 0, count: n)
    func rowSum(_ i: Int) -> Double {
      var sum = 0.0
      for j in 0..<n { sum += x[i * n + j] }
      return sum
    }
    for _ in 0..<Self.scalings {
      for i in 0..<n { factors[i] = 1 / rowSum(i).squareRoot() }
      for i in 0..<n {
        for j in 0..<n { x[i * n + j] *= factors[i] * factors[j] }
      }
    }
    var largest = 1.0
    for i in 0..<n { largest = max(largest, rowSum(i)) }
    for t in x.indices { x[t] /= largest }
    for i in 0..<n { x[i * n + i] += 1 - rowSum(i) }
  }

  private func restoreTrace(_ x: inout [Double], _ target: Double) {
    let n = order
    var trace = 0.0
    for i in 0..<n { trace += x[i * n + i] }
    let towardsIdentity = trace < target
    let step = towardsIdentity ? (target - trace) / (Double(n) - trace) : (trace - target) / (trace - 1)
    let uniform = towardsIdentity ? 0 : step / Double(n)
    for t in x.indices { x[t] = (1 - step) * x[t] + uniform }
    if towardsIdentity { for i in 0..<n { x[i * n + i] += step } }
  }
}
