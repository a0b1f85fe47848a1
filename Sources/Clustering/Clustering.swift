package import LinearAlgebra
package import Random

/// What decides the number of groups.
package enum GroupCountRule: Sendable, Equatable {
  /// This many groups.
  case given(Int)
  /// The number in this range that stays for the longest stretch of log λ; 1 where all affinities are equal.
  case plateau(in: ClosedRange<Int>)
}

/// The groups of tasks, and the evidence for them. All objectives are of `affinity`, in its units.
package struct ClusteringResult: Sendable, Equatable {
  /// The matrix that was clustered, shape (n, n): symmetric, without additive effects if those were removed.
  package let affinity: Matrix
  /// The standard deviation of its off-diagonal entries, the unit of every λ. It is 0 where there is nothing to group
  /// by, as always for n ≤ 3 without additive effects, and `affinity` is then zero.
  package let deviation: Double
  /// The trace against λ, where the number of groups was chosen from it.
  package let selection: SelectionCurve?
  /// The relaxed solution with its objective, dual bound and gap.
  package let relaxation: Relaxation
  /// The groups: the rounded solution.
  package let grouping: Grouping
  /// ⟨U, X⟩ of `grouping`.
  package let objective: Double
  /// The best partition into as many groups, for n ≤ 12.
  package let exactOptimum: ExactSearch.Optimum?

  /// k, the number of groups.
  package var groupCount: Int { grouping.groupCount }

  /// The relaxations that the limit of iterations ended: on the curve, where k may be off, and the final one.
  package var unsolved: [UnsolvedRelaxation] {
    (selection?.unsolved ?? []) + [relaxation.unsolved].compactMap { $0 }
  }

  /// How much the best partition exceeds the rounded one, ≥ 0; for n ≤ 12.
  package var roundingLoss: Double? { exactOptimum.map { max(0, $0.objective - objective) } }
}

/// Clusters tasks by their affinities: removes additive effects, finds the number of groups, solves the
/// relaxation and rounds it.
///
/// - Parameters:
///   - affinity: U, shape (n, n), finite, of which the symmetric part counts.
///   - removesAdditiveEffects: whether `removingAdditiveEffects` is applied first; false for a matrix of cosines.
///   - random: where the starts of the rounding are drawn.
/// - Throws: `ClusteringError` if an input is invalid.
package func clusterTasks(
  affinity: Matrix, groupCount rule: GroupCountRule = .plateau(in: 2...8),
  removesAdditiveEffects: Bool = true, using random: inout RandomStream
) throws(ClusteringError) -> ClusteringResult {
  try requireValid(affinity)
  let n = affinity.rows
  let clustered = removesAdditiveEffects ? removingAdditiveEffects(affinity) : affinity.symmetrized()
  let deviation = significantDeviation(of: clustered, from: affinity)
  var selection: SelectionCurve?
  let count: Int
  switch rule {
  case .given(let given):
    count = given
  case .plateau(let range) where deviation > 0:
    let curve = try SelectionCurve(affinity: clustered, range: range)
    count = curve.longestPlateau(in: range.clamped(to: 1...n))
    selection = curve
  case .plateau:
    count = 1
  }
  let relaxation = try Relaxation(affinity: clustered, .fixed(count))
  let grouping = try roundedGrouping(
    of: relaxation.matrix, affinity: clustered, groupCount: count, using: &random)
  let exact = n <= ExactSearch.taskLimit ? try ExactSearch(affinity: clustered) : nil
  return ClusteringResult(
    affinity: clustered, deviation: deviation, selection: selection, relaxation: relaxation,
    grouping: grouping, objective: grouping.objective(for: clustered), exactOptimum: exact?.optima[count - 1])
}
