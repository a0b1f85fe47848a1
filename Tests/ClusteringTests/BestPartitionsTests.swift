import Clustering
import Random
import Testing

@Suite struct BestPartitionsTests {
  /// All partitions of n tasks, by restricted growth strings.
  private func partitions(_ n: Int) -> [[Int]] {
    var found: [[Int]] = [[]]
    for _ in 0..<n {
      found = found.flatMap { labels in (0...((labels.max() ?? -1) + 1)).map { labels + [$0] } }
    }
    return found
  }

  @Test(
    "the best partition of every number of groups is that of looking at all of them",
    arguments: [1, 2, 5, 7], [BestPartitions.Rule.sum, .least])
  func exhaustive(n: Int, rule: BestPartitions.Rule) throws {
    var random = RandomStream(seed: 3, name: "values of groups \(n)")
    let value = (0..<1 << n).map { _ in random.uniform() }
    let found = try BestPartitions(taskCount: n, value: value, rule: rule)
    for k in 1...n {
      let all = partitions(n).map { Grouping(labels: $0) }.filter { $0.groupCount == k }
      let values = all.map { grouping in
        let groups = grouping.groups.map { group in value[group.reduce(0) { $0 | 1 << $1 }] }
        return rule == .sum ? groups.reduce(0, +) : groups.min() ?? 0
      }
      #expect(abs(found.values[k - 1] - (values.max() ?? 0)) < 1e-12)
      let own = try #require(all.firstIndex(of: found.groupings[k - 1]), "k = \(k)")
      #expect(abs(values[own] - found.values[k - 1]) < 1e-12)
    }
  }

  @Test("fourteen tasks are solved, fifteen refused")
  func limit() throws {
    // Groups are worth their size squared if they are of even and odd tasks alone.
    let value = (0..<1 << 14).map { set in
      let (even, odd) = (set & 0b01_0101_0101_0101, set & 0b10_1010_1010_1010)
      return even == 0 || odd == 0 ? Double(set.nonzeroBitCount * set.nonzeroBitCount) : 0
    }
    let found = try BestPartitions(taskCount: 14, value: value, most: 3)
    #expect(found.groupings.count == 3)
    #expect(found.groupings[1].labels == (0..<14).map { $0 % 2 } && found.values[1] == 98)
    #expect(throws: ClusteringError.tooManyTasks(15, limit: 14)) {
      try BestPartitions(taskCount: 15, value: [])
    }
    #expect(throws: ClusteringError.noTasks) { try BestPartitions(taskCount: 0, value: [0]) }
  }
}
