import CCSDP
import Clustering
import LinearAlgebra
import Random
import TestSupport
import Testing

/// The optimum that CSDP finds, with its solution and status.
func csdp(_ affinity: Matrix, _ term: TraceTerm) -> (status: Int32, matrix: Matrix, objective: Double) {
  var result = affinity
  var primal = 0.0
  var dual = 0.0
  var count = 0.0
  if case .fixed(let k) = term { count = Double(k) }
  let status = csdp_relaxation(
    Int32(affinity.rows), affinity.elements, count, term.penalty, &result.elements, &primal, &dual)
  return (status, result, primal)
}

@Suite struct RelaxationTests {
  static let terms: [TraceTerm] = [.fixed(2), .fixed(4), .penalty(0.3), .penalty(1.5)]

  @Test("objective and solution agree with CSDP", arguments: [6, 10, 20])
  func agreesWithCSDP(n: Int) throws {
    var random = RandomStream(seed: 1, name: "csdp")
    let planted = Grouping(labels: (0..<n).map { $0 % 3 })
    for affinity in [plantedMatrix(planted, noise: 0.4, using: &random), gaussianMatrix(n, using: &random)] {
      for term in Self.terms {
        let oracle = csdp(affinity, term)
        try #require(oracle.status == 0)
        let relaxation = try Relaxation(
          affinity: affinity, term, options: RelaxationOptions(relativeGap: 1e-9))
        #expect(abs(relaxation.objective - oracle.objective) < 1e-6 * max(1, abs(oracle.objective)))
        #expect(relaxation.dualBound > oracle.objective - 1e-6 * max(1, abs(oracle.objective)))
        #expect(largestDifference(relaxation.matrix.elements, oracle.matrix.elements) < 1e-3)
      }
    }
  }

  @Test("the solution is feasible and within its gap", arguments: [2, 3, 10, 30])
  func feasible(n: Int) throws {
    var random = RandomStream(seed: 2, name: "feasible")
    let affinity = gaussianMatrix(n, using: &random)
    for term in [TraceTerm.fixed(min(2, n)), .fixed((n + 1) / 2), .penalty(0), .penalty(1)] {
      let relaxation = try Relaxation(affinity: affinity, term)
      let x = relaxation.matrix
      for i in 0..<n { #expect(abs(x.row(i).reduce(0, +) - 1) < 1e-12) }
      #expect((x.elements.min() ?? -1) > -1e-13)
      #expect(try leastEigenvalue(x) > -1e-12)
      if case .fixed(let k) = term { #expect(abs(x.trace - Double(k)) < 1e-11) }
      #expect(relaxation.gap > -1e-10)
      // The relative gap of 1e-6 is in units of ‖U‖, about n here, times objectives of at most √n.
      #expect(relaxation.gap < 1e-5 * Double(n * n))
    }
  }

  @Test("no partition exceeds the dual bound, however loose the tolerance")
  func boundHolds() throws {
    var random = RandomStream(seed: 3, name: "bound")
    for trial in 0..<20 {
      let affinity = gaussianMatrix(3 + trial % 7, using: &random)
      let exact = try ExactSearch(affinity: affinity)
      for term in [TraceTerm.fixed(2), .penalty(0.5)] {
        let candidates = term.groupCount.map { [exact.optima[$0 - 1]] } ?? exact.optima
        let best =
          candidates.map { $0.objective - term.penalty * Double($0.grouping.groupCount) }.max() ?? .nan
        for tolerance in [1e-6, 1e-2, 1] {
          let relaxation = try Relaxation(
            affinity: affinity, term, options: RelaxationOptions(relativeGap: tolerance))
          #expect(best <= relaxation.dualBound + 1e-9)
          #expect(relaxation.objective <= relaxation.dualBound + 1e-9)
        }
      }
    }
  }

  @Test("fifty tasks converge within the iterations that their difficulty allows")
  func converges() throws {
    var random = RandomStream(seed: 8, name: "converges")
    let planted = Grouping(labels: (0..<50).map { $0 % 5 })
    let points = (0..<50).map { _ in (random.gaussian(), random.gaussian()) }
    var smooth = Matrix(rows: 50, columns: 50, repeating: 0)
    for i in 0..<50 {
      for j in 0..<50 { smooth[i, j] = -abs(points[i].0 - points[j].0) - abs(points[i].1 - points[j].1) }
    }
    for affinity in [
      plantedMatrix(planted, noise: 0.2, using: &random), plantedMatrix(planted, noise: 1, using: &random),
      smooth, gaussianMatrix(50, using: &random),
    ] {
      let unit = offDiagonalDeviation(affinity)
      for term in [TraceTerm.fixed(3), .fixed(8), .penalty(0.5 * unit), .penalty(1.5 * unit)] {
        // The hardest of 16 affinities of 100 tasks took 3110.
        let options = RelaxationOptions(iterationLimit: 2500)
        #expect(try Relaxation(affinity: affinity, term, options: options).unsolved == nil)
      }
    }
  }

  @Test(
    "where the limit of iterations ends it, the solution is feasible, its bound holds, and the gap is told")
  func limit() throws {
    var random = RandomStream(seed: 9, name: "limit")
    let affinity = removingAdditiveEffects(gaussianMatrix(10, using: &random))
    for term in [TraceTerm.fixed(3), .penalty(1)] {
      let solved = try Relaxation(affinity: affinity, term)
      let relaxation = try Relaxation(
        affinity: affinity, term, options: RelaxationOptions(iterationLimit: 10))
      let unsolved = try #require(relaxation.unsolved)
      #expect(solved.unsolved == nil)
      #expect(unsolved.term == term && unsolved.iterations == 10 && unsolved.relativeGap > 1e-6)
      let x = relaxation.matrix
      for i in 0..<10 { #expect(abs(x.row(i).reduce(0, +) - 1) < 1e-12) }
      #expect((x.elements.min() ?? -1) > -1e-13)
      #expect(try leastEigenvalue(x) > -1e-12)
      #expect(relaxation.objective <= solved.dualBound && solved.objective <= relaxation.dualBound)
    }
    let options = RelaxationOptions(relativeGap: 0, iterationLimit: 10)
    let curve = try SelectionCurve(affinity: affinity, range: 2...8, options: options)
    #expect(curve.unsolved.count == curve.traces.count)
  }

  @Test("constants and additive task effects on all entries do not move the solution")
  func invariance() throws {
    var random = RandomStream(seed: 4, name: "invariance")
    let affinity = gaussianMatrix(10, using: &random)
    let effects = (0..<10).map { _ in 3 + 2 * random.gaussian() }
    for term in Self.terms {
      let plain = try Relaxation(affinity: affinity, term)
      let shifted = try Relaxation(affinity: addingEffects(effects, to: affinity), term)
      // The two programs differ by rounding alone, which the iteration does not amplify.
      #expect(largestDifference(plain.matrix.elements, shifted.matrix.elements) < 1e-6)
      #expect(abs(shifted.objective - plain.objective - 2 * effects.reduce(0, +)) < 1e-5)
    }
  }

  @Test("permuting the tasks permutes the solution")
  func equivariance() throws {
    var random = RandomStream(seed: 5, name: "equivariance")
    let affinity = gaussianMatrix(9, using: &random)
    let order = permutation(9, using: &random)
    for term in Self.terms {
      let plain = try Relaxation(affinity: affinity, term)
      let moved = try Relaxation(affinity: permuted(affinity, by: order), term)
      #expect(largestDifference(permuted(plain.matrix, by: order).elements, moved.matrix.elements) < 1e-6)
    }
  }

  @Test("one group, one task per group and single tasks have their only feasible point")
  func onlyPoints() throws {
    var random = RandomStream(seed: 6, name: "only")
    let affinity = gaussianMatrix(5, using: &random)
    let one = try Relaxation(affinity: affinity, .fixed(1))
    #expect(one.matrix == Grouping.single(5).matrix)
    #expect(abs(one.objective - Grouping.single(5).objective(for: affinity)) < 1e-12)
    #expect(try Relaxation(affinity: affinity, .fixed(5)).matrix == Matrix.identity(5))
    let alone = try Relaxation(affinity: Matrix(rows: 1, columns: 1, repeating: 3), .penalty(1))
    #expect(alone.objective == 2)
    #expect(alone.gap == 0)
  }

  @Test("a matrix of zeros has a solution, with the bound exact")
  func zeros() throws {
    let zero = Matrix(rows: 6, columns: 6, repeating: 0)
    let fixed = try Relaxation(affinity: zero, .fixed(3))
    #expect(fixed.objective == 0 && abs(fixed.dualBound) < 1e-15 && abs(fixed.trace - 3) < 1e-12)
    let penalised = try Relaxation(affinity: zero, .penalty(1))
    #expect(abs(penalised.trace - 1) < 1e-4)
  }

  @Test("invalid inputs are typed errors")
  func errors() {
    var random = RandomStream(seed: 7, name: "errors")
    var affinity = gaussianMatrix(4, using: &random)
    #expect(throws: ClusteringError.invalidGroupCount(5, tasks: 4)) {
      try Relaxation(affinity: affinity, .fixed(5))
    }
    #expect(throws: ClusteringError.invalidGroupCount(0, tasks: 4)) {
      try Relaxation(affinity: affinity, .fixed(0))
    }
    #expect(throws: ClusteringError.noTasks) {
      try Relaxation(affinity: Matrix(rows: 0, columns: 0, repeating: 0), .penalty(1))
    }
    affinity[2, 1] = .nan
    #expect(throws: ClusteringError.notFinite(row: 2, column: 1)) {
      try Relaxation(affinity: affinity, .fixed(2))
    }
  }
}
