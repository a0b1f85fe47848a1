internal import LinearAlgebra

/// The alternating direction method of multipliers on the dual of the relaxation,
///
///     min bᵀy   over   A*(y) − C = S + V,  S ⪰ 0,  V ≥ 0,
///
/// with X as the multiplier of the equation. y is solved for before and after S, which makes the three-block
/// sweep a symmetric Gauss–Seidel one (Sun, Toh and Yang 2015).
///
/// Goals, in order: a bound that holds, determinism, speed. C enters without its part in the range of A*,
/// which only adds a constant to the objective, and scaled to ‖C‖ = 1, under which σ = 1 is a fair start.
struct RelaxationSolver {
  /// The number of iterations taken so far.
  private(set) var iterations = 0

  private let constraints: EqualityConstraints
  private let interior: InteriorPoint
  private let cost: Matrix  // C, (n, n)
  private let scale: Double  // objective = scale · ⟨C, X⟩ + offset
  private let offset: Double

  private var primal: Matrix  // X, (n, n)
  private var semidefinite: Matrix  // S, (n, n)
  private var nonnegative: Matrix  // V, (n, n)
  private var multipliers: [Double]  // y, (m)
  private var adjoint: Matrix  // A*(y), (n, n), kept by updateMultipliers
  private var penalty = 1.0  // σ

  /// How often the bounds are computed and σ is adapted, in iterations.
  private static let checkInterval = 20
  /// The longest stable step of the multiplier, the golden ratio.
  private static let stepLength = 1.618
  /// Below this share of the cost, what is left of it after projection is rounding.
  private static let negligible = 1e-13

  /// The first state, X = I.
  ///
  /// - Parameter cost: U − λ I, symmetric, of order n ≥ 2.
  init(cost: Matrix, _ term: TraceTerm) throws(ClusteringError) {
    let n = cost.rows
    var trace: Double?
    if case .fixed(let count) = term { trace = Double(count) }
    do {
      constraints = try EqualityConstraints(order: n, trace: trace)
    } catch {
      throw .linearAlgebra(error)
    }
    interior = InteriorPoint(order: n, trace: trace)
    let removed = constraints.solveNormal(constraints.apply(cost))
    var centred = cost - constraints.adjoint(removed)
    scale = centred.norm > Self.negligible * cost.norm ? centred.norm : 0
    for index in centred.elements.indices { centred.elements[index] *= scale > 0 ? 1 / scale : 0 }
    self.cost = centred
    offset = dot(constraints.target, removed)
    primal = Matrix.identity(n)
    semidefinite = Matrix(rows: n, columns: n, repeating: 0)
    nonnegative = semidefinite
    adjoint = semidefinite
    multipliers = [Double](repeating: 0, count: constraints.target.count)
  }

  /// Iterates until the gap between a feasible point and a bound on all of them is small.
  ///
  /// - Returns: the feasible X, and the bound in the units of the cost.
  mutating func solve(_ options: RelaxationOptions) throws(ClusteringError) -> (matrix: Matrix, bound: Double)
  {
    // Every feasible point is optimal: the one in the middle favours no task.
    guard scale > 0 else { return (interior.matrix, offset) }
    var relativeGap = Double.infinity
    while iterations < options.iterationLimit {
      try iterate()
      guard iterations % Self.checkInterval == 0 else { continue }
      let matrix = try feasiblePoint()
      let bound = try dualBound()
      let objective = cost.innerProduct(matrix)
      relativeGap = (bound - objective) / (1 + abs(bound) + abs(objective))
      if relativeGap <= options.relativeGap { return (matrix, scale * bound + offset) }
      balancePenalty()
    }
    throw .notConverged(iterations: iterations, relativeGap: relativeGap, tolerance: options.relativeGap)
  }

  private mutating func iterate() throws(ClusteringError) {
    updateNonnegative()
    updateMultipliers()
    try updateSemidefinite()
    updateMultipliers()
    updatePrimal()
    iterations += 1
  }

  /// V = max(0, A*(y) − C − S − X/σ), entry by entry.
  private mutating func updateNonnegative() {
    for t in cost.elements.indices {
      nonnegative.elements[t] = max(
        0, adjoint.elements[t] - cost.elements[t] - semidefinite.elements[t] - primal.elements[t] / penalty)
    }
  }

  /// y of A A* y = A(C + S + V) + (A(X) − b)/σ.
  private mutating func updateMultipliers() {
    var sum = cost
    for t in sum.elements.indices { sum.elements[t] += semidefinite.elements[t] + nonnegative.elements[t] }
    var right = constraints.apply(sum)
    let residual = constraints.residual(of: primal)
    for r in right.indices { right[r] += residual[r] / penalty }
    multipliers = constraints.solveNormal(right)
    adjoint = constraints.adjoint(multipliers)
  }

  /// S = the positive semidefinite part of A*(y) − C − V − X/σ.
  private mutating func updateSemidefinite() throws(ClusteringError) {
    var argument = adjoint
    for t in argument.elements.indices {
      argument.elements[t] -= cost.elements[t] + nonnegative.elements[t] + primal.elements[t] / penalty
    }
    let eigen = try eigen(of: argument)
    let n = constraints.order
    let first = eigen.values.firstIndex { $0 > 0 } ?? n
    var scaled = Array(eigen.vectors.elements[(first * n)...])
    for r in first..<n {
      let root = eigen.values[r].squareRoot()
      for j in 0..<n { scaled[(r - first) * n + j] *= root }
    }
    syrk(.yes, n: n, k: n - first, scaled, lda: n, &semidefinite.elements, ldc: n)
  }

  /// X ← X − 1.618 σ (A*(y) − C − S − V).
  private mutating func updatePrimal() {
    let violation = dualViolation()
    for t in violation.elements.indices {
      primal.elements[t] -= Self.stepLength * penalty * violation.elements[t]
    }
  }

  /// A*(y) − C − S − V.
  private func dualViolation() -> Matrix {
    var result = adjoint
    for t in result.elements.indices {
      result.elements[t] -= cost.elements[t] + semidefinite.elements[t] + nonnegative.elements[t]
    }
    return result
  }

  /// Shrinks σ while the primal residual is the larger one, and grows it while the dual one is.
  private mutating func balancePenalty() {
    let negative = primal.elements.reduce(0) { $0 + min($1, 0) * min($1, 0) }
    let equality = constraints.residual(of: primal)
    let primalResidual = (dot(equality, equality).squareRoot() + negative.squareRoot()) / (1 + primal.norm)
    let dualResidual = dualViolation().norm / 2
    if primalResidual > 3 * dualResidual {
      penalty /= 1.4
    } else if dualResidual > 3 * primalResidual {
      penalty *= 1.4
    }
  }

  /// A feasible point near X: projected on the equalities, then moved towards the interior as far as it must.
  private func feasiblePoint() throws(ClusteringError) -> Matrix {
    let projected = constraints.projection(of: primal).symmetrized()
    let smallestEntry = projected.elements.min() ?? 0
    let smallestEigenvalue = try eigen(of: projected).values.first ?? 0
    return interior.mixed(
      into: projected, smallestEntry: smallestEntry, smallestEigenvalue: smallestEigenvalue)
  }

  /// bᵀy + Σ_i max(0, −w_i), with w the eigenvalues of A*(y) − C − V: no feasible X has a larger ⟨C, X⟩.
  ///
  /// ⟨C, X⟩ = bᵀy − ⟨V, X⟩ − ⟨A*(y) − C − V, X⟩; V ≥ 0 and X ≥ 0 make the second term no gain; and a feasible
  /// X is doubly stochastic, so that its eigenvalues lie in [0, 1] and the third is at most the sum above.
  private func dualBound() throws(ClusteringError) -> Double {
    var slack = adjoint
    for t in slack.elements.indices { slack.elements[t] -= cost.elements[t] + nonnegative.elements[t] }
    let shortfall = try eigen(of: slack).values.reduce(0) { $0 + max(0, -$1) }
    return dot(constraints.target, multipliers) + shortfall
  }
}

/// α I + β 1 1ᵀ with α + n β = 1: a point of the relaxation at which no inequality is tight.
private struct InteriorPoint {
  let matrix: Matrix  // (n, n)
  private let smallestEntry: Double  // β
  private let smallestEigenvalue: Double  // α

  /// The point with this trace, or halfway between the ends where the trace is free.
  ///
  /// - Precondition: 1 < trace < n.
  init(order n: Int, trace: Double?) {
    let alpha = ((trace ?? Double(n + 1) / 2) - 1) / Double(n - 1)
    let beta = (1 - alpha) / Double(n)
    var matrix = Matrix(rows: n, columns: n, repeating: beta)
    for i in 0..<n { matrix[i, i] += alpha }
    self.matrix = matrix
    smallestEntry = beta
    smallestEigenvalue = alpha
  }

  /// (1 − t) W + t · this point, with the least t at which no entry and no eigenvalue is negative.
  func mixed(into other: Matrix, smallestEntry: Double, smallestEigenvalue: Double) -> Matrix {
    let share = max(
      Self.share(lifting: smallestEntry, with: self.smallestEntry),
      Self.share(lifting: smallestEigenvalue, with: self.smallestEigenvalue))
    guard share > 0 else { return other }
    var result = other
    for t in result.elements.indices {
      result.elements[t] = (1 - share) * other.elements[t] + share * matrix.elements[t]
    }
    return result
  }

  /// The least t in [0, 1] with (1 − t) value + t positive ≥ 0.
  private static func share(lifting value: Double, with positive: Double) -> Double {
    value < 0 ? -value / (positive - value) : 0
  }
}

/// The decomposition of a symmetric matrix.
private func eigen(of matrix: Matrix) throws(ClusteringError) -> SymmetricEigen {
  do {
    return try SymmetricEigen(matrix)
  } catch {
    throw .linearAlgebra(error)
  }
}

/// Σ_r a_r b_r.
private func dot(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for r in a.indices { sum += a[r] * b[r] }
  return sum
}
