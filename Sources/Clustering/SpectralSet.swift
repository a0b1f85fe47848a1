internal import LinearAlgebra

/// Projection on, and maximisation over, K = {X : X 1 = 1, 0 ⪯ X ⪯ I} (and tr X = k where k is fixed).
///
/// 1 is an eigenvector of every X in K, with eigenvalue 1; on its complement K restricts the spectrum alone. So
/// both take one eigendecomposition of P M P, P = I − 1 1ᵀ/n.
struct SpectralSet {
  private let order: Int
  private let groupCount: Int?
  private var eigen: LeadingEigenvectors
  private var centred: [Double]  // P M P − s 1 1ᵀ/n, (n, n), whose least eigenvalue belongs to 1
  private var factor: [Double]  // (rank, n)

  /// K for n ≥ 2 tasks.
  ///
  /// - Parameter groupCount: k in 2..<n, or nil where the trace is free.
  init(order n: Int, groupCount: Int?) {
    order = n
    self.groupCount = groupCount
    eigen = LeadingEigenvectors(order: n)
    centred = [Double](repeating: 0, count: n * n)
    factor = centred
  }

  /// Overwrites a symmetric matrix with the nearest point of K.
  mutating func project(_ matrix: inout [Double]) throws(ClusteringError) {
    let n = order
    deflate(matrix)
    do { try eigen.reduce(centred) } catch { throw .linearAlgebra(error) }
    let threshold = groupCount.map { self.threshold(total: Double($0 - 1)) } ?? 0
    let first = eigen.values[1...].firstIndex { $0 > threshold } ?? n
    do { try eigen.findVectors(from: first) } catch { throw .linearAlgebra(error) }
    let rank = n - first
    for r in 0..<rank {
      let root = min(eigen.values[first + r] - threshold, 1).squareRoot()
      for j in 0..<n { factor[r * n + j] = root * eigen.vectors[r * n + j] }
    }
    let uniform = 1 / Double(n)
    matrix.withUnsafeMutableBufferPointer { target in
      for t in target.indices { target[t] = uniform }
      if let start = target.baseAddress { syrk(.yes, n: n, k: rank, factor, lda: n, beta: 1, start, ldc: n) }
    }
  }

  /// max ⟨M, X⟩ over X in K: ⟨M, 1 1ᵀ/n⟩ and the k − 1 largest eigenvalues of P M P, or all positive ones where
  /// the trace is free.
  ///
  /// - Parameter matrix: M, symmetric.
  mutating func maximum(of matrix: [Double]) throws(ClusteringError) -> Double {
    deflate(matrix)
    do { try eigen.reduce(centred) } catch { throw .linearAlgebra(error) }
    var sum = matrix.reduce(0, +) / Double(order)
    if let groupCount {
      for r in order - groupCount + 1..<order { sum += eigen.values[r] }
    } else {
      for r in 1..<order { sum += max(0, eigen.values[r]) }
    }
    return sum
  }

  /// Sets `centred`, with 1 moved below all other eigenvectors.
  private mutating func deflate(_ matrix: [Double]) {
    centred = matrix
    centre(&centred, order: order)
    let shift = 2 * innerProduct(centred, centred).squareRoot() + Double.leastNormalMagnitude
    let entry = shift / Double(order)
    centred.withUnsafeMutableBufferPointer { centred in
      for t in centred.indices { centred[t] -= entry }
    }
  }

  /// t with Σ_r min(1, max(0, w_r − t)) = total over all eigenvalues but that of 1.
  ///
  /// The sum is linear between the points w_r and w_r − 1; the stretch that holds the solution is bisected for.
  private func threshold(total: Double) -> Double {
    let values = eigen.values[1...]
    func sum(_ t: Double) -> Double { values.reduce(0) { $0 + min(1, max(0, $1 - t)) } }
    let points = (values.map { $0 } + values.map { $0 - 1 }).sorted()
    var (low, high) = (0, points.count - 1)  // sum(points[low]) ≥ total ≥ sum(points[high])
    while high - low > 1 {
      let middle = (low + high) / 2
      if sum(points[middle]) >= total { low = middle } else { high = middle }
    }
    let (atLow, atHigh) = (sum(points[low]), sum(points[high]))
    guard atLow > atHigh else { return points[low] }
    return points[low] + (points[high] - points[low]) * (atLow - total) / (atLow - atHigh)
  }
}
