import Artifacts
import TestSupport
import Testing

/// The grouping that cluster chooses by what tasks retain.
@Suite struct RetainedCurveTests {
  private static let tasks = [
    "cartpole/default", "cartpole/flip", "cartpole/length-1.5", "cartpole/force-30",
  ]
  private static let sets = (1..<16).map { bits in (0..<4).filter { bits >> $0 & 1 == 1 } }

  /// A score of four tasks by whose affinities 0 and 1, 2 and 3 belong together, and by whose retained gains something else.
  ///
  /// - Parameter retained: what a task of a set retains; in every other replicate `spread` less, and in the others more.
  private func score(spread: Double, _ retained: (Int, [Int]) -> Double) -> ScoreArtifact {
    let affinity = (0..<16).map { Double($0 / 4 / 2 == $0 % 4 / 2 ? 1 : -1) }
    return ScoreArtifact {
      $0.tasks = Self.tasks
      $0.performance = [Double](repeating: 0, count: 16)
      $0.subsetPerformance = [0, 0, 0, 0]
      ($0.affinity, $0.affinityLow, $0.affinityHigh) = (affinity, affinity, affinity)
      ($0.affinityResidual, $0.affinityResidualLow, $0.affinityResidualHigh) = (affinity, affinity, affinity)
      ($0.affinityTask, $0.gradientCosine) = (affinity, affinity)
      $0.pairCount = [Int32](repeating: 1, count: 16)
      ($0.gain, $0.gainLow, $0.gainHigh) = ([1, 1, 1, 1], [0.5, 0.5, 0.5, 0.5], [2, 2, 2, 2])
      $0.sets = Self.sets
      let table = Self.sets.flatMap { set in (0..<4).map { set.contains($0) ? retained($0, set) : .nan } }
      $0.retained = table
      for replicate in 0..<40 {
        $0.retainedReplicates += Self.sets.indices.flatMap { set in
          (0..<4).map { task in
            let change = Self.sets[set].count > 1 ? spread * (replicate % 2 == 0 ? 1 : -1) : 0
            return Float(table[set * 4 + task] + change)
          }
        }
      }
      ($0.ownGain, $0.ownGainError) = ([1, 1, 1, 1], [0, 0, 0, 0])
      $0.reliableTasks = 4
      $0.verdict = "structure: 4 of 4 tasks"
    }
  }

  /// What cluster makes of a score with these lines in its section.
  private func clustered(_ score: ScoreArtifact, _ section: String) throws -> ClusterArtifact {
    try withTinyRun(tinyBenchmark.replacing("  k: 2\n", with: section)) { run in
      try run.made("config")
      let provenance = Provenance {
        ($0.stage, $0.stageVersion, $0.gitCommit, $0.gitDirty) = ("score", 3, "0", 0)
        ($0.toolchain, $0.seed, $0.config) = ("none", 0, "")
      }
      try score.write(to: "\(run.folder)/score.h5", provenance: provenance)
      let made = try Programs.run(
        "cluster",
        [
          "--config", "\(run.run())/config/cluster.yaml", "--score", "\(run.folder)/score.h5", "--output",
          "\(run.folder)/cluster.h5",
        ])
      try #require(made.status == 0, "\(made.errors)")
      return try ClusterArtifact(reading: "\(run.folder)/cluster.h5")
    }
  }

  private func labels(_ clusters: ClusterArtifact, _ name: String) -> [Int32]? {
    clusters.groupings.first { $0.name == name }?.labels
  }

  /// 0 and 2 agree, and so do 1 and 3: everybody else costs a third each.
  private func planted(_ task: Int, _ set: [Int]) -> Double {
    1 - Double(set.count { ($0 - task) % 2 != 0 }) / 3
  }

  @Test("the groups are those that retain most, whatever the affinities say; the paper's stand beside them")
  func plantedGroups() throws {
    let clusters = try clustered(score(spread: 0, planted), "  max_groups: 4\n")
    #expect(clusters.k == 2 && labels(clusters, "policygradex") == [0, 1, 0, 1])
    #expect(labels(clusters, "paper") == [0, 0, 1, 1])
    #expect(clusters.groupings.map(\.name).prefix(3) == ["policygradex", "paper", "gradient-similarity"])
    // One group: each task has two others that cost a third; the best of three groups keeps all, too.
    let expected: [Double] = [1 - 2.0 / 3, 1, 1, 1]
    #expect(zip(clusters.curve, expected).allSatisfy { abs($0 - $1) < 1e-9 })
    #expect(Array(clusters.curveLabels[4..<8]) == [0, 1, 0, 1])
  }

  @Test("k is the fewest groups that keep the share for certain; one group and all alone are possible")
  func fewest() throws {
    #expect(try clustered(score(spread: 0, planted), "  retain: 0.3\n").k == 1)
    #expect(try clustered(score(spread: 0) { _, set in set.count == 1 ? 1 : 0 }, "  max_groups: 4\n").k == 4)
    #expect(try clustered(score(spread: 0) { _, _ in 1 }, "  max_groups: 4\n").k == 1)
    // 0.95 is enough on average, but 0.85 in every other replicate.
    func nearly(_ task: Int, _ set: [Int]) -> Double { set.count == 1 ? 1 : 0.95 }
    #expect(try clustered(score(spread: 0, nearly), "  max_groups: 4\n").k == 1)
    #expect(try clustered(score(spread: 0.1, nearly), "  max_groups: 4\n").k > 1)
    #expect(try clustered(score(spread: 0.1, nearly), "  k: 3\n").k == 3)
  }

  @Test("the curve's intervals are those of the replicates")
  func intervals() throws {
    let clusters = try clustered(score(spread: 0.1) { _, _ in 0.5 }, "  max_groups: 4\n")
    #expect(abs(clusters.curveLow[0] - 0.4) < 1e-6 && abs(clusters.curveHigh[0] - 0.6) < 1e-6)
    #expect(abs(clusters.curveLow[3] - 0.5) < 1e-6 && abs(clusters.curveHigh[3] - 0.5) < 1e-6)
  }
}
