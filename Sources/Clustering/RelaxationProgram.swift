internal import LinearAlgebra

/// The relaxation in the form in which it is solved: max ⟨C, X⟩ over X ∈ K and X ≥ 0, where
///
///     K = {X : X 1 = 1, 0 ⪯ X ⪯ I} (and tr X = k where k is fixed).
///
/// X ⪯ I is no restriction: a feasible X is doubly stochastic. C has zero row sums, norm 1 and, where k is
/// fixed, trace 0: what is taken away is the same for all feasible points.
struct RelaxationProgram {
  /// n, the number of tasks.
  let order: Int
  /// k where it is fixed.
  let groupCount: Int?
  /// C, shape (n, n); zero where all feasible points are equally good.
  let cost: [Double]
  /// The objective is `scale` · ⟨C, X⟩ + `offset`.
  let scale: Double
  /// The part of the objective that all feasible points share.
  let offset: Double

  /// Below this share of the cost, what is left of it after centring is rounding.
  private static let negligible = 1e-13

  /// The program of a cost.
  ///
  /// - Parameters:
  ///   - cost: U − λ I, symmetric, of order n ≥ 2.
  ///   - groupCount: k in 2..<n, or nil where the trace is free.
  init(cost: Matrix, groupCount: Int?) {
    let n = cost.rows
    order = n
    self.groupCount = groupCount
    var centred = cost
    // ⟨C, 1 1ᵀ/n⟩, the part along the eigenvector 1, which every X shares.
    var offset = cost.elements.reduce(0, +) / Double(n)
    centre(&centred.elements, order: n)
    if let groupCount {
      let mean = centred.trace / Double(n - 1)
      for i in 0..<n {
        for j in 0..<n { centred[i, j] -= mean * ((i == j ? 1 : 0) - 1 / Double(n)) }
      }
      offset += mean * Double(groupCount - 1)
    }
    let norm = centred.norm
    scale = norm > Self.negligible * cost.norm ? norm : 0
    for t in centred.elements.indices { centred.elements[t] *= scale > 0 ? 1 / scale : 0 }
    self.cost = centred.elements
    self.offset = offset
  }

  /// α I + β 1 1ᵀ with the trace k, or halfway between its ends where it is free.
  var interiorPoint: Matrix {
    let alpha = (groupCount.map { Double($0 - 1) } ?? 0.5 * Double(order - 1)) / Double(order - 1)
    var matrix = Matrix(rows: order, columns: order, repeating: (1 - alpha) / Double(order))
    for i in 0..<order { matrix[i, i] += alpha }
    return matrix
  }

  /// ⟨C, X⟩.
  func objective(_ matrix: [Double]) -> Double { innerProduct(cost, matrix) }
}

/// Sets entries from the two in their place, without checking bounds entry by entry.
///
/// - Parameters:
///   - result: filled from `start` on.
///   - first, second: as long as what is filled.
@inline(__always)
func combine(
  _ result: inout [Double], from start: Int = 0, _ first: [Double], _ second: [Double],
  _ body: (Double, Double) -> Double
) {
  precondition(
    first.count == second.count && start >= 0 && start + first.count <= result.count,
    "arrays of lengths that do not fit")
  result.withUnsafeMutableBufferPointer { result in
    first.withUnsafeBufferPointer { first in
      second.withUnsafeBufferPointer { second in
        for t in 0..<first.count { result[start + t] = body(first[t], second[t]) }
      }
    }
  }
}

/// Makes the rows and columns of a symmetric matrix sum to zero: P M P with P = I − 1 1ᵀ/n.
func centre(_ elements: inout [Double], order n: Int) {
  elements.withUnsafeMutableBufferPointer { matrix in
    withUnsafeTemporaryAllocation(of: Double.self, capacity: n) { means in
      means.initialize(repeating: 0)
      // Row by row, which adds to all columns' sums side by side.
      for i in 0..<n {
        for j in 0..<n { means[j] += matrix[i * n + j] }
      }
      var mean = 0.0
      for i in 0..<n {
        means[i] /= Double(n)
        mean += means[i]
      }
      mean /= Double(n)
      for i in 0..<n {
        for j in 0..<n { matrix[i * n + j] += mean - (means[i] + means[j]) }
      }
    }
  }
}

/// Σ_t a_t b_t.
func innerProduct(_ a: [Double], _ b: [Double]) -> Double {
  precondition(a.count == b.count, "an inner product needs equally long arrays")
  return a.withUnsafeBufferPointer { a in
    b.withUnsafeBufferPointer { b in
      // Four sums, in a fixed order, let the additions overlap.
      var sums = SIMD4<Double>(repeating: 0)
      let whole = a.count & ~3
      var t = 0
      while t < whole {
        let left = SIMD4<Double>(a[t], a[t + 1], a[t + 2], a[t + 3])
        sums += left * SIMD4<Double>(b[t], b[t + 1], b[t + 2], b[t + 3])
        t += 4
      }
      var sum = (sums.x + sums.z) + (sums.y + sums.w)
      while t < a.count {
        sum += a[t] * b[t]
        t += 1
      }
      return sum
    }
  }
}
