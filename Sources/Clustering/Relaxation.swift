package import LinearAlgebra

/// What decides the number of groups in the relaxation.
package enum TraceTerm: Sendable, Equatable {
  /// tr X = k.
  case fixed(Int)
  /// The trace is free and costs λ per unit.
  case penalty(Double)

  /// λ, or 0 where the trace is fixed.
  package var penalty: Double { if case .penalty(let value) = self { value } else { 0 } }

  /// k, or nil where the trace is free.
  package var groupCount: Int? { if case .fixed(let count) = self { count } else { nil } }
}

/// When the solver of the relaxation stops.
package struct RelaxationOptions: Sendable, Equatable {
  /// The largest (bound − objective) / (1 + |bound| + |objective|) that counts as solved, in units in which
  /// the part of the cost that matters has Frobenius norm 1.
  package var relativeGap: Double
  /// The number of iterations after which the solver settles for the gap that it has.
  package var iterationLimit: Int

  /// The given limits.
  package init(relativeGap: Double = 1e-6, iterationLimit: Int = 50_000) {
    self.relativeGap = relativeGap
    self.iterationLimit = iterationLimit
  }
}

/// A relaxation that the limit of iterations ended before it reached the tolerance. Its solution is feasible and its
/// bound holds; only the gap between them is wide.
package struct UnsolvedRelaxation: Sendable, Equatable, CustomStringConvertible {
  /// What decided the number of groups, λ in the units of the affinities.
  package let term: TraceTerm
  /// The number of iterations taken.
  package let iterations: Int
  /// The gap, as `RelaxationOptions.relativeGap` measures it.
  package let relativeGap: Double

  package var description: String {
    let which =
      switch term {
      case .fixed(let count): "with \(count) groups"
      case .penalty(let penalty): "with a penalty of \(penalty)"
      }
    return
      "the relaxation \(which) stopped after \(iterations) iterations at a relative gap of \(relativeGap)"
  }
}

/// A solution of the semidefinite relaxation of clustering:
///
///     max ⟨U, X⟩ − λ tr X   over   X ⪰ 0,  X ≥ 0,  X 1 = 1   (and tr X = k, λ = 0, where k is fixed).
///
/// The partitions are among the feasible points (`Grouping.matrix`), where tr X is the number of groups; so
/// objective(any partition) ≤ best partition ≤ optimum of the relaxation ≤ `dualBound`.
package struct Relaxation: Sendable, Equatable {
  /// X, shape (n, n): symmetric, and feasible up to rounding.
  package let matrix: Matrix
  /// ⟨U, X⟩ − λ tr X at `matrix`, which is at most the optimum.
  package let objective: Double
  /// A bound that no feasible point exceeds, up to rounding.
  package let dualBound: Double
  /// The number of iterations taken; 0 where only one point is feasible.
  package let iterations: Int

  /// How it fell short of the tolerance, where the limit of iterations ended it.
  package let unsolved: UnsolvedRelaxation?

  /// Where the solver ended; where it started, if no iteration was needed.
  let finalState: RelaxationState?

  /// `dualBound` − `objective`: the optimum is at most this far above the objective.
  package var gap: Double { dualBound - objective }
  /// tr X, the relaxation's number of groups, in 1...n.
  package var trace: Double { matrix.trace }
}

extension Relaxation {
  /// Solves the relaxation.
  ///
  /// - Parameters:
  ///   - affinity: U, shape (n, n), of which the symmetric part counts.
  ///   - start: nil, or the final state of a relaxation of the same order.
  /// - Throws: `ClusteringError` if an input is invalid.
  package init(
    affinity: Matrix, _ term: TraceTerm, options: RelaxationOptions = RelaxationOptions(),
    from start: RelaxationState? = nil
  ) throws(ClusteringError) {
    try requireValid(affinity)
    let n = affinity.rows
    let symmetric = affinity.symmetrized()
    if let count = term.groupCount, !(1...n).contains(count) { throw .invalidGroupCount(count, tasks: n) }
    if let only = Relaxation.onlyFeasiblePoint(order: n, term) {
      let objective = symmetric.innerProduct(only) - term.penalty * only.trace
      self.init(
        matrix: only, objective: objective, dualBound: objective, iterations: 0, unsolved: nil,
        finalState: start)
      return
    }
    var cost = symmetric
    for i in 0..<n { cost[i, i] -= term.penalty }
    var solver = RelaxationSolver(RelaxationProgram(cost: cost, groupCount: term.groupCount), from: start)
    let solution = try solver.solve(options)
    self.init(
      matrix: solution.matrix, objective: cost.innerProduct(solution.matrix), dualBound: solution.bound,
      iterations: solver.iterations,
      unsolved: solution.relativeGap <= options.relativeGap
        ? nil
        : UnsolvedRelaxation(term: term, iterations: solver.iterations, relativeGap: solution.relativeGap),
      finalState: solver.iterations > 0 ? solver.finalState : start)
  }

  /// The feasible X where there is but one: 1 1ᵀ/n for trace 1, the identity for trace n, or n = 1.
  private static func onlyFeasiblePoint(order n: Int, _ term: TraceTerm) -> Matrix? {
    switch term {
    case .fixed(1): Grouping.single(n).matrix
    case .fixed(n): Matrix.identity(n)
    default: n == 1 ? Matrix.identity(1) : nil
    }
  }
}

/// Checks that a matrix can be clustered.
///
/// - Throws: `.noTasks` or `.notFinite`.
/// - Precondition: the matrix is square.
func requireValid(_ affinity: Matrix) throws(ClusteringError) {
  precondition(affinity.isSquare, "an affinity matrix is square")
  guard affinity.rows > 0 else { throw .noTasks }
  if let index = affinity.elements.firstIndex(where: { !$0.isFinite }) {
    throw .notFinite(row: index / affinity.columns, column: index % affinity.columns)
  }
}
