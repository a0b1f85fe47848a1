internal import LinearAlgebra

/// Splits the relaxation into max ⟨C, X⟩ over X ∈ K and Y ≥ 0 with X = Y, and solves it by the alternating
/// direction method of multipliers, which with penalty ρ is the fixed-point iteration
///
///     Y = max(0, Z),  X = argmin over K of |X − (2Y − Z + C/ρ)|,  Z ← Z − Y + X,
///
/// with Anderson acceleration of Z. V = ρ max(0, −Z) ≥ 0 is the multiplier of X ≥ 0, and any V ≥ 0 bounds the
/// optimum: ⟨C, X⟩ ≤ ⟨C + V, X⟩ ≤ max over K of ⟨C + V, ·⟩. Diagonals are free, as X ⪰ 0 bounds them.
///
/// For fixed ρ the plain iteration converges from anywhere (Eckstein and Bertsekas 1992). This one inherits that, as ρ
/// is bounded and changes finitely often, and the corrections of the acceleration have a finite sum.
///
/// Goals, in order: a bound that holds, convergence, determinism, speed.
struct RelaxationSolver {
  /// The number of iterations taken so far.
  private(set) var iterations = 0

  private let program: RelaxationProgram
  private var spectral: SpectralSet
  private var acceleration: AndersonAcceleration

  private var state: [Double]  // Z, (n, n)
  private var primal: [Double]  // X, (n, n)
  private var mapped: [Double]  // the next Z without acceleration, (n, n)
  private var penalty = 1.0  // ρ
  private var nextAdaptation = 0

  private var bestPoint: [Double] = []  // feasible, (n, n)
  private var bestObjective = -Double.infinity  // its ⟨C, X⟩
  private var bestBound = Double.infinity

  /// How often the gap is computed, in iterations: first in short intervals, as easy problems need few.
  private static let checkInterval = (short: 5, long: 10, shortUntil: 20)
  /// The least number of iterations between changes of ρ.
  private static let adaptationInterval = 20
  /// The factor by which ρ changes.
  private static let penaltyFactor = 2.0
  /// The ratio of the two parts of the gap beyond which ρ changes.
  private static let imbalance = 3.0
  /// The least and the largest ρ. C has norm 1; relaxations of 4 to 15 tasks did not need less, and a larger ρ,
  /// to which exact solutions along a curve would lead, only has to shrink again.
  private static let penaltyRange = 0x1p-10...0x1p6
  /// The iteration after which ρ stays.
  private static let lastAdaptation = 5000

  /// The first state.
  ///
  /// - Parameter start: the last state for a similar cost; nil starts at 1 1ᵀ/n.
  init(_ program: RelaxationProgram, from start: RelaxationState? = nil) {
    let n = program.order
    self.program = program
    spectral = SpectralSet(order: n, groupCount: program.groupCount)
    acceleration = AndersonAcceleration(dimension: n * n)
    primal = [Double](repeating: 1 / Double(n), count: n * n)
    mapped = primal
    state = primal
    if let start, program.scale > 0 {
      state = start.state
      let range = Self.penaltyRange
      penalty = min(max(start.penalty / program.scale, range.lowerBound), range.upperBound)
    }
  }

  /// The state reached, to start from with another cost.
  var finalState: RelaxationState { RelaxationState(state: state, penalty: penalty * program.scale) }

  /// Iterates until the gap between a feasible point and a bound on all of them is small, or to the limit.
  ///
  /// - Returns: the feasible X, the bound in the units of the cost, and the relative gap between them.
  mutating func solve(
    _ options: RelaxationOptions
  ) throws(ClusteringError) -> (matrix: Matrix, bound: Double, relativeGap: Double) {
    // Every feasible point is optimal: the one in the middle favours no task.
    guard program.scale > 0 else { return (program.interiorPoint, program.offset, 0) }
    // At X = 1 1ᵀ/n and V = 0, which is the solution from some λ on, wherever the iteration starts.
    var relativeGap = try checkedGap()
    while relativeGap > options.relativeGap, iterations < options.iterationLimit {
      try iterate()
      let interval = Self.checkInterval
      if iterations % (iterations < interval.shortUntil ? interval.short : interval.long) == 0 {
        relativeGap = try checkedGap()
      }
    }
    let matrix = Matrix(rows: program.order, columns: program.order, elements: bestPoint)
    return (matrix, program.scale * bestBound + program.offset, relativeGap)
  }

  private mutating func iterate() throws(ClusteringError) {
    let diagonal = stride(from: 0, to: state.count, by: program.order + 1)
    // 2Y − Z = |Z|, but on the diagonal, where Y = Z.
    combine(&primal, state, program.cost) { [penalty] in abs($0) + $1 / penalty }
    for t in diagonal { primal[t] = state[t] + program.cost[t] / penalty }
    try spectral.project(&primal)
    combine(&mapped, primal, state) { $0 + min(0, $1) }
    for t in diagonal { mapped[t] = primal[t] }
    var next = mapped
    acceleration.advance(from: state, value: &next)
    state = next
    iterations += 1
  }

  /// Improves the best point and the best bound, and lets ρ follow.
  ///
  /// - Returns: the relative gap between the two.
  private mutating func checkedGap() throws(ClusteringError) -> Double {
    let point = program.feasiblePoint(near: primal)
    if point.objective > bestObjective { (bestPoint, bestObjective) = point }
    let charged = costWithMultiplier()
    let bound = try spectral.maximum(of: charged)
    bestBound = min(bestBound, bound)
    let objective = program.objective(primal)
    // How far X stays below the bound, by C or by C + V, whichever is nearer. They differ by ⟨V, X⟩, which no smaller ρ
    // cures: it is negative where V charges too little for X < 0, and positive where V has yet to give way to X > 0.
    let dualLoss = max(0, bound - max(objective, innerProduct(charged, primal)))
    balancePenalty(primalLoss: objective - point.objective, dualLoss: dualLoss)
    return (bestBound - bestObjective) / (1 + abs(bestBound) + abs(bestObjective))
  }

  /// C + V.
  private func costWithMultiplier() -> [Double] {
    let n = program.order
    var sum = program.cost
    for i in 0..<n {
      for j in 0..<n where j != i { sum[i * n + j] += penalty * max(0, -mapped[i * n + j]) }
    }
    return sum
  }

  /// Grows ρ while making X feasible costs the larger part of the gap, and shrinks it while X is far from maximal.
  private mutating func balancePenalty(primalLoss: Double, dualLoss: Double) {
    guard iterations >= max(nextAdaptation, 1), iterations <= Self.lastAdaptation else { return }
    let factor: Double
    if primalLoss > Self.imbalance * dualLoss {
      factor = Self.penaltyFactor
    } else if dualLoss > Self.imbalance * primalLoss {
      factor = 1 / Self.penaltyFactor
    } else {
      return
    }
    guard Self.penaltyRange.contains(penalty * factor) else { return }
    // Y and V stay.
    let n = program.order
    for i in 0..<n {
      for j in 0..<n where j != i && state[i * n + j] < 0 { state[i * n + j] /= factor }
    }
    penalty *= factor
    acceleration.restart()
    nextAdaptation = iterations + max(Self.adaptationInterval, iterations / Self.adaptationInterval)
  }
}

/// Where the solver of the relaxation was, in a form that does not depend on the scale of the cost.
package struct RelaxationState: Sendable, Equatable {
  /// Z, whose positive part is near X and whose negative part is −V/ρ; shape (n, n).
  let state: [Double]
  /// ρ, in the units of the cost.
  let penalty: Double
}
