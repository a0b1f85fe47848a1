/// A feasible point of the relaxation near a point of K that has slightly negative entries.
///
/// Two ways of lifting them are mixed, because the first is cheap where many entries are a little negative and
/// the second where a few are: a step towards 1 1ᵀ/n, and, for what is still negative at i, j,
/// |X_ij| (e_i + e_j)(e_i + e_j)ᵀ. Both keep X ⪰ 0; so do the scaling D X D that restores the row sums, and
/// adding to the diagonal what that leaves. A fixed trace is restored by a step towards 1 1ᵀ/n or I.
struct FeasiblePointSearch {
  private let program: RelaxationProgram

  /// The share of the most negative entry that the first way lifts, in the order tried.
  private static let shares = [0, 0.03, 0.1, 0.3, 1]
  /// How often the row sums are scaled; each time halves what is left.
  private static let scalings = 4

  /// The search for a program.
  init(_ program: RelaxationProgram) { self.program = program }

  /// The best of the points tried, with its ⟨C, X⟩.
  ///
  /// - Parameter matrix: in K; shape (n, n).
  func best(near matrix: [Double]) -> (matrix: [Double], objective: Double) {
    let depth = max(0, -(matrix.min() ?? 0))
    var best = point(near: matrix, lift: 0)
    var objective = program.objective(best)
    guard depth > 0 else { return (best, objective) }
    for share in Self.shares.dropFirst() {
      let other = point(near: matrix, lift: share * depth)
      let value = program.objective(other)
      if value > objective { (best, objective) = (other, value) }
    }
    return (best, objective)
  }

  /// The point in which the step towards 1 1ᵀ/n lifts entries of −`lift` to zero.
  private func point(near matrix: [Double], lift: Double) -> [Double] {
    let n = program.order
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
      Self.restoreRowSums(x, n)
    }
    if let groupCount = program.groupCount { restoreTrace(&x, Double(groupCount)) }
    return x
  }

  private static func restoreRowSums(_ x: UnsafeMutableBufferPointer<Double>, _ n: Int) {
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
    let n = program.order
    var trace = 0.0
    for i in 0..<n { trace += x[i * n + i] }
    let towardsIdentity = trace < target
    let step = towardsIdentity ? (target - trace) / (Double(n) - trace) : (trace - target) / (trace - 1)
    let uniform = towardsIdentity ? 0 : step / Double(n)
    for t in x.indices { x[t] = (1 - step) * x[t] + uniform }
    if towardsIdentity { for i in 0..<n { x[i * n + i] += step } }
  }
}
