internal import LinearAlgebra
package import Workers

/// What every member of a set gains when the policy takes a step of one size for the set.
///
/// The step points to the minimiser of the set's quadratic model with a ridge, and is as long as makes the root mean
/// square of the members' predicted changes of log π equal to τ. A learner that normalises its steps moves for a set
/// whose members' gradients cancel as far as for one whose members agree; at one ridge for all sets it would hardly move.
///
///     u_S = (H_S + 2λI)⁻¹ b_S,    v_S = τ u_S / √(4 u_Sᵀ H_S u_S),    b_S, H_S: means of the members' b_i, H_i
///     f̂_i(S) = b_iᵀ v_S − ½ v_Sᵀ H_i v_S
///
/// with b_i and H_i of episodes that the step was not fitted to: each half of the episodes serves the other, and the
/// estimate is the mean of both.
package struct EqualStepGains: Sendable {
  /// The sets (m), task numbers.
  package let sets: [[Int]]
  /// The episodes of each half of each task, shape (2, n).
  package let episodeCounts: [[Int]]

  /// The two halves' models, shape (2, n).
  private let halves: [[TaskHalf]]
  /// For each half and set, of each member s_e · v and ½ vᵀ H v in the other half.
  private let terms: [[[(linear: [Double], quadratic: Double)]]]

  /// Fits and evaluates all sets.
  ///
  /// - Parameters:
  ///   - transitions: the tasks' projected transitions; those that are held out and those that are not are the halves.
  ///   - step: the size of the step (τ), > 0.
  ///   - ridge: λ as a share of the mean eigenvalue of the tasks' H, > 0.
  /// - Throws: `FitError.emptyFitPart` or `.emptyHeldOutPart`.
  package init(
    _ transitions: ProjectedTransitions, sets: [[Int]], step: Double, ridge: Double, workers: WorkerPool
  ) throws {
    let (n, d) = (transitions.taskCount, transitions.dimension)
    let parts = [false, true].map { transitions.parts(heldOut: $0) }
    if let empty = parts[0].firstIndex(where: { $0.count == 0 }) { throw FitError.emptyFitPart(task: empty) }
    if let empty = parts[1].firstIndex(where: { $0.count == 0 }) {
      throw FitError.emptyHeldOutPart(task: empty)
    }
    let models = try workers.map(2 * n) { TaskHalf(parts[$0 / n][$0 % n]) }
    let halves = [Array(models[..<n]), Array(models[n...])]
    let eigenvalue = models.reduce(0) { $0 + $1.trace } / Double(2 * n * d)
    let pieces = try workers.map(2 * sets.count) { piece in
      let (half, set) = (piece / sets.count, sets[piece % sets.count])
      let v = Self.step(of: set.map { halves[half][$0] }, size: step, ridge: ridge * eigenvalue)
      return set.map { task in
        let other = halves[1 - half][task]
        return (linear: other.episodeGains(v), quadratic: other.quadratic(v) / 2)
      }
    }
    self.sets = sets
    self.halves = halves
    terms = [Array(pieces[..<sets.count]), Array(pieces[sets.count...])]
    episodeCounts = halves.map { $0.map(\.episodeWeights.count) }
  }

  /// f̂_i(S) of the members of each set, shape (m, members).
  ///
  /// - Parameter counts: how often each episode counts, shape (2, n, episodes); nil for once each.
  package func gains(counts: [[[Int]]]? = nil) -> [[Double]] {
    let totals = halves.indices.map { half in
      halves[half].indices.map { task in
        halves[half][task].episodeWeights.enumerated().reduce(0) {
          $0 + Double(counts?[half][task][$1.offset] ?? 1) * $1.element
        }
      }
    }
    return sets.indices.map { place in
      sets[place].enumerated().map { member, task in
        var sum = 0.0
        for half in halves.indices {
          let (term, other) = (terms[half][place][member], 1 - half)
          let linear = term.linear.enumerated().reduce(0) {
            $0 + Double(counts?[other][task][$1.offset] ?? 1) * $1.element
          }
          sum += (linear / totals[other][task] - term.quadratic) / 2
        }
        return sum
      }
    }
  }

  /// v_S; 0 where the members' gradients cancel to nothing.
  private static func step(of members: [TaskHalf], size: Double, ridge: Double) -> [Double] {
    let d = members[0].slope.count
    var (curvature, slope) = (Matrix(rows: d, columns: d, repeating: 0), [Double](repeating: 0, count: d))
    let share = 1 / Double(members.count)
    for member in members {
      for c in 0..<d { slope[c] += share * member.slope[c] }
      for entry in curvature.elements.indices {
        curvature.elements[entry] += share * member.curvature.elements[entry]
      }
    }
    var shifted = curvature
    for c in 0..<d { shifted[c, c] += 2 * ridge }
    guard let direction = solvePositiveDefinite(shifted, slope) else {
      return [Double](repeating: 0, count: d)
    }
    let length = (4 * members.reduce(0) { $0 + share * $1.quadratic(direction) }).squareRoot()
    return length > 0 ? direction.map { $0 * size / length } : direction
  }
}
