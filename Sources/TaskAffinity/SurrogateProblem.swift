internal import Foundation
internal import LinearAlgebra
internal import Workers

/// The fit parts of all tasks with their quadratic models: everything that the subsets' problems share.
struct SurrogateProblem: Sendable {
  private let parts: [TaskPart]
  private let curvatures: [TaskCurvature]
  private let dimension: Int

  /// Subsets are solved in chunks of this many, which bounds the memory of their vectors.
  private static let chunk = 4096

  /// Gathers both.
  ///
  /// - Throws: `FitError.emptyFitPart`.
  init(_ transitions: ProjectedTransitions, workers: WorkerPool) throws {
    dimension = transitions.dimension
    let parts = transitions.parts(heldOut: false)
    if let empty = parts.firstIndex(where: { $0.count == 0 }) { throw FitError.emptyFitPart(task: empty) }
    self.parts = parts
    curvatures = try workers.map(parts.count) { TaskCurvature(parts[$0]) }
  }

  /// Minimises every subset's loss at one ridge.
  ///
  /// - Throws: `FitError.notConverged`.
  func solve(
    _ subsets: [[Int]], ridge: Double, options: FitOptions, workers: WorkerPool
  ) throws -> SubsetFits {
    let d = dimension
    let zeros = [Double](repeating: 0, count: subsets.count)
    var fits = SubsetFits(
      ridge: ridge, solution: [Double](repeating: 0, count: subsets.count * d), loss: zeros,
      gradientNorm: zeros, iterations: [Int](repeating: 0, count: subsets.count), meanAbsMargin: zeros)
    var first = 0
    for chunk in chunks(subsets) {
      var batch = chunk
      // The subsets that are not yet solved, and minus the gradients at their solutions.
      var open = Array(first..<first + chunk.count)
      var descent = slopes(chunk)
      first += chunk.count
      while !open.isEmpty {
        let steps = try CurvatureSolver(curvatures, batch, ridge: ridge).solve(descent, workers: workers)
        for (place, l) in open.enumerated() {
          for c in 0..<d { fits.solution[l * d + c] += Double(steps[place * d + c]) }
          fits.iterations[l] += 1
        }
        let gradients = try evaluate(batch, at: open, of: &fits, workers: workers)
        let left = try open.indices.filter { try !isSolved(subsets, open[$0], fits, options) }
        descent = left.flatMap { gradients[$0 * d..<($0 + 1) * d].map { -$0 } }
        open = left.map { open[$0] }
        batch = SubsetBatch(open.map { subsets[$0] }, taskCount: parts.count)
      }
    }
    return fits
  }

  private func isSolved(
    _ subsets: [[Int]], _ l: Int, _ fits: SubsetFits, _ options: FitOptions
  ) throws(FitError) -> Bool {
    let norm = fits.gradientNorm[l]
    if norm <= options.gradientTolerance { return true }
    if fits.iterations[l] < options.maxIterations, norm.isFinite { return false }
    throw .notConverged(
      subset: subsets[l], iterations: fits.iterations[l], gradientNorm: norm,
      tolerance: options.gradientTolerance)
  }

  /// The first step of the ladder whose quadratic solutions stay inside the trust region.
  ///
  /// The mean |margin| falls as the ridge grows, about as a power of it, so the search interpolates the logarithms
  /// between a step outside and a step inside. It starts where a large ridge would end it: there v = −∇L(0) / 2λ.
  func trustRegionStep(_ subsets: [[Int]], limit: Double, workers: WorkerPool) throws -> Int {
    var outside = (step: RidgeLadder.first - 1, excess: Double.infinity)
    var inside = (step: RidgeLadder.last, excess: -Double.infinity)
    let steepest = try meanMargin(subsets, workers: workers) { slopes($0).map { Float($0) } }
    var step = RidgeLadder.nearestStep(to: steepest / (2 * limit))
    while true {
      let ridge = RidgeLadder.ridge(step)
      let margin = try meanMargin(subsets, workers: workers) { batch in
        try CurvatureSolver(curvatures, batch, ridge: ridge).solve(slopes(batch), workers: workers)
      }
      let excess = log(margin / limit)
      if excess > 0 { outside = (step, excess) } else { inside = (step, excess) }
      if inside.step - outside.step <= 1 { return inside.step }
      var guess: Double
      if outside.excess.isFinite && inside.excess.isFinite {
        let share = outside.excess / (outside.excess - inside.excess)
        guess = Double(outside.step) + share * Double(inside.step - outside.step)
      } else {
        let stepsPerDoubling = 4.0
        guess = Double(step) + (excess.isFinite ? excess / log(2) * stepsPerDoubling : 16)
        guess += excess > 0 ? 1 : -1
      }
      guess = min(max(guess.rounded(), -1e6), 1e6)
      step = min(max(Int(guess), outside.step + 1), inside.step - 1)
    }
  }

  private func chunks(_ subsets: [[Int]]) -> [SubsetBatch] {
    stride(from: 0, to: subsets.count, by: Self.chunk).map { start in
      SubsetBatch(
        Array(subsets[start..<min(start + Self.chunk, subsets.count)]), taskCount: parts.count)
    }
  }

  /// −∇L_S(0) = mean b_i of every subset, shape (c, d).
  private func slopes(_ batch: SubsetBatch) -> [Double] {
    var slopes = [Double](repeating: 0, count: batch.count * dimension)
    for (l, subset) in batch.subsets.enumerated() {
      let mass = 1 / Double(subset.count)
      for i in subset {
        for c in 0..<dimension { slopes[l * dimension + c] += mass * curvatures[i].slope[c] }
      }
    }
    return slopes
  }

  /// The mean over subsets of the mean |margin| at the points that `points` gives a batch of them, shape (c, d).
  private func meanMargin(
    _ subsets: [[Int]], workers: WorkerPool, points: (SubsetBatch) throws -> [Float]
  ) throws -> Double {
    var margins: [Double] = []
    for batch in chunks(subsets) {
      let solution = try points(batch)
      let perTask = try workers.map(parts.count) { i in
        parts[i].meanAbsMargins(at: batch.gather(solution, task: i, dimension: dimension))
      }
      let perSlot = Array(perTask.joined())
      margins += batch.slots.map { slots in mean(slots.map { perSlot[$0] }) }
    }
    return mean(margins)
  }

  /// Evaluates the subsets of a batch at their solutions: one product per task for the margins of every subset that
  /// holds it, one for their gradients; then sums over each subset's tasks in the order of the subset.
  ///
  /// The fits, among which the batch's subsets stand at `places`, receive losses, gradient norms and margins.
  ///
  /// - Returns: the gradients, shape (c, d).
  private func evaluate(
    _ batch: SubsetBatch, at places: [Int], of fits: inout SubsetFits, workers: WorkerPool
  ) throws -> [Double] {
    let d = dimension
    let ridge = fits.ridge
    let points = places.flatMap { fits.solution[$0 * d..<($0 + 1) * d] }
    let perTask = try workers.map(parts.count) { i in
      parts[i].evaluate(
        at: batch.gather(points, task: i, dimension: d), count: batch.holders[i].count)
    }
    func square(_ vector: ArraySlice<Double>) -> Double { vector.reduce(0) { $0 + $1 * $1 } }
    var gradients = points.map { 2 * ridge * $0 }
    for (place, subset) in batch.subsets.enumerated() {
      let entries = place * d..<(place + 1) * d
      let mass = 1 / Double(subset.count)
      var loss = ridge * square(points[entries])
      var meanAbsMargin = 0.0
      for (i, slot) in zip(subset, batch.slots[place]) {
        let column = slot - batch.firstSlot[i]
        loss += mass * perTask[i].loss[column]
        meanAbsMargin += mass * perTask[i].meanAbsMargin[column]
        perTask[i].gradient.withUnsafeBufferPointer { gradient in
          for c in 0..<d { gradients[place * d + c] += mass * gradient[column * d + c] }
        }
      }
      fits.loss[places[place]] = loss
      fits.meanAbsMargin[places[place]] = meanAbsMargin
      fits.gradientNorm[places[place]] = square(gradients[entries]).squareRoot()
    }
    return gradients
  }
}

extension TaskPart {
  /// The task's mean weighted loss, gradient and mean |margin| at several points, shape (columns, d).
  fileprivate func evaluate(
    at points: [Double], count columns: Int
  ) -> (loss: [Double], gradient: [Double], meanAbsMargin: [Double]) {
    var loss = [Double](repeating: 0, count: columns)
    var meanAbsMargin = loss
    guard columns > 0 else { return ([], [], []) }
    let features = gatheredFeatures(as: Double.self)
    var margins = margins(of: features, at: points)
    loss.withUnsafeMutableBufferPointer { loss in
      meanAbsMargin.withUnsafeMutableBufferPointer { meanAbsMargin in
        margins.withUnsafeMutableBufferPointer { margins in
          guard let base = margins.baseAddress else { return }
          for t in 0..<count {
            let share = weight[t] / totalWeight
            let sign = -label[t]
            let z = base + t * columns
            for l in 0..<columns { meanAbsMargin[l] += abs(z[l]) }
            if Logistic.fitsSeries(z, count: columns) {
              for l in 0..<columns {
                let x = sign * z[l]
                loss[l] += share * Logistic.seriesSoftplus(x)
                z[l] = share * sign * Logistic.seriesSigmoid(x)
              }
            } else {
              for l in 0..<columns {
                let x = sign * z[l]
                loss[l] += share * Logistic.softplus(x)
                z[l] = share * sign * Logistic.sigmoid(x)
              }
            }
          }
        }
      }
    }
    var gradient = [Double](repeating: 0, count: columns * dimension)
    gemm(
      .yes, .no, m: columns, n: dimension, k: count, margins, lda: columns, features, ldb: dimension,
      &gradient, ldc: dimension)
    return (loss, gradient, meanAbsMargin.map { $0 / Double(count) })
  }

  /// The mean |margin| at several points, shape (columns, d).
  fileprivate func meanAbsMargins(at points: [Float]) -> [Double] {
    let columns = points.count / dimension
    guard columns > 0 else { return [] }
    var margins = [Float](repeating: 0, count: count * columns)
    gemm(
      .no, .yes, m: count, n: columns, k: dimension, gatheredFeatures(as: Float.self), lda: dimension, points,
      ldb: dimension, &margins, ldc: columns)
    var sums = [Double](repeating: 0, count: columns)
    for t in 0..<count {
      for l in 0..<columns { sums[l] += Double(abs(margins[t * columns + l])) }
    }
    return sums.map { $0 / Double(count) }
  }

  /// The margins z = g̃ᵀv of all transitions at several points, shape (columns, d); the result has shape (N, columns).
  func margins(of features: [Double], at points: [Double]) -> [Double] {
    let columns = points.count / dimension
    var margins = [Double](repeating: 0, count: count * columns)
    guard columns > 0 else { return margins }
    gemm(
      .no, .yes, m: count, n: columns, k: dimension, features, lda: dimension, points, ldb: dimension,
      &margins, ldc: columns)
    return margins
  }
}
