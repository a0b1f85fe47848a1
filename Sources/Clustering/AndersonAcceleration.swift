internal import LinearAlgebra

/// Anderson acceleration of a fixed-point iteration z ← F(z), type II (Walker and Ni 2011), with restarts.
///
/// With g = z − F(z), the next point is F(z) − Σ_i γ_i ΔF_i, where γ minimises |g − Σ_i γ_i Δg_i|² plus a ridge on γ
/// over the last differences. Three safeguards make it as safe as the plain iteration, whose |g| never grows for a
/// nonexpansive F such as ours. Where |g| has grown to twice the least of the run, the iteration returns to the
/// last plain step without its history. A correction longer than half of F(z) itself is left out, because
/// where F moves at constant speed, as far from the solution, |g| does not tell a wild step from a good one. And
/// that length shrinks after many points, so that all corrections have a finite sum: an averaged F, such as ours,
/// then converges as if there were none (Combettes 2001).
struct AndersonAcceleration {
  private let dimension: Int
  private var residualDifferences: [Double]  // Δg, (memory, dimension), a ring of rows
  private var valueDifferences: [Double]  // ΔF, likewise
  private var gram = Matrix(rows: memory, columns: memory, repeating: 0)  // ⟨Δg_i, Δg_j⟩
  private var valueSquares = [Double](repeating: 0, count: memory)  // |ΔF_i|²
  private var lastResidual: [Double]
  private var lastValue: [Double]
  private var hasLast = false
  private var count = 0
  private var next = 0
  private var leastResidual = Double.infinity
  private var points = 0

  /// The number of differences kept.
  private static let memory = 15
  /// The ridge of the least-squares problem, relative to Σ_i |Δg_i|² + |ΔF_i|².
  private static let ridge = 1e-10
  /// The growth of the residual at which the history is dropped.
  private static let growthLimit = 2.0
  /// The longest correction, relative to F(z).
  private static let longestCorrection = 0.5
  /// The number of points after which the longest correction shrinks, with the square of their number.
  private static let unrestrictedPoints = 5000

  /// The acceleration of an iteration in this many dimensions.
  init(dimension: Int) {
    self.dimension = dimension
    residualDifferences = [Double](repeating: 0, count: Self.memory * dimension)
    valueDifferences = residualDifferences
    lastResidual = [Double](repeating: 0, count: dimension)
    lastValue = lastResidual
  }

  /// Forgets all points, as is due when F changes.
  mutating func restart() {
    hasLast = false
    count = 0
    next = 0
    leastResidual = .infinity
  }

  /// Overwrites F(z), the value, with the point that follows z.
  mutating func advance(from point: [Double], value: inout [Double]) {
    points += 1
    var residual = point
    combine(&residual, point, value) { $0 - $1 }
    let size = innerProduct(residual, residual).squareRoot()
    guard size <= Self.growthLimit * leastResidual else {
      value = lastValue
      restart()
      return
    }
    leastResidual = min(leastResidual, size)
    if hasLast { remember(residual, value) }
    lastResidual = residual
    lastValue = value
    hasLast = true
    guard count > 0, let weights = weights(residual) else { return }
    var correction = [Double](repeating: 0, count: dimension)
    gemv(.yes, rows: count, columns: dimension, valueDifferences, lda: dimension, weights, &correction)
    let shrinking = min(1, Double(Self.unrestrictedPoints) / Double(points))
    let longest = Self.longestCorrection * shrinking * shrinking
    let limit = longest * innerProduct(value, value).squareRoot()
    guard innerProduct(correction, correction).squareRoot() <= limit else { return }
    combine(&value, value, correction) { $0 - $1 }
  }

  private mutating func remember(_ residual: [Double], _ value: [Double]) {
    let start = next * dimension
    combine(&residualDifferences, from: start, residual, lastResidual) { $0 - $1 }
    combine(&valueDifferences, from: start, value, lastValue) { $0 - $1 }
    count = min(count + 1, Self.memory)
    let difference = Array(valueDifferences[start..<start + dimension])
    valueSquares[next] = innerProduct(difference, difference)
    let products = products(with: Array(residualDifferences[start..<start + dimension]))
    for row in 0..<count {
      gram[next, row] = products[row]
      gram[row, next] = products[row]
    }
    next = (next + 1) % Self.memory
  }

  /// ⟨Δg_i, v⟩ for every difference kept; shape (count).
  private func products(with vector: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: count)
    gemv(.no, rows: count, columns: dimension, residualDifferences, lda: dimension, vector, &result)
    return result
  }

  /// γ, or nil where the differences are too nearly dependent even for the ridge.
  private func weights(_ residual: [Double]) -> [Double]? {
    var normal = Matrix(rows: count, columns: count, repeating: 0)
    for i in 0..<count {
      for j in 0..<count { normal[i, j] = gram[i, j] }
    }
    let ridge = Self.ridge * (normal.trace + valueSquares[..<count].reduce(0, +))
    for i in 0..<count { normal[i, i] += ridge }
    return solvePositiveDefinite(normal, products(with: residual))
  }
}
