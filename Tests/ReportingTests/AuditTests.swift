import Artifacts
import Random
import Reporting
import Statistics
import TestSupport
import Testing

@Suite struct AuditTests {
  private static let tasks = ["a", "b", "c", "d"]
  /// All sets of the four tasks, the smallest first.
  private static let subsets = (1...4).flatMap { size in
    (1..<16).map { bits in (0..<4).filter { bits >> $0 & 1 == 1 } }.filter { $0.count == size }
      .sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// What a task of a set is worth: a and b help each other, and so do c and d; everybody else hinders.
  private static func value(_ task: Int, in subset: [Int]) -> Double {
    let others = subset.filter { $0 != task }
    let kin = others.filter { $0 / 2 == task / 2 }.count
    return 0.6 + 0.2 * Double(kin) - 0.15 * Double(others.count - kin) + 0.01 * Double(task)
  }

  /// Returns of 10 plus 100 times the value and some noise; random actions have 10.
  private static func truth(
    noise: Double, runs: [(start: String, seed: Int64)], without missing: [Int]? = nil
  )
    -> TruthArtifact
  {
    var random = RandomStream(seed: 1, name: "noise")
    return TruthArtifact {
      $0.tasks = tasks
      $0.subsets = subsets
      $0.starts = runs.map(\.start)
      $0.seeds = runs.map(\.seed)
      $0.numbers = runs.indices.map { run in
        Int64(runs[..<run].count { $0.start == runs[run].start && $0.seed == runs[run].seed })
      }
      $0.stepsPerTask = runs.map { _ in 100 }
      $0.entrySubset = subsets.enumerated().flatMap { set, of in of.map { _ in Int32(set) } }
      $0.entryTask = subsets.flatMap { $0.map { Int32($0) } }
      $0.fractions = [0.1, 1]
      for _ in runs {
        for subset in subsets {
          for task in subset {
            let mean = 10 + 100 * value(task, in: subset) + noise * (random.uniform() - 0.5)
            let known: Float = subset == missing ? .nan : Float(mean)
            $0.returns += [known - 1, known + 1]
            $0.curve += [subset == missing ? .nan : Float(10 + 30 * random.uniform()), known]
          }
        }
      }
      $0.randomReturns = runs.flatMap { _ in [10, 10, 10, 10] }
    }
  }

  /// A score whose gains follow a rule.
  private static func score(_ gain: (Int, [Int]) -> Double) -> ScoreArtifact {
    let zeros = [Double](repeating: 0, count: 16)
    return ScoreArtifact {
      $0.tasks = tasks
      $0.performance = subsets.flatMap { set in (0..<4).map { set.contains($0) ? gain($0, set) : .nan } }
      $0.subsetPerformance = subsets.map { set in mean(set.map { gain($0, set) }) }
      $0.affinity = (0..<16).map { Double($0 / 4 / 2 == $0 % 4 / 2 ? 1 : 0) }
      $0.affinityLow = zeros
      $0.affinityHigh = zeros.map { $0 + 2 }
      $0.affinityResidual = zeros
      $0.affinityResidualLow = zeros
      $0.affinityResidualHigh = zeros
      $0.affinityTask = zeros
      $0.pairCount = [Int32](repeating: 4, count: 16)
      $0.gradientCosine = (0..<16).map { Double($0 / 4 / 2 == $0 % 4 / 2 ? 1 : -1) }
      $0.gain = [1, 1, 1, 1]
      $0.gainLow = [0, 0, 0, 0]
      $0.gainHigh = [2, 2, 2, 2]
      $0.reliableTasks = 4
      $0.verdict = "structure"
    }
  }

  private static func provenance(seed: Int) -> Provenance {
    Provenance {
      $0.stage = "score"
      $0.stageVersion = 1
      $0.gitCommit = "0"
      $0.gitDirty = 0
      $0.toolchain = "none"
      $0.seed = seed
      $0.config = ""
    }
  }

  /// The audit of a truth by scores, of seeds 0, 1, ….
  private func audited(
    _ truth: TruthArtifact, _ scores: [ScoreArtifact], _ clusters: ClusterArtifact? = nil
  ) throws -> (artifact: AuditArtifact, text: String) {
    try withTemporaryDirectory { folder in
      try truth.write(to: "\(folder)/truth.h5", provenance: Self.provenance(seed: 0))
      var files: [String] = []
      for (seed, score) in scores.enumerated() {
        files.append("\(folder)/score-\(seed).h5")
        try score.write(to: files[seed], provenance: Self.provenance(seed: seed))
      }
      if let clusters {
        files.append("\(folder)/cluster.h5")
        try clusters.write(to: "\(folder)/cluster.h5", provenance: Self.provenance(seed: 0))
      }
      return try audit(truth: "\(folder)/truth.h5", files, replicates: 200)
    }
  }

  private func row(_ audit: AuditArtifact, _ predictor: String, _ sets: String, _ start: String = "scratch")
    -> Int?
  {
    audit.predictors.indices.first {
      audit.predictors[$0] == predictor && audit.sets[$0] == sets && audit.starts[$0] == start
    }
  }

  @Test("a score that knows the truth has the rank correlation 1, its opposite −1, and drawn numbers hold 0")
  func known() throws {
    let truth = Self.truth(noise: 0, runs: [("scratch", 0), ("scratch", 1)])
    // Per task, 1 is the value of its best set.
    let best = (0..<4).map { task in
      Self.subsets.filter { $0.contains(task) }.map { Self.value(task, in: $0) }.max() ?? 1
    }
    func known(_ task: Int, _ set: [Int]) -> Double { Self.value(task, in: set) / best[task] }
    var random = RandomStream(seed: 2, name: "drawn")
    for (gain, expected) in [(known, 1.0), ({ 2 - known($0, $1) }, -1)] {
      let found = try audited(truth, [Self.score(gain)]).artifact
      for sets in ["sets of 2", "sets of 3", "all sets", "sets with a"] where sets != "sets with a" {
        let place = try #require(row(found, "mean gain", sets))
        #expect(abs(found.correlation[place] - expected) < 1e-9, "\(sets)")
        #expect(abs(found.betweenRuns[place] - 1) < 1e-9 && abs(found.ceiling[place] - 1) < 1e-9)
      }
    }
    let drawn = try audited(truth, [Self.score { _, _ in random.uniform() }]).artifact
    let place = try #require(row(drawn, "mean gain", "all sets"))
    #expect(drawn.low[place] < 0 && drawn.high[place] > 0)
  }

  @Test("noise between runs lowers the ceiling as Spearman and Brown say")
  func ceiling() throws {
    let found = try audited(
      Self.truth(noise: 10, runs: [("scratch", 0), ("scratch", 1), ("scratch", 2)]), [])
    let place = try #require(row(found.artifact, "pairs, 100 % of the steps", "sets of 3"))
    let r = found.artifact.betweenRuns[place]
    #expect(r < 1)
    #expect(abs(found.artifact.ceiling[place] - (max(0, 3 * r / (1 + 2 * r))).squareRoot()) < 1e-12)
  }

  @Test("a score is compared with adaptations of its own seed's policy, and repeats are those of one seed")
  func ownSeed() throws {
    var truth = Self.truth(noise: 0, runs: [("meta", 0), ("meta", 0), ("meta", 1), ("meta", 1)])
    // With seed 1, whatever is good with seed 0 is bad.
    let half = truth.returns.count / 2
    for index in half..<truth.returns.count { truth.returns[index] = 200 - truth.returns[index] }
    let points = truth.curve.count / 2
    for index in points..<truth.curve.count where index % 2 == 1 {
      truth.curve[index] = 200 - truth.curve[index]
    }
    let good = Self.score { Self.value($0, in: $1) }
    let bad = Self.score { 2 - Self.value($0, in: $1) }
    let found = try audited(truth, [good, bad]).artifact
    let place = try #require(row(found, "mean gain", "sets of 2", "meta"))
    #expect(found.correlation[place] > 0.8 && abs(found.betweenRuns[place] - 1) < 1e-9)
    let swapped = try audited(truth, [bad, good]).artifact
    #expect(swapped.correlation[try #require(row(swapped, "mean gain", "sets of 2", "meta"))] < -0.8)
  }

  @Test("a grouping's value, regret and rank are those of looking at all groupings")
  func groupings() throws {
    let clusters = ClusterArtifact {
      $0.tasks = Self.tasks
      $0.relaxation = [Double](repeating: 0, count: 16)
      $0.objective = 0
      $0.dualBound = 0
      $0.k = 2
      $0.groupings = [
        .init(name: "good", labels: [0, 0, 1, 1]), .init(name: "poor", labels: [0, 1, 0, 1]),
        .init(name: "single", labels: [0, 0, 0, 0]),
      ]
    }
    let found = try audited(Self.truth(noise: 0, runs: [("scratch", 0)]), [], clusters)
    let audit = found.artifact
    func place(_ name: String) throws -> Int { try #require(audit.groupings.firstIndex(of: name)) }
    let best = (0..<4).map { 0.8 + 0.01 * Double($0) }
    func value(_ groups: [[Int]]) -> Double {
      mean(groups.flatMap { group in group.map { Self.value($0, in: group) / best[$0] } })
    }
    let (good, poor) = try (place("good, seed 0"), place("poor, seed 0"))
    #expect(abs(audit.values[good] - 1) < 1e-6 && audit.rank[good] == 0 && audit.regret[good] < 1e-6)
    #expect(abs(audit.values[poor] - value([[0, 2], [1, 3]])) < 1e-6)
    #expect(abs(audit.regret[poor] - (1 - audit.values[poor])) < 1e-6)
    let two: [[[Int]]] = [
      [[0], [1, 2, 3]], [[1], [0, 2, 3]], [[2], [0, 1, 3]], [[3], [0, 1, 2]], [[0, 1], [2, 3]],
      [[0, 2], [1, 3]],
      [[0, 3], [1, 2]],
    ]
    let better = two.count { value($0) > value([[0, 2], [1, 3]]) + 1e-6 }
    #expect(abs(audit.rank[poor] - Double(better) / 7) < 1e-12)
    let bestOfTwo = try place("best with 2 groups")
    #expect(Array(audit.labels[bestOfTwo * 4..<bestOfTwo * 4 + 4]) == [0, 0, 1, 1])
    #expect(found.text.contains("best with 2 groups"))
  }

  @Test("an incomplete truth says what it lacks, and compares what all runs have; other tasks are refused")
  func incomplete() throws {
    let truth = Self.truth(noise: 0, runs: [("scratch", 0), ("scratch", 1)], without: [0, 1, 2])
    let found = try audited(truth, [Self.score { Self.value($0, in: $1) }])
    #expect(found.text.contains("seed 0, scratch-0: 1 of 15 sets are not trained"))
    #expect(found.artifact.groupings.isEmpty)
    let place = try #require(row(found.artifact, "mean gain", "sets of 3"))
    #expect(found.artifact.counts[place] == 3)
    var other = truth
    other.tasks[3] = "e"
    let error = #expect(throws: ArtifactError.self) {
      try audited(other, [Self.score { Self.value($0, in: $1) }])
    }
    #expect(error.map { "\($0)".contains("task 3 is e in the first and d in the second") } == true)
  }
}
