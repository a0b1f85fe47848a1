import Random
import TaskAffinity
import Testing

@Suite struct SubsetsTests {
  private func uncoveredPairs(_ subsets: [[Int]], _ n: Int) -> Int {
    var covered: Set<[Int]> = []
    for subset in subsets { for i in subset { for j in subset where i < j { covered.insert([i, j]) } } }
    return n * (n - 1) / 2 - covered.count
  }

  @Test("up to twelve tasks, all triples are taken, in order", arguments: [(3, 1), (10, 120), (12, 220)])
  func enumeration(n: Int, expected: Int) throws {
    var random = RandomStream(seed: 0, name: "subsets")
    let subsets = try sampleSubsets(taskCount: n, size: 3, count: nil, random: &random)
    #expect(subsets.count == expected)
    #expect(Set(subsets).count == expected)
    #expect(subsets == subsets.sorted { $0.lexicographicallyPrecedes($1) })
  }

  @Test(
    "sampled subsets are distinct, of the right size, and cover every pair",
    arguments: [13, 20, 40], [UInt64](0..<5))
  func sampling(n: Int, seed: UInt64) throws {
    var random = RandomStream(seed: seed, name: "subsets")
    let subsets = try sampleSubsets(taskCount: n, size: 3, count: nil, random: &random)
    #expect(subsets.count == min(max(200, n * n), n * (n - 1) * (n - 2) / 6))
    #expect(subsets.count == subsetCount(taskCount: n, size: 3, count: nil))
    #expect(Set(subsets).count == subsets.count)
    #expect(subsets.allSatisfy { $0.count == 3 && $0 == $0.sorted() && Set($0).count == 3 && $0[2] < n })
    #expect(uncoveredPairs(subsets, n) == 0)
    // Every task as often as any other: 3m/n times, within five standard deviations.
    let expected = Double(3 * subsets.count) / Double(n)
    for task in 0..<n {
      let found = Double(subsets.count { $0.contains(task) })
      #expect(abs(found - expected) < 5 * expected.squareRoot(), "task \(task)")
    }
    // And the last three, which an end of a range that is off by one would leave out, together.
    let last = Double(subsets.reduce(0) { $0 + $1.count { $0 >= n - 3 } })
    #expect(abs(last - 3 * expected) < 4 * (3 * expected).squareRoot())
  }

  @Test("a sample that is just large enough is repaired, one that is too small is refused")
  func smallSamples() throws {
    var random = RandomStream(seed: 1, name: "subsets")
    let repaired = try sampleSubsets(taskCount: 14, size: 3, count: 120, random: &random)
    #expect(uncoveredPairs(repaired, 14) == 0)
    #expect(Set(repaired).count == 120)
    #expect(throws: SubsetError.self) {
      try sampleSubsets(taskCount: 14, size: 3, count: 10, random: &random)
    }
    #expect(throws: SubsetError.tooMany(wanted: 500, available: 120)) {
      try sampleSubsets(taskCount: 10, size: 3, count: 500, random: &random)
    }
  }
}
