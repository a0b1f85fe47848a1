import CCSDP
import Clustering
import LinearAlgebra
import Random
import Testing

/// Convergence where optima are flat or degenerate, within a small part of the iterations allowed.
@Suite struct RelaxationConvergenceTests {
  /// Percentages of the largest, below the diagonal, row by row: the affinities of ten cart-pole tasks with pole
  /// lengths, forces, masses and flipped actions, as score finds them with two seeds.
  static let cartPole = [
    [
      90, 100, 90, 50, 44, 50, 67, 57, 66, 33, 74, 64, 74, 37, 51, 86, 79, 86, 41, 55, 62, 19, 19,
      19, 16, 15, 16, 16, 20, 17, 21, 17, 18, 18, 17, 29, 9, 11, 8, 23, 18, 16, 10, 49, 48,
    ],
    [
      74, 100, 96, 43, 41, 59, 51, 47, 69, 32, 58, 53, 76, 35, 42, 66, 64, 86, 37, 44, 49, 15, 18,
      17, 22, 19, 17, 15, 18, 17, 22, 21, 21, 20, 17, 50, 12, 15, 8, 29, 25, 21, 16, 75, 65,
    ],
  ]

  @Test("affinities of cart-pole tasks converge for every penalty and number of groups")
  func cartPoleTasks() throws {
    for entries in Self.cartPole {
      var affinity = Matrix(rows: 10, columns: 10, repeating: 0)
      for i in 0..<10 {
        for j in 0..<i {
          affinity[i, j] = Double(entries[i * (i - 1) / 2 + j])
          affinity[j, i] = affinity[i, j]
        }
      }
      // 120 is the most that any took.
      try expectConvergence(removingAdditiveEffects(affinity), within: 300)
    }
  }

  @Test("drawn affinities of every kind converge for every penalty and number of groups")
  func drawn() throws {
    var count = 0
    for kind in DrawnKind.allCases {
      for draw in 0..<24 {
        var random = RandomStream(seed: UInt64(draw), name: "convergence-\(kind)")
        let affinity = kind.affinity(4 + draw % 12, using: &random)
        // The hardest takes 1630.
        count += try expectConvergence(affinity, within: 2500)
        if draw % 12 == 6 { try expectAgreement(affinity) }
      }
    }
    print("reliability: relaxations of drawn affinities solved within 2500 iterations: \(count)")
  }

  /// Solves the whole curve over the penalty and every number of groups.
  ///
  /// - Returns: the number of relaxations.
  @discardableResult
  private func expectConvergence(_ affinity: Matrix, within limit: Int) throws -> Int {
    let n = affinity.rows
    // Solutions that start from the last one, as those of the curve do, and anew.
    let curve = RelaxationOptions(relativeGap: 1e-4, iterationLimit: limit)
    let selection = try SelectionCurve(affinity: affinity, range: 1...n, options: curve)
    #expect(selection.unsolved == [])
    for k in 2..<n {
      let options = RelaxationOptions(iterationLimit: limit)
      #expect(try Relaxation(affinity: affinity, .fixed(k), options: options).unsolved == nil)
    }
    return selection.penalties.count + n - 2
  }

  /// Compares objectives and bounds with CSDP's optimum.
  private func expectAgreement(_ affinity: Matrix) throws {
    let unit = offDiagonalDeviation(affinity)
    // CSDP sees numbers near 1: its tolerances are absolute.
    var scaled = affinity
    for t in scaled.elements.indices { scaled.elements[t] /= unit }
    for term in [TraceTerm.fixed(2), .fixed(affinity.rows - 1), .penalty(0.5), .penalty(3)] {
      let oracle = csdp(scaled, term)
      try #require(oracle.status == 0)
      let relaxation = try Relaxation(affinity: scaled, term)
      // A gap of 1e-6 is in units of the norm of U, at most n here, times objectives of at most √n.
      #expect(relaxation.objective > oracle.objective - 1e-4)
      #expect(relaxation.objective < oracle.objective + 1e-6)
      #expect(relaxation.dualBound > oracle.objective - 1e-6)
      #expect(relaxation.dualBound < oracle.objective + 1e-4)
    }
  }
}
