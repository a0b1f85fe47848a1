import Clustering
import LinearAlgebra
import Random
import Testing

@Suite struct ExactSearchTests {
  @Test("every partition is visited once: Stirling numbers by group count")
  func stirling() throws {
    let search = try ExactSearch(affinity: Matrix(rows: 10, columns: 10, repeating: 0))
    #expect(search.partitionCounts == [1, 511, 9330, 34105, 42525, 22827, 5880, 750, 45, 1])
    for (n, bell) in [(1, 1), (2, 2), (3, 5), (4, 15), (5, 52), (12, 4_213_597)] {
      let search = try ExactSearch(affinity: Matrix(rows: n, columns: n, repeating: 0))
      #expect(search.partitionCounts.reduce(0, +) == bell)
      #expect(search.optima.map(\.grouping.groupCount) == Array(1...n))
    }
  }

  @Test("the optimum is the best of all labellings")
  func bruteForce() throws {
    var random = RandomStream(seed: 1, name: "brute force")
    for _ in 0..<10 {
      // A diagonal that matters: what a task is worth alone.
      var affinity = gaussianMatrix(5, using: &random)
      for i in 0..<5 { affinity[i, i] *= 3 }
      try compareWithAllLabellings(affinity)
    }
  }

  private func compareWithAllLabellings(_ affinity: Matrix) throws {
    let n = affinity.rows
    var best = [Double](repeating: -.infinity, count: n)
    // All 5⁵ labellings, each partition many times.
    for code in 0..<3125 {
      var rest = code
      var labels: [Int] = []
      for _ in 0..<n {
        labels.append(rest % n)
        rest /= n
      }
      let grouping = Grouping(labels: labels)
      best[grouping.groupCount - 1] = max(best[grouping.groupCount - 1], grouping.objective(for: affinity))
    }
    let search = try ExactSearch(affinity: affinity)
    for k in 1...n {
      let optimum = search.optima[k - 1]
      #expect(abs(optimum.objective - best[k - 1]) < 1e-12)
      #expect(abs(optimum.grouping.objective(for: affinity) - optimum.objective) < 1e-12)
    }
  }

  @Test("thirteen tasks are refused")
  func limit() {
    #expect(throws: ClusteringError.tooManyTasks(13, limit: 12)) {
      try ExactSearch(affinity: Matrix(rows: 13, columns: 13, repeating: 0))
    }
  }
}
