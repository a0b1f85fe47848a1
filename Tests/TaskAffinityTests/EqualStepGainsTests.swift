import LinearAlgebra
import Random
import TaskAffinity
import Testing
import Workers

@Suite struct EqualStepGainsTests {
  /// Transitions of tasks whose advantages follow a direction each, plus noise; d = 6.
  private static func transitions(
    _ directions: [[Double]], count: Int = 400, noise: Double = 0, seed: UInt64 = 0
  ) -> ProjectedTransitions {
    var random = RandomStream(seed: seed, name: "transitions")
    let d = directions[0].count
    var (features, advantage, task, episode, held): ([Float], [Float], [Int32], [Int32], [Bool]) = (
      [], [], [], [], []
    )
    for (i, direction) in directions.enumerated() {
      for t in 0..<count {
        let x = (0..<d).map { _ in random.uniform() - 0.5 }
        let signal = zip(x, direction).reduce(0) { $0 + $1.0 * $1.1 }
        features += x.map { Float($0) }
        advantage.append(Float(signal + noise * (random.uniform() - 0.5)))
        task.append(Int32(i))
        episode.append(Int32(i * 40 + t / 10))
        held.append(t / 10 % 2 == 1)
      }
    }
    return ProjectedTransitions(
      taskCount: directions.count, dimension: d, features: features, advantage: advantage, task: task,
      episode: episode, heldOut: held)
  }

  /// f̂_i(S) straight from the definition, transition by transition.
  private func slow(
    _ data: ProjectedTransitions, _ set: [Int], _ member: Int, step: Double, ridge: Double
  ) throws -> Double {
    let d = data.dimension
    func model(_ i: Int, _ held: Bool) -> (slope: [Double], curvature: [[Double]]) {
      var (slope, curvature, total) = (
        [Double](repeating: 0, count: d), [[Double]](repeating: [Double](repeating: 0, count: d), count: d),
        0.0
      )
      for t in data.task.indices where data.task[t] == i && data.heldOut[t] == held {
        let (a, x) = (Double(data.advantage[t]), (0..<d).map { Double(data.features[t * d + $0]) })
        total += abs(a)
        for r in 0..<d {
          slope[r] += a * x[r] / 2
          for c in 0..<d { curvature[r][c] += abs(a) * x[r] * x[c] / 4 }
        }
      }
      return (slope.map { $0 / total }, curvature.map { $0.map { $0 / total } })
    }
    let n = data.taskCount
    let trace = (0..<n).flatMap { i in [false, true].map { model(i, $0) } }
      .reduce(0) { sum, model in sum + (0..<d).reduce(0) { $0 + model.curvature[$1][$1] } }
    let shift = 2 * ridge * trace / Double(2 * n * d)
    var total = 0.0
    for held in [false, true] {
      let models = set.map { model($0, held) }
      var matrix = Matrix(rows: d, columns: d, repeating: 0)
      var slope = [Double](repeating: 0, count: d)
      for model in models {
        for r in 0..<d {
          slope[r] += model.slope[r] / Double(set.count)
          for c in 0..<d { matrix[r, c] += model.curvature[r][c] / Double(set.count) }
        }
      }
      var shifted = matrix
      for c in 0..<d { shifted[c, c] += shift }
      let u = try #require(solvePositiveDefinite(shifted, slope))
      func quadratic(_ m: (Int, Int) -> Double, _ v: [Double]) -> Double {
        (0..<d).reduce(0) { sum, r in sum + (0..<d).reduce(0) { $0 + v[r] * m(r, $1) * v[$1] } }
      }
      let length = (4 * quadratic({ matrix[$0, $1] }, u)).squareRoot()
      let v = u.map { $0 * step / length }
      let other = model(member, !held)
      total +=
        zip(other.slope, v).reduce(0) { $0 + $1.0 * $1.1 } - quadratic({ other.curvature[$0][$1] }, v) / 2
    }
    return total / 2
  }

  private static let directions: [[Double]] = [
    [1, 0, 0, 0, 0, 0], [0.9, 0.2, 0, 0, 0, 0], [-1, 0, 0.2, 0, 0, 0], [0, 0, 0, 1, 0, 0],
  ]
  private static let sets = (1..<16).map { bits in (0..<4).filter { bits >> $0 & 1 == 1 } }

  @Test("gains are those of the definition, on any number of threads")
  func definition() throws {
    let data = Self.transitions(Self.directions, noise: 0.5)
    let found = try EqualStepGains(
      data, sets: Self.sets, step: 0.1, ridge: 0.3, workers: WorkerPool(threads: 1))
    for (set, gains) in zip(Self.sets, found.gains()) {
      for (member, gain) in zip(set, gains) {
        let expected = try slow(data, set, member, step: 0.1, ridge: 0.3)
        #expect(abs(gain - expected) < 1e-6, "\(member) of \(set)")
      }
    }
    let again = try EqualStepGains(
      data, sets: Self.sets, step: 0.1, ridge: 0.3, workers: WorkerPool(threads: 3))
    #expect(again.gains() == found.gains())
  }

  @Test("counting every episode once changes nothing, counting one twice changes its task alone")
  func counts() throws {
    let found = try EqualStepGains(
      Self.transitions(Self.directions), sets: Self.sets, step: 0.1, ridge: 0.3,
      workers: WorkerPool(threads: 2))
    var counts = found.episodeCounts.map { $0.map { [Int](repeating: 1, count: $0) } }
    #expect(found.episodeCounts == [[20, 20, 20, 20], [20, 20, 20, 20]])
    #expect(
      zip(found.gains(counts: counts).joined(), found.gains().joined()).allSatisfy { abs($0 - $1) < 1e-15 })
    counts[1][2][3] = 2
    for (set, (one, other)) in zip(Self.sets, zip(found.gains(), found.gains(counts: counts))) {
      for (member, (before, after)) in zip(set, zip(one, other)) {
        #expect((abs(before - after) > 1e-12) == (member == 2))
      }
    }
  }

  @Test("tasks that want the same keep what they gain alone, opposites keep nothing, and noise has no say")
  func retained() throws {
    // The last task's advantages are noise.
    let data = Self.transitions(Self.directions + [[0, 0, 0, 0, 0, 1e-9]], count: 2000, noise: 0.2)
    let sets = [[0], [1], [2], [3], [4], [0, 1], [0, 2], [0, 3], [0, 4]]
    let gains = try EqualStepGains(data, sets: sets, step: 0.1, ridge: 0.3, workers: WorkerPool(threads: 2))
    var random = RandomStream(seed: 5, name: "replicates")
    let counts = (0..<100).map { _ in
      gains.episodeCounts.map { half in
        half.map { episodes in
          var counts = [Int](repeating: 0, count: episodes)
          for _ in 0..<episodes { counts[random.index(below: episodes)] += 1 }
          return counts
        }
      }
    }
    let found = RetainedGains(gains, counts: counts)
    // The ratio of gains, shrunk by the own gain's standard error.
    for (set, (retained, table)) in zip(sets, zip(found.retained, gains.gains())) {
      for (task, (share, gain)) in zip(set, zip(retained, table)) {
        let (own, error) = (found.own[task], found.standardError[task])
        #expect(abs(share - gain * max(own, 0) / (own * own + error * error)) < 1e-12)
      }
    }
    #expect(found.standardError.allSatisfy { $0 > 0 })
    #expect((0..<4).allSatisfy { found.own[$0] > 5 * found.standardError[$0] })
    #expect((0..<4).allSatisfy { abs(found.retained[$0][0] - 1) < 0.1 })
    #expect(found.retained[5].allSatisfy { $0 > 0.9 })
    #expect(found.retained[6].reduce(0, +) < 0.5)
    #expect(found.retained[7].allSatisfy { $0 > 0.4 && $0 < 0.95 })
    #expect(abs(found.retained[4][0]) < 0.9 && found.replicates.count == 100)
  }
}
