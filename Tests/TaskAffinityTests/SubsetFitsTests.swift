import Foundation
import LinearAlgebra
import Random
import TaskAffinity
import TestSupport
import Testing
import Workers

/// Projected transitions of a few tasks with planted directions: tasks of one family share theirs.
struct PlantedTransitions {
  static func make(
    families: [Int], perTask: Int = 400, dimension d: Int = 12, signal: Double = 1, seed: UInt64 = 0
  ) -> ProjectedTransitions {
    var random = RandomStream(seed: seed, name: "planted")
    let directions = (0...(families.max() ?? 0)).map { _ in (0..<d).map { _ in random.gaussian() } }
    var features: [Float] = []
    var advantage: [Float] = []
    var task: [Int32] = []
    var episode: [Int32] = []
    for (i, family) in families.enumerated() {
      for t in 0..<perTask {
        let g = (0..<d).map { _ in random.gaussian() }
        let along = (0..<d).reduce(0.0) { $0 + g[$1] * directions[family][$1] } / Double(d).squareRoot()
        features += g.map { Float($0) }
        advantage.append(Float(signal * along + random.gaussian()))
        task.append(Int32(i))
        episode.append(Int32(i * 40 + t / 10))
      }
    }
    return ProjectedTransitions(
      taskCount: families.count, dimension: d, features: features, advantage: advantage, task: task,
      episode: episode, heldOut: episode.map { $0 % 4 == 3 })
  }
}

@Suite struct SubsetFitsTests {
  private let workers = WorkerPool(threads: 2)

  /// The slow, obvious minimiser: damped Newton with the exact Hessian, one transition at a time.
  private func slowMinimizer(_ data: ProjectedTransitions, _ subset: [Int], ridge: Double) throws -> [Double]
  {
    let d = data.dimension
    var v = [Double](repeating: 0, count: d)
    for _ in 0..<100 {
      var gradient = v.map { 2 * ridge * $0 }
      var hessian = Matrix(rows: d, columns: d, repeating: 0)
      for c in 0..<d { hessian[c, c] = 2 * ridge }
      for i in subset {
        let rows = data.advantage.indices.filter { data.task[$0] == Int32(i) && !data.heldOut[$0] }
        let total = rows.reduce(0.0) { $0 + abs(Double(data.advantage[$1])) }
        for row in rows {
          let g = data.features[row * d..<(row + 1) * d].map { Double($0) }
          let w = abs(Double(data.advantage[row])) / total / Double(subset.count)
          let y: Double = data.advantage[row] > 0 ? 1 : -1
          let z = (0..<d).reduce(0.0) { $0 + g[$1] * v[$1] }
          let s = 1 / (1 + exp(y * z))
          for a in 0..<d {
            gradient[a] -= w * y * s * g[a]
            for b in 0..<d { hessian[a, b] += w * s * (1 - s) * g[a] * g[b] }
          }
        }
      }
      let step = try #require(solvePositiveDefinite(hessian, gradient))
      for c in 0..<d { v[c] -= step[c] }
      if gradient.reduce(0, { $0 + $1 * $1 }) < 1e-26 { break }
    }
    return v
  }

  @Test("the optimum is that of a slow Newton solver with the exact Hessian", arguments: [1.0, 0.1, 1e-3])
  func optimum(ridge: Double) throws {
    let data = PlantedTransitions.make(families: [0, 0, 1, 1])
    var options = FitOptions()
    options.ridge = ridge
    let subsets = [[0, 1, 2], [1, 2, 3]]
    let fits = try fitSubsets(data, subsets: subsets, options: options, workers: workers)
    #expect(fits.gradientNorm.allSatisfy { $0 <= 1e-8 })
    for (l, subset) in subsets.enumerated() {
      let slow = try slowMinimizer(data, subset, ridge: ridge)
      let fitted = Array(fits.solution[l * data.dimension..<(l + 1) * data.dimension])
      // ‖v − v*‖ ≤ ‖∇L‖ / 2λ by strong convexity.
      #expect(largestDifference(fitted, slow) <= 1e-8 / (2 * ridge))
    }
  }

  @Test("the chosen ridge is the smallest of the ladder inside the trust region", arguments: [0.05, 0.3])
  func trustRegion(limit: Double) throws {
    let data = PlantedTransitions.make(families: [0, 0, 1, 1])
    let subsets = [[0, 1, 2], [0, 1, 3], [0, 2, 3], [1, 2, 3]]
    var options = FitOptions()
    options.meanAbsMargin = limit
    let fits = try fitSubsets(data, subsets: subsets, options: options, workers: workers)
    func margin(_ fits: SubsetFits) -> Double { fits.meanAbsMargin.reduce(0, +) / Double(subsets.count) }
    #expect(margin(fits) <= limit)
    options.ridge = fits.ridge / 2.0.squareRoot().squareRoot()
    #expect(margin(try fitSubsets(data, subsets: subsets, options: options, workers: workers)) > limit)
  }

  @Test("fits have equal bits for 1, 2 and 8 threads", arguments: [2, 8])
  func threads(threads: Int) throws {
    let data = PlantedTransitions.make(families: [0, 0, 1, 1, 0])
    var random = RandomStream(seed: 0, name: "subsets")
    let subsets = try sampleSubsets(taskCount: 5, size: 3, count: nil, random: &random)
    let one = try fitSubsets(data, subsets: subsets, options: FitOptions(), workers: WorkerPool(threads: 1))
    let many = try fitSubsets(
      data, subsets: subsets, options: FitOptions(), workers: WorkerPool(threads: threads))
    #expect(one == many)
  }

  @Test("a task without transitions to fit is named")
  func emptyPart() {
    let data = PlantedTransitions.make(families: [0, 0, 1])
    let held = ProjectedTransitions(
      taskCount: 3, dimension: data.dimension, features: data.features, advantage: data.advantage,
      task: data.task, episode: data.episode, heldOut: data.task.map { $0 == 1 })
    let names = ["a", "b", "c"]
    #expect(FitError.emptyFitPart(task: 1).description.hasPrefix("task 1 has no transition to fit"))
    #expect(
      FitError.notConverged(subset: [0, 2], iterations: 1, gradientNorm: 1, tolerance: 0)
        .description(naming: { names[$0] }).hasPrefix("the fit of a, c has gradient norm"))
    #expect(throws: FitError.emptyFitPart(task: 1)) {
      try fitSubsets(held, subsets: [[0, 1, 2]], options: FitOptions(), workers: workers)
    }
  }
}
