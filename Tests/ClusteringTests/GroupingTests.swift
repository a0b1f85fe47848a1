import Clustering
import LinearAlgebra
import Random
import TestSupport
import Testing

@Suite struct GroupingTests {
  @Test("labels are numbered by first appearance, so equal partitions are equal")
  func canonical() {
    let grouping = Grouping(labels: [7, -2, 7, 5, -2])
    #expect(grouping.labels == [0, 1, 0, 2, 1])
    #expect(grouping.groups == [[0, 2], [1, 4], [3]])
    #expect(grouping.groups.map(\.count) == [2, 2, 1])
    #expect(grouping == Grouping(labels: [1, 0, 1, 2, 0]))
    #expect(Grouping.single(3).groups == [[0, 1, 2]])
    #expect(Grouping.separate(3).groups == [[0], [1], [2]])
  }

  @Test("the objective is the inner product with the partition's matrix")
  func objective() {
    var random = RandomStream(seed: 1, name: "objective")
    let affinity = gaussianMatrix(7, using: &random)
    let grouping = Grouping(labels: [0, 1, 0, 2, 1, 0, 2])
    #expect(abs(grouping.objective(for: affinity) - affinity.innerProduct(grouping.matrix)) < 1e-12)
    #expect(abs(grouping.matrix.trace - 3) < 1e-15)
  }
}

@Suite struct AdditiveEffectsTests {
  @Test("an additive matrix leaves nothing, and rows of a residual sum to zero")
  func residual() {
    var random = RandomStream(seed: 2, name: "effects")
    let effects = (0..<8).map { _ in random.gaussian() }
    let additive = addingEffects(effects, to: Matrix(rows: 8, columns: 8, repeating: 0.5))
    #expect(removingAdditiveEffects(additive) == Matrix(rows: 8, columns: 8, repeating: 0))
    let residual = removingAdditiveEffects(gaussianMatrix(8, using: &random))
    for i in 0..<8 {
      #expect(abs(residual.row(i).reduce(0, +)) < 1e-13)
      #expect(residual[i, i] == 0)
    }
  }

  @Test("effects and the diagonal do not change the residual")
  func invariance() {
    var random = RandomStream(seed: 3, name: "effects")
    let affinity = gaussianMatrix(6, using: &random)
    var other = addingEffects((0..<6).map { _ in 5 * random.gaussian() }, to: affinity)
    for i in 0..<6 { other[i, i] = 99 }
    #expect(
      largestDifference(removingAdditiveEffects(affinity).elements, removingAdditiveEffects(other).elements)
        < 1e-12)
  }

  @Test("one, two and three tasks have a residual of exactly zero")
  func small() {
    var random = RandomStream(seed: 4, name: "effects")
    for n in [1, 2, 3] {
      let affinity = gaussianMatrix(n, using: &random)
      #expect(removingAdditiveEffects(affinity) == Matrix(rows: n, columns: n, repeating: 0))
    }
  }

  @Test("the off-diagonal standard deviation ignores the diagonal")
  func deviation() {
    let matrix = Matrix(rows: 2, columns: 2, elements: [100, 1, 3, -100])
    #expect(abs(offDiagonalDeviation(matrix) - 1) < 1e-15)
    #expect(offDiagonalDeviation(Matrix(rows: 1, columns: 1, repeating: 5)) == 0)
  }
}

@Suite struct RandomGroupingsTests {
  @Test("draws have the given sizes, differ from it and from each other, and are reproducible")
  func draws() {
    let grouping = Grouping(labels: [0, 0, 0, 0, 1, 1, 1, 2, 2, 2])
    let random = RandomStream(seed: 1, name: "random-groupings")
    let draws = randomGroupings(like: grouping, count: 40, using: random)
    #expect(draws.count == 40)
    #expect(Set(draws).count == 40)
    #expect(!draws.contains(grouping))
    #expect(draws.allSatisfy { $0.groups.map(\.count).sorted() == [3, 3, 4] })
    #expect(randomGroupings(like: grouping, count: 5, using: random) == Array(draws.prefix(5)))
  }

  @Test("where there are too few partitions, all but the given one occur before any repeats")
  func exhausted() {
    let grouping = Grouping(labels: [0, 0, 1])
    let random = RandomStream(seed: 2, name: "random-groupings")
    let draws = randomGroupings(like: grouping, count: 5, using: random)
    #expect(draws.count == 5)
    #expect(Set(draws.prefix(2)).count == 2)
    #expect(!draws.contains(grouping))
    #expect(randomGroupings(like: .single(3), count: 2, using: random) == [.single(3), .single(3)])
  }
}
