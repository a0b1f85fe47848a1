package import LinearAlgebra
package import Random

/// What decides the number of groups.
package enum GroupCountRule: Sendable, Equatable {
  /// This many groups.
  case given(Int)
  /// As many as the relaxation with this λ has, in units of the off-diagonal standard deviation.
  case penalty(Double)
  /// As many as stay for the longest stretch of log λ; one where all affinities are equal.
  case plateau(SelectionOptions)
}

/// How tasks are clustered.
package struct ClusteringOptions: Sendable, Equatable {
  /// What decides the number of groups.
  package var groupCount: GroupCountRule
  /// Whether the affinities are first replaced by `removingAdditiveEffects`.
  package var removesAdditiveEffects: Bool
  /// How often k-means starts anew when a solution is rounded.
  package var roundingStarts: Int
  /// When the solver of the final relaxation stops.
  package var relaxation: RelaxationOptions

  /// The given options.
  package init(
    groupCount: GroupCountRule = .plateau(SelectionOptions()), removesAdditiveEffects: Bool = true,
    roundingStarts: Int = 50, relaxation: RelaxationOptions = RelaxationOptions()
  ) {
    self.groupCount = groupCount
    self.removesAdditiveEffects = removesAdditiveEffects
    self.roundingStarts = roundingStarts
    self.relaxation = relaxation
  }
}

/// The groups of tasks, and what vouches for them. All objectives are of `affinity`, in its units.
package struct ClusteringResult: Sendable, Equatable {
  /// The matrix that was clustered, shape (n, n): symmetric, without additive effects if those were removed.
  package let affinity: Matrix
  /// The standard deviation of its off-diagonal entries, the unit of every λ; 0 where there is nothing to group by, as
  /// always for n ≤ 3 without additive effects, and `affinity` is then zero.
  package let deviation: Double
  /// The trace against λ, where the number of groups was chosen from it.
  package let selection: SelectionCurve?
  /// What the trace term of the final relaxation was, λ in the units of `affinity`.
  package let term: TraceTerm
  /// The relaxed solution with its objective, dual bound and gap.
  package let relaxation: Relaxation
  /// The groups: the rounded solution.
  package let grouping: Grouping
  /// ⟨U, X⟩ − λ k of `grouping`.
  package let objective: Double
  /// All optimal partitions, for n ≤ 12.
  package let exact: ExactSearch?

  /// k, the number of groups.
  package var groupCount: Int { grouping.groupCount }

  /// The relaxations that the limit of iterations ended: on the curve, where k may be off, and the final one.
  package var unsolved: [UnsolvedRelaxation] {
    (selection?.unsolved ?? []) + [relaxation.unsolved].compactMap { $0 }
  }

  /// The best partition under the term, for n ≤ 12.
  package var exactOptimum: ExactSearch.Optimum? { exact?.optimum(term) }

  /// How much the best partition exceeds the rounded one, ≥ 0; for n ≤ 12.
  package var roundingLoss: Double? { exactOptimum.map { max(0, $0.objective - objective) } }
}

/// Clusters tasks by their affinities: removes additive effects, finds the number of groups, solves the
/// relaxation and rounds it.
///
/// For the gradient-similarity control, give the matrix of cosines, the number of groups, and
/// `removesAdditiveEffects: false`.
///
/// - Parameters:
///   - affinity: U, shape (n, n), finite, of which the symmetric part counts.
///   - random: where the starts of the rounding are drawn.
/// - Throws: `ClusteringError` if an input is invalid.
package func clusterTasks(
  affinity: Matrix, options: ClusteringOptions = ClusteringOptions(), using random: inout RandomStream
) throws(ClusteringError) -> ClusteringResult {
  try requireValid(affinity)
  let n = affinity.rows
  let clustered = options.removesAdditiveEffects ? removingAdditiveEffects(affinity) : affinity.symmetrized()
  let deviation = significantDeviation(of: clustered, from: affinity)

  var selection: SelectionCurve?
  let term: TraceTerm
  switch options.groupCount {
  case .given(let count):
    term = .fixed(count)
  case .penalty(let penalty):
    term = deviation > 0 ? .penalty(penalty * deviation) : .fixed(1)
  case .plateau(let search):
    if deviation > 0, let range = clamped(search.range, tasks: n) {
      let curve = try SelectionCurve(affinity: clustered, search)
      term = .fixed(curve.longestPlateau(in: range))
      selection = curve
    } else {
      term = .fixed(1)
    }
  }

  let relaxation = try Relaxation(affinity: clustered, term, options: options.relaxation)
  let grouping = try roundedGrouping(
    of: relaxation, affinity: clustered, term, starts: options.roundingStarts, using: &random)
  return ClusteringResult(
    affinity: clustered, deviation: deviation, selection: selection, term: term, relaxation: relaxation,
    grouping: grouping,
    objective: grouping.objective(for: clustered) - term.penalty * Double(grouping.groupCount),
    exact: n <= ExactSearch.taskLimit ? try ExactSearch(affinity: clustered) : nil)
}

/// The part of a range that lies in 1...n, if any.
private func clamped(_ range: ClosedRange<Int>, tasks n: Int) -> ClosedRange<Int>? {
  let overlap = range.clamped(to: 1...n)
  return range.overlaps(1...n) ? overlap : nil
}
