import Foundation
import Random
import TaskAffinity
import TestSupport
import Testing
import Workers

@Suite struct AffinityTests {
  private let workers = WorkerPool(threads: 2)

  @Test("held-out gains are those of the obvious loop, and doubled episodes count twice")
  func heldOutGains() throws {
    let data = PlantedTransitions.make(families: [0, 0, 1])
    let subsets = [[0, 1, 2]]
    let fits = try fitSubsets(data, subsets: subsets, options: FitOptions(), workers: workers)
    let gains = try HeldOutGains(data, subsets: subsets, solution: fits.solution, workers: workers)
    let d = data.dimension
    func obvious(task: Int32, twice: Int32?) -> Double {
      var sum = 0.0
      var total = 0.0
      for row in data.task.indices where data.task[row] == task && data.heldOut[row] {
        let z = (0..<d).reduce(0.0) { $0 + Double(data.features[row * d + $1]) * fits.solution[$1] }
        let advantage = Double(data.advantage[row])
        let times = data.episode[row] == twice ? 2.0 : 1.0
        sum += times * abs(advantage) * (log(2) - log(1 + exp(advantage > 0 ? -z : z)))
        total += times * abs(advantage)
      }
      return sum / total
    }
    let table = gains.table()
    for i in 0..<3 { #expect(abs(table[i] - obvious(task: Int32(i), twice: nil)) < 1e-12) }
    var counts = gains.episodeCounts.map { [Int](repeating: 1, count: $0) }
    counts[1][0] = 2
    // Task 1's first held-out episode is its fourth.
    #expect(abs(gains.table(counts: counts)[1] - obvious(task: 1, twice: 43)) < 1e-12)
  }

  @Test("replicates are the affinities of resampled episodes, one replicate at a time", arguments: [3, 5])
  func replicates(taskCount n: Int) throws {
    let data = PlantedTransitions.make(families: (0..<n).map { $0 % 2 }, perTask: 200)
    var random = RandomStream(seed: 0, name: "subsets")
    let subsets = try sampleSubsets(taskCount: n, size: 2, count: nil, random: &random) + [Array(0..<n)]
    let fits = try fitSubsets(data, subsets: subsets, options: FitOptions(), workers: workers)
    let gains = try HeldOutGains(data, subsets: subsets, solution: fits.solution, workers: workers)
    let counts = (0..<7).map { _ in
      gains.episodeCounts.map { episodes in
        var counts = [Int](repeating: 0, count: episodes)
        for _ in 0..<episodes { counts[random.index(below: episodes)] += 1 }
        return counts
      }
    }
    let affinity = Affinity(table: gains.table(), subsets: subsets, taskCount: n)
    let replicates = AffinityReplicates(gains, affinity: affinity, counts: counts)
    let taskGains = try replicates.gains(workers: workers) { $0 }
    let (aggregate, residual) = try replicates.affinities(workers: workers) { $0 }
    for (b, counts) in counts.enumerated() {
      let slow = Affinity(table: gains.table(counts: counts), subsets: subsets, taskCount: n)
      // R by its defining equations: off the diagonal it differs from U by a_i + a_j + μ, and its rows sum to zero.
      func rowSum(_ i: Int) -> Double {
        (0..<n).reduce(0) { $0 + ($1 == i ? 0 : slow.aggregate[i * n + $1]) }
      }
      let level = (0..<n).reduce(0) { $0 + rowSum($1) } / Double(n * (n - 1))
      // Sums of at most 50 terms below 1.
      for i in 0..<n {
        #expect(abs(taskGains[i][b] - slow.gain[i]) < 1e-14)
        for j in 0..<n {
          #expect(abs(aggregate[i * n + j][b] - slow.aggregate[i * n + j]) < 1e-14)
          let effects = (rowSum(i) + rowSum(j) - 2 * Double(n - 1) * level) / Double(max(n - 2, 1))
          let expected = i == j || n <= 3 ? 0 : slow.aggregate[i * n + j] - level - effects
          #expect(abs(residual[i * n + j][b] - expected) < 1e-14)
        }
      }
    }
  }

  @Test("tasks that share a direction have the higher affinity, and gain on held-out episodes")
  func plantedFamilies() throws {
    let families = [0, 0, 0, 1, 1, 1]
    let data = PlantedTransitions.make(families: families)
    var random = RandomStream(seed: 0, name: "subsets")
    let subsets = try sampleSubsets(taskCount: 6, size: 3, count: nil, random: &random)
    let fits = try fitSubsets(data, subsets: subsets, options: FitOptions(), workers: workers)
    let gains = try HeldOutGains(data, subsets: subsets, solution: fits.solution, workers: workers)
    let affinity = Affinity(table: gains.table(), subsets: subsets, taskCount: 6)
    let cosines = gradientCosines(data)
    // The aggregate form carries each task's own level; what is left without it must still show the families.
    var level = [Double](repeating: 0, count: 6)
    for i in 0..<6 {
      for j in 0..<6 where i != j { level[i] += affinity.aggregate[i * 6 + j] / 4 }
    }
    for i in 0..<6 {
      #expect(affinity.gain[i] > 0)
      for j in 0..<6 where families[i] == families[j] && i != j {
        for k in 0..<6 where families[i] != families[k] {
          #expect(affinity.aggregate[i * 6 + j] - level[j] > affinity.aggregate[i * 6 + k] - level[k])
          #expect(affinity.perTask[i * 6 + j] > affinity.perTask[i * 6 + k])
          #expect(cosines[i * 6 + j] > cosines[i * 6 + k])
        }
      }
    }
  }

  @Test("the averages are those of the definition")
  func definition() {
    let subsets = [[0, 1], [0, 2], [1, 2]]
    let nan = Double.nan
    let table: [Double] = [1, 3, nan, 5, nan, 1, nan, 2, 6]
    let affinity = Affinity(table: table, subsets: subsets, taskCount: 3)
    #expect(affinity.subsetPerformance == [2, 3, 4])
    #expect(affinity.aggregate == [2.5, 2, 3, 2, 3, 4, 3, 4, 3.5])
    #expect(affinity.pairCount == [2, 1, 1, 1, 2, 1, 1, 1, 2])
    #expect(affinity.gain == [3, 2.5, 3.5])
    // Task 0 scores 1 with task 1 and 5 with task 2: standardised −1 and 1. Task 1 scores 3 and 2, task 2 scores 1 and 6.
    #expect(affinity.perTask == [0, -1, 1, 1, 0, -1, -1, 1, 0])
  }
}
