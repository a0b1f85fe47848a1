internal import LinearAlgebra
package import Workers

/// The affinities under resampled held-out episodes: every replicate counts each episode some number of times.
///
/// f̂_i(S)^(b) is a product of the gains' (holders, episodes) table with the episodes' shares, (episodes, replicates),
/// so that all replicates of a number are made at once, and only those of one task's row are held at a time.
package struct AffinityReplicates: Sendable {
  /// The number of replicates (B).
  package let count: Int

  private let gains: HeldOutGains
  /// For each task, what f̂ takes of each episode in each replicate, shape (episodes, B).
  private let shares: [[Double]]
  /// n_ij, shape (n, n).
  private let pairCount: [Int]

  /// Replicates of the affinities of some gains.
  ///
  /// - Parameters:
  ///   - affinity: that of the gains with every episode counted once.
  ///   - counts: how often each held-out episode of each task counts, shape (B, n, episodes); every task counts one.
  package init(_ gains: HeldOutGains, affinity: Affinity, counts: [[[Int]]]) {
    let replicates = counts.count
    self.gains = gains
    count = replicates
    pairCount = affinity.pairCount
    shares = (0..<gains.taskCount).map { i in
      var shares = [Double](repeating: 0, count: gains.episodeCounts[i] * replicates)
      for b in 0..<replicates {
        for (e, share) in gains.shares(of: i, counts: counts[b][i]).enumerated() {
          shares[e * replicates + b] = share
        }
      }
      return shares
    }
  }

  /// The gain of every task: `body` of its replicates, shape (B).
  package func gains<Result: Sendable>(
    workers: WorkerPool, _ body: @Sendable ([Double]) -> Result
  ) throws -> [Result] {
    try workers.map(gains.taskCount) { i in
      let episodes = gains.episodeCounts[i]
      let columns = gains.batch.holders[i].count
      var means = [Double](repeating: 0, count: episodes)
      for column in 0..<columns {
        for e in 0..<episodes { means[e] += gains.gains[i][column * episodes + e] / Double(columns) }
      }
      var values = [Double](repeating: 0, count: count)
      for e in 0..<episodes {
        for b in 0..<count { values[b] += means[e] * shares[i][e * count + b] }
      }
      return body(values)
    }
  }

  /// U and its residual R_ij = U_ij − (μ + a_i + a_j) for i < j: `body` of a number's replicates, shape (B).
  ///
  /// μ and a are those of the replicate, as `removingAdditiveEffects` takes them from U; R is 0 on the diagonal, and
  /// everywhere for n ≤ 3.
  ///
  /// - Returns: both symmetric, shape (n, n).
  package func affinities<Result: Sendable>(
    workers: WorkerPool, _ body: @Sendable ([Double]) -> Result
  ) throws -> (aggregate: [Result], residual: [Result]) {
    let n = gains.taskCount
    let effects = try additiveEffects(workers: workers)
    let zero = body([Double](repeating: 0, count: count))
    let rows = try workers.map(n) { i in
      let sums = rowSums(of: i, from: i)
      return (i..<n).map { j -> (aggregate: Result, residual: Result) in
        let pairs = Double(pairCount[i * n + j])
        var values = sums[j].map { $0 / pairs }
        let aggregate = body(values)
        guard i != j, n > 3 else { return (aggregate, zero) }
        for b in 0..<count { values[b] -= effects.mean[b] + effects.task[i][b] + effects.task[j][b] }
        return (aggregate, body(values))
      }
    }
    func symmetric(_ value: (_ row: Int, _ place: Int) -> Result) -> [Result] {
      (0..<n * n).map { entry in
        let (i, j) = (min(entry / n, entry % n), max(entry / n, entry % n))
        return value(i, j - i)
      }
    }
    return (symmetric { rows[$0][$1].aggregate }, symmetric { rows[$0][$1].residual })
  }

  /// The mean off-diagonal affinity μ, shape (B), and the tasks' effects a_i = (Σ_{j≠i} U_ij − (n−1) μ) / (n−2), shape
  /// (n, B).
  private func additiveEffects(workers: WorkerPool) throws -> (mean: [Double], task: [[Double]]) {
    let n = gains.taskCount
    guard n > 3 else { return ([], []) }
    var effects = try workers.map(n) { i in
      var total = [Double](repeating: 0, count: count)
      for (j, sum) in rowSums(of: i, from: 0).enumerated() where j != i {
        let pairs = Double(pairCount[i * n + j])
        for b in 0..<count { total[b] += sum[b] / pairs }
      }
      return total
    }
    var mean = [Double](repeating: 0, count: count)
    for effect in effects { for b in 0..<count { mean[b] += effect[b] } }
    for b in 0..<count { mean[b] /= Double(n * (n - 1)) }
    for i in 0..<n {
      for b in 0..<count { effects[i][b] = (effects[i][b] - Double(n - 1) * mean[b]) / Double(n - 2) }
    }
    return (mean, effects)
  }

  /// Σ f̂(S) over the subsets that hold i and j, for every j from `first` on, shape (n, B); the others are empty.
  private func rowSums(of i: Int, from first: Int) -> [[Double]] {
    let n = gains.taskCount
    let batch = gains.batch
    let holders = batch.holders[i]
    // For every task, the places among the holders of the subsets that hold it too, and their columns of its table.
    var places = [[(place: Int, column: Int)]](repeating: [], count: n)
    for (place, l) in holders.enumerated() {
      for (k, slot) in zip(batch.subsets[l], batch.slots[l]) {
        places[k].append((place, slot - batch.firstSlot[k]))
      }
    }
    var performance = [Double](repeating: 0, count: holders.count * count)
    for k in 0..<n where !places[k].isEmpty {
      let episodes = gains.episodeCounts[k]
      var table: [Double] = []
      for (place, column) in places[k] {
        let size = Double(batch.subsets[holders[place]].count)
        table += gains.gains[k][column * episodes..<(column + 1) * episodes].map { $0 / size }
      }
      var product = [Double](repeating: 0, count: places[k].count * count)
      gemm(
        .no, .no, m: places[k].count, n: count, k: episodes, table, lda: episodes, shares[k], ldb: count,
        &product, ldc: count)
      for (row, entry) in places[k].enumerated() {
        add(product, row: row, to: &performance, row: entry.place)
      }
    }
    return (0..<n).map { j in
      guard j >= first else { return [] }
      var sum = [Double](repeating: 0, count: count)
      for (place, _) in places[j] { add(performance, row: place, to: &sum, row: 0) }
      return sum
    }
  }

  /// Adds a row of B numbers to another.
  private func add(_ source: [Double], row: Int, to destination: inout [Double], row other: Int) {
    source.withUnsafeBufferPointer { source in
      destination.withUnsafeMutableBufferPointer { destination in
        for b in 0..<count { destination[other * count + b] += source[row * count + b] }
      }
    }
  }
}
