internal import Foundation
package import LinearAlgebra

/// The number of groups of the penalised relaxation as a function of the penalty.
package struct SelectionCurve: Sendable, Equatable {
  /// The λ tried, ascending, in units of the off-diagonal standard deviation; shape (p).
  package let penalties: [Double]
  /// tr X at every λ; shape (p).
  package let traces: [Double]
  /// ⟨U, X⟩ at every λ, in the units of the affinities; shape (p).
  package let densities: [Double]
  /// The relaxations on the curve that the limit of iterations ended, whose traces may be off.
  package let unsolved: [UnsolvedRelaxation]

  /// The trace rounded to a number of groups, at every λ; shape (p).
  package var groupCounts: [Int] { traces.map { Int($0.rounded()) } }

  /// The least and the largest λ, in units of the off-diagonal standard deviation.
  ///
  /// As λ → 0 the curve stays for ever at one number of groups, and as λ → ∞ at one group, so the ends count.
  /// On planted partitions of ten tasks with noise of 0.5 to 0.7 times the signal, a lower end of 0.3 finds
  /// the planted number more often than 0.05, 0.1 or 0.2 do; higher ones favour few groups.
  private static let ends = (low: 0.3, high: 10.0)
  /// The number of values of λ, spaced evenly in log λ, both ends included.
  private static let penaltyCount = 41

  /// Solves the penalised relaxation for every λ, from the largest down to the first beyond the range.
  ///
  /// The trace need only be known well enough to be rounded; the default options say so.
  ///
  /// - Parameters:
  ///   - affinity: U, shape (n, n), with an off-diagonal standard deviation above 0.
  ///   - range: the numbers of groups to choose from.
  package init(
    affinity: Matrix, range: ClosedRange<Int>,
    options: RelaxationOptions = RelaxationOptions(relativeGap: 1e-4)
  ) throws(ClusteringError) {
    let unit = offDiagonalDeviation(affinity)
    let largest = min(range.upperBound, affinity.rows)
    var penalties: [Double] = []
    var traces: [Double] = []
    var densities: [Double] = []
    var unsolved: [UnsolvedRelaxation] = []
    var state: RelaxationState?
    for step in (0..<Self.penaltyCount).reversed() {
      let share = Double(step) / Double(Self.penaltyCount - 1)
      let penalty = Self.ends.low * pow(Self.ends.high / Self.ends.low, share)
      // From λ to λ little changes, so that each solution starts from the one before.
      let relaxation = try Relaxation(
        affinity: affinity, .penalty(penalty * unit), options: options, from: state)
      state = relaxation.finalState
      if let shortfall = relaxation.unsolved { unsolved.append(shortfall) }
      penalties.append(penalty)
      traces.append(relaxation.trace)
      densities.append(relaxation.objective + penalty * unit * relaxation.trace)
      // A smaller λ has no smaller optimal trace. One near a half, rounded either way, may end the curve a step early.
      if Int(relaxation.trace.rounded()) > largest { break }
    }
    self.penalties = penalties.reversed()
    self.traces = traces.reversed()
    self.densities = densities.reversed()
    self.unsolved = unsolved.reversed()
  }

  /// The number of groups that stays for the longest stretch of log λ.
  ///
  /// Ties go to the larger mean ⟨U, X⟩ over the stretch. Where the curve never enters the range, the end of
  /// the range nearest to the curve's longest stretch is returned.
  package func longestPlateau(in range: ClosedRange<Int>) -> Int {
    let plateaus = self.plateaus()
    let inside = plateaus.filter { range.contains($0.groupCount) }
    let best = (inside.isEmpty ? plateaus : inside).max {
      ($0.length, $0.density) < ($1.length, $1.density)
    }
    return min(max(best?.groupCount ?? range.lowerBound, range.lowerBound), range.upperBound)
  }

  private func plateaus() -> [(groupCount: Int, length: Int, density: Double)] {
    var result: [(groupCount: Int, length: Int, density: Double)] = []
    let counts = groupCounts
    var start = 0
    while start < counts.count {
      let end = counts[start...].firstIndex { $0 != counts[start] } ?? counts.count
      let mean = densities[start..<end].reduce(0, +) / Double(end - start)
      result.append((counts[start], end - start, mean))
      start = end
    }
    return result
  }
}
