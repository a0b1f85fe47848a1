internal import Foundation
internal import LinearAlgebra
internal import Workers

/// The fit parts of all tasks with their quadratic models: everything that the subsets' problems share.
struct SurrogateProblem: Sendable {
  private let parts: [TaskPart]
  private let curvatures: [TaskCurvature]
  private let dimension: Int

  /// Subsets are solved in chunks of this many, which bounds the memory of their Cholesky factors.
  private static let chunk = 128

  /// Gathers the tasks' fit parts and their quadratic models.
  ///
  /// - Throws: `FitError.emptyFitPart`.
  init(_ transitions: ProjectedTransitions, workers: WorkerPool) throws {
    dimension = transitions.dimension
    let made = try workers.map(transitions.taskCount) { i in
      let part = transitions.part(task: i, heldOut: false)
      guard part.count > 0 else { throw FitError.emptyFitPart(task: i) }
      return (part, TaskCurvature(part))
    }
    parts = made.map(\.0)
    curvatures = made.map(\.1)
  }

  /// Minimises every subset's loss at one ridge.
  func solve(
    _ subsets: [[Int]], ridge: Double, options: FitOptions, workers: WorkerPool
  ) throws -> SubsetFits {
    var fits = SubsetFits(
      ridge: ridge, solution: [], loss: [], gradientNorm: [], iterations: [], meanAbsMargin: [])
    for start in stride(from: 0, to: subsets.count, by: Self.chunk) {
      let chunk = Array(subsets[start..<min(start + Self.chunk, subsets.count)])
      let part = try solveChunk(chunk, ridge: ridge, options: options, workers: workers)
      fits.solution += part.solution
      fits.loss += part.loss
      fits.gradientNorm += part.gradientNorm
      fits.iterations += part.iterations
      fits.meanAbsMargin += part.meanAbsMargin
    }
    return fits
  }

  /// The first step of the ladder whose quadratic solutions stay inside the trust region.
  ///
  /// The mean |margin| falls as the ridge grows, about as a power of it, so the search interpolates the logarithms
  /// between a step outside and a step inside. It starts where a large ridge would end it: there v = −∇L(0) / 2λ.
  func trustRegionStep(_ subsets: [[Int]], limit: Double, workers: WorkerPool) throws -> Int {
    var outside = (step: RidgeLadder.first - 1, excess: Double.infinity)
    var inside = (step: RidgeLadder.last, excess: -Double.infinity)
    let steepest = try meanMargin(subsets, workers: workers) { chunk in
      chunk.flatMap { SubsetModel.slope(curvatures, subset: $0) }
    }
    var step = RidgeLadder.nearestStep(to: steepest / (2 * limit))
    while true {
      let excess = try logMarginExcess(subsets, step: step, limit: limit, workers: workers)
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

  /// log(mean |margin| / limit) of the quadratic solutions at a step of the ladder; infinite where the Newton system
  /// cannot be factorised.
  private func logMarginExcess(
    _ subsets: [[Int]], step: Int, limit: Double, workers: WorkerPool
  ) throws -> Double {
    do {
      return log(try quadraticMargin(subsets, ridge: RidgeLadder.ridge(step), workers: workers) / limit)
    } catch FitError.singular { return .infinity }
  }

  /// `body` of every subset's quadratic model.
  private func models<Result>(
    _ subsets: [[Int]], ridge: Double, workers: WorkerPool, _ body: (SubsetModel) -> Result
  ) throws -> [Result] {
    try workers.map(subsets.count) { l in
      let model: SubsetModel
      do throws(LinearAlgebraError) {
        model = try SubsetModel(curvatures, subset: subsets[l], ridge: ridge)
      } catch {
        throw FitError.singular(subset: subsets[l], ridge: ridge, reason: "\(error)")
      }
      return body(model)
    }
  }

  private func quadraticMargin(_ subsets: [[Int]], ridge: Double, workers: WorkerPool) throws -> Double {
    try meanMargin(subsets, workers: workers) { chunk in
      try models(chunk, ridge: ridge, workers: workers) { $0.minimizer }.flatMap { $0 }
    }
  }

  /// The mean over subsets of the mean |margin| at the points that `points` gives a chunk of them, shape (chunk, d).
  private func meanMargin(
    _ subsets: [[Int]], workers: WorkerPool, points: ([[Int]]) throws -> [Double]
  ) throws -> Double {
    var margins: [Double] = []
    for start in stride(from: 0, to: subsets.count, by: Self.chunk) {
      let chunk = Array(subsets[start..<min(start + Self.chunk, subsets.count)])
      let solution = try points(chunk)
      let holders = holders(chunk)
      let perTask = try workers.map(parts.count) { i in
        parts[i].meanAbsMargins(at: holders[i].map { l in solution[l * dimension..<(l + 1) * dimension] })
      }
      margins += chunk.indices.map { l in
        let members = chunk[l].compactMap { i in holders[i].firstIndex(of: l).map { perTask[i][$0] } }
        return mean(members)
      }
    }
    return mean(margins)
  }

  /// For each task, the places of the subsets that hold it.
  private func holders(_ subsets: [[Int]]) -> [[Int]] {
    parts.indices.map { i in subsets.indices.filter { subsets[$0].contains(i) } }
  }

  private func solveChunk(
    _ subsets: [[Int]], ridge: Double, options: FitOptions, workers: WorkerPool
  ) throws -> SubsetFits {
    let models = try models(subsets, ridge: ridge, workers: workers) { $0 }
    let d = dimension
    var solution = try workers.map(subsets.count) { models[$0].minimizer }.flatMap { $0 }
    var iterations = [Int](repeating: 1, count: subsets.count)
    while true {
      let states = try evaluate(subsets, at: solution, ridge: ridge, workers: workers)
      let norms = states.map(\.gradientNorm)
      let open = subsets.indices.filter { !(norms[$0] <= options.gradientTolerance) }
      if open.isEmpty {
        return SubsetFits(
          ridge: ridge, solution: solution, loss: states.map(\.loss), gradientNorm: norms,
          iterations: iterations, meanAbsMargin: states.map(\.meanAbsMargin))
      }
      if let l = open.first(where: { iterations[$0] >= options.maxIterations || !norms[$0].isFinite }) {
        throw FitError.notConverged(
          subset: subsets[l], iterations: iterations[l], gradientNorm: norms[l],
          tolerance: options.gradientTolerance)
      }
      let steps = try workers.map(open.count) { models[open[$0]].curvature.solve(states[open[$0]].gradient) }
      for (position, l) in open.enumerated() {
        for c in 0..<d { solution[l * d + c] -= steps[position][c] }
        iterations[l] += 1
      }
    }
  }

  /// One subset's loss, gradient and margins at a point.
  private struct Evaluation: Sendable {
    var loss: Double
    var gradient: [Double]
    var meanAbsMargin: Double
    var gradientNorm: Double { gradient.reduce(0) { $0 + $1 * $1 }.squareRoot() }
  }

  /// Evaluates all subsets of a chunk at their points: one product per task for the margins of every subset that
  /// holds it, one for their gradients; then sums over each subset's tasks in the order of the subset.
  private func evaluate(
    _ subsets: [[Int]], at solution: [Double], ridge: Double, workers: WorkerPool
  ) throws -> [Evaluation] {
    let d = dimension
    let holders = holders(subsets)
    let perTask = try workers.map(parts.count) { i in
      parts[i].evaluate(at: holders[i].map { l in solution[l * d..<(l + 1) * d] })
    }
    return subsets.indices.map { l in
      let v = solution[l * d..<(l + 1) * d]
      let mass = 1 / Double(subsets[l].count)
      var evaluation = Evaluation(
        loss: ridge * v.reduce(0) { $0 + $1 * $1 }, gradient: v.map { 2 * ridge * $0 }, meanAbsMargin: 0)
      for i in subsets[l] {
        guard let column = holders[i].firstIndex(of: l) else { continue }
        evaluation.loss += mass * perTask[i].loss[column]
        evaluation.meanAbsMargin += mass * perTask[i].meanAbsMargin[column]
        for c in 0..<d { evaluation.gradient[c] += mass * perTask[i].gradient[column * d + c] }
      }
      return evaluation
    }
  }
}

extension TaskPart {
  /// The task's mean weighted loss, gradient and mean |margin| at several points.
  fileprivate func evaluate(
    at points: [ArraySlice<Double>]
  ) -> (loss: [Double], gradient: [Double], meanAbsMargin: [Double]) {
    let columns = points.count
    var margins = margins(at: points)
    var loss = [Double](repeating: 0, count: columns)
    var meanAbsMargin = loss
    for t in 0..<count {
      let share = weight[t] / totalWeight
      for l in 0..<columns {
        let z = margins[t * columns + l]
        loss[l] += share * softplus(-label[t] * z)
        meanAbsMargin[l] += abs(z) / Double(count)
        margins[t * columns + l] = -share * label[t] * sigmoid(-label[t] * z)
      }
    }
    var gradient = [Double](repeating: 0, count: columns * dimension)
    gemm(
      .yes, .no, m: columns, n: dimension, k: count, margins, lda: columns, features, ldb: dimension,
      &gradient, ldc: dimension)
    return (loss, gradient, meanAbsMargin)
  }

  /// The mean |margin| at several points.
  fileprivate func meanAbsMargins(at points: [ArraySlice<Double>]) -> [Double] {
    let columns = points.count
    let margins = margins(at: points)
    var sums = [Double](repeating: 0, count: columns)
    for t in 0..<count {
      for l in 0..<columns { sums[l] += abs(margins[t * columns + l]) }
    }
    return sums.map { $0 / Double(count) }
  }

  /// The margins z = g̃ᵀv of all transitions at several points, shape (N, points).
  func margins(at points: [ArraySlice<Double>]) -> [Double] {
    let columns = points.count
    var margins = [Double](repeating: 0, count: count * columns)
    guard columns > 0 else { return margins }
    gemm(
      .no, .yes, m: count, n: columns, k: dimension, features, lda: dimension, Array(points.joined()),
      ldb: dimension, &margins, ldc: columns)
    return margins
  }
}
