import Clustering
import LinearAlgebra
import Random
import Testing

@Suite struct ClusteringTests {
  private static let planted = Grouping(labels: [0, 0, 0, 0, 1, 1, 1, 2, 2, 2])

  @Test("planted groups are found under additive effects of any size", arguments: [0, 0.5, 1, 2])
  func planted(effectDeviation: Double) throws {
    for seed in 0..<5 {
      var random = RandomStream(seed: UInt64(seed), name: "planted")
      let order = permutation(10, using: &random)
      let expected = Grouping(labels: order.map { Self.planted.labels[$0] })
      var affinity = permuted(plantedMatrix(Self.planted, noise: 0.15, using: &random), by: order)
      affinity = addingEffects((0..<10).map { _ in effectDeviation * random.gaussian() }, to: affinity)
      let given = try clusterTasks(
        affinity: affinity, groupCount: .given(3), using: &random)
      #expect(given.grouping == expected)
      let chosen = try clusterTasks(affinity: affinity, using: &random)
      #expect(chosen.grouping == expected)
      #expect(chosen.selection?.groupCounts.contains(3) == true)
    }
  }

  @Test("the certificate chain holds: rounded ≤ exact ≤ dual bound")
  func certificates() throws {
    var random = RandomStream(seed: 1, name: "certificates")
    for n in [3, 5, 8, 10] {
      let affinity = gaussianMatrix(n, using: &random)
      for rule in [GroupCountRule.given(2), .plateau(in: 2...8), .plateau(in: 1...3)] {
        let result = try clusterTasks(affinity: affinity, groupCount: rule, using: &random)
        let exact = try #require(result.exactOptimum)
        #expect(result.objective <= exact.objective + 1e-12)
        #expect(exact.objective <= result.relaxation.dualBound + 1e-9)
        #expect(try #require(result.roundingLoss) == max(0, exact.objective - result.objective))
        #expect(result.grouping.labels.count == n)
        #expect(result.grouping.groups.allSatisfy { !$0.isEmpty })
        if case .given(let k) = rule { #expect(result.groupCount == k) }
      }
    }
  }

  @Test("one group rounds to one group")
  func oneGroup() throws {
    var random = RandomStream(seed: 2, name: "one")
    let affinity = gaussianMatrix(10, using: &random)
    let result = try clusterTasks(
      affinity: affinity, groupCount: .given(1), using: &random)
    #expect(result.grouping == .single(10))
    #expect(greedyGrouping(of: result.relaxation.matrix) == .single(10))
    let penalised = try Relaxation(affinity: affinity, .penalty(50))
    #expect(greedyGrouping(of: penalised.matrix) == .single(10))
  }

  @Test("permuting the tasks permutes the groups")
  func equivariance() throws {
    var random = RandomStream(seed: 3, name: "equivariance")
    let affinity = plantedMatrix(Self.planted, noise: 0.3, using: &random)
    let order = permutation(10, using: &random)
    let plain = try clusterTasks(affinity: affinity, using: &random)
    let moved = try clusterTasks(affinity: permuted(affinity, by: order), using: &random)
    #expect(moved.grouping == Grouping(labels: order.map { plain.grouping.labels[$0] }))
  }

  @Test("equal seeds give equal results, and the scale of the affinities does not matter")
  func determinism() throws {
    let start = RandomStream(seed: 4, name: "determinism")
    var random = start
    let affinity = gaussianMatrix(10, using: &random)
    var scaled = affinity
    for index in scaled.elements.indices { scaled.elements[index] *= 1024 }
    var (first, second, third) = (start, start, start)
    let result = try clusterTasks(affinity: affinity, using: &first)
    #expect(try clusterTasks(affinity: affinity, using: &second) == result)
    #expect(try clusterTasks(affinity: scaled, using: &third).grouping == result.grouping)
    // A penalty of the curve is in units of the affinities' deviation, so their scale does not matter to it either.
    let curves = try [affinity, scaled].map { try SelectionCurve(affinity: $0, range: 1...10) }
    #expect(curves[0].groupCounts == curves[1].groupCounts && curves[0].penalties == curves[1].penalties)
  }

  @Test("affinities without structure give one group; a given count is kept all the same")
  func degenerate() throws {
    var random = RandomStream(seed: 5, name: "degenerate")
    for n in [1, 2, 3, 10] {
      for value in [0.0, -7] {
        let affinity = Matrix(rows: n, columns: n, repeating: value)
        let result = try clusterTasks(affinity: affinity, using: &random)
        #expect(result.grouping == .single(n))
        #expect(result.selection == nil)
      }
    }
    let additive = addingEffects([1, 2, 3, 4, 5], to: Matrix(rows: 5, columns: 5, repeating: 0))
    #expect(try clusterTasks(affinity: additive, using: &random).grouping == .single(5))
    let given = try clusterTasks(
      affinity: additive, groupCount: .given(3), using: &random)
    #expect(given.groupCount == 3)
  }

  @Test("three tasks without additive effects have nothing to group by, to the last bit")
  func threeTasks() throws {
    var random = RandomStream(seed: 8, name: "three")
    for _ in 0..<20 {
      let affinity = gaussianMatrix(3, using: &random)
      let result = try clusterTasks(affinity: affinity, groupCount: .given(2), using: &random)
      #expect(result.deviation == 0)
      #expect(result.affinity == Matrix(rows: 3, columns: 3, repeating: 0))
      #expect(result.groupCount == 2 && result.objective == 0)
    }
  }

  @Test("a larger penalty never gives a larger trace")
  func monotone() throws {
    var random = RandomStream(seed: 6, name: "monotone")
    let affinity = removingAdditiveEffects(gaussianMatrix(10, using: &random))
    let curve = try SelectionCurve(
      affinity: affinity, range: 1...10, options: RelaxationOptions())
    for step in 1..<curve.traces.count {
      #expect(curve.penalties[step] > curve.penalties[step - 1])
      // The trace is known only as far as the gap of the objective allows.
      #expect(curve.traces[step] < curve.traces[step - 1] + 1e-2)
    }
    #expect(curve.penalties.first == 0.3)
    #expect(abs((curve.penalties.last ?? 0) - 10) < 1e-12)
  }

  @Test("a curve ends at the first count beyond the range, and is the whole one up to there")
  func endOfCurve() throws {
    var random = RandomStream(seed: 9, name: "end")
    let affinity = removingAdditiveEffects(gaussianMatrix(10, using: &random))
    let whole = try SelectionCurve(affinity: affinity, range: 1...10)
    let part = try SelectionCurve(affinity: affinity, range: 1...2)
    // At the largest penalty there is one group, whose ⟨U, X⟩ is the mean row sum of a residual: nothing.
    #expect(abs(whole.densities.last ?? .nan) < 1e-3 && whole.groupCounts.last == 1)
    #expect(part.traces == Array(whole.traces.suffix(part.traces.count)))
    #expect(part.penalties == Array(whole.penalties.suffix(part.penalties.count)))
    #expect(part.groupCounts.first == part.groupCounts.max() && (part.groupCounts.first ?? 0) > 2)
    #expect(part.groupCounts.dropFirst().allSatisfy { $0 <= 2 })
    #expect(part.longestPlateau(in: 1...2) == whole.longestPlateau(in: 1...2))
  }

  @Test("cosines cluster with the same program")
  func cosines() throws {
    var random = RandomStream(seed: 7, name: "cosines")
    var cosine = plantedMatrix(Self.planted, noise: 0.1, using: &random)
    for i in 0..<10 { cosine[i, i] = 1 }
    let result = try clusterTasks(
      affinity: cosine, groupCount: .given(3), removesAdditiveEffects: false, using: &random)
    #expect(result.grouping == Self.planted)
  }
}
