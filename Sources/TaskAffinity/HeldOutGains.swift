package import Workers

/// The gain of each subset's solution on each member's held-out transitions, per episode, so that episodes can be
/// resampled.
///
/// f̂_i(S) = (1/W_i) Σ_{t held out of i} w_t (log 2 − log(1 + exp(−y_t g̃_tᵀ v̂_S))): minus the surrogate loss, relative
/// to no adaptation, so that 0 is "nothing gained" and larger is better (evaluator E1).
package struct HeldOutGains: Sendable {
  /// The number of tasks (n).
  package let taskCount: Int
  /// The number of held-out episodes of each task.
  package let episodeCounts: [Int]

  /// The subsets (m).
  let batch: SubsetBatch
  /// For each task, Σ_t w_t (log 2 − softplus(−y_t z_t)) of each episode, shape (holders, episodes).
  let gains: [[Double]]
  /// For each task, Σ_t w_t of each episode.
  let weights: [[Double]]

  /// Evaluates all solutions.
  ///
  /// - Parameters:
  ///   - transitions: the tasks' projected transitions; only the held-out part is used.
  ///   - subsets: (m, s) task numbers.
  ///   - solution: the minimisers v̂_S, shape (m, d).
  /// - Throws: `FitError.emptyHeldOutPart`.
  package init(
    _ transitions: ProjectedTransitions, subsets: [[Int]], solution: [Double], workers: WorkerPool
  ) throws {
    let parts = transitions.parts(heldOut: true)
    if let empty = parts.firstIndex(where: { $0.count == 0 }) { throw FitError.emptyHeldOutPart(task: empty) }
    let batch = SubsetBatch(subsets, taskCount: transitions.taskCount)
    let sums = try workers.map(parts.count) { i in
      parts[i].episodeGains(at: batch.gather(solution, task: i, dimension: transitions.dimension))
    }
    taskCount = transitions.taskCount
    self.batch = batch
    gains = sums.map(\.gains)
    weights = sums.map(\.weights)
    episodeCounts = weights.map(\.count)
  }

  /// The table f̂_i(S_l), shape (m, n), NaN where i is not in S_l.
  ///
  /// - Parameter counts: for each task, how often each of its held-out episodes counts; nil for once each.
  package func table(counts: [[Int]]? = nil) -> [Double] {
    var table = [Double](repeating: .nan, count: batch.count * taskCount)
    for i in 0..<taskCount {
      let episodes = episodeCounts[i]
      let shares = shares(of: i, counts: counts?[i])
      for (column, l) in batch.holders[i].enumerated() {
        var sum = 0.0
        for e in 0..<episodes { sum += shares[e] * gains[i][column * episodes + e] }
        table[l * taskCount + i] = sum
      }
    }
    return table
  }

  /// What a task's f̂ takes of each of its episodes: c_e / Σ c w, shape (episodes).
  ///
  /// - Parameter counts: how often each episode counts (c); nil for once each.
  func shares(of task: Int, counts: [Int]?) -> [Double] {
    var total = 0.0
    for (e, weight) in weights[task].enumerated() { total += Double(counts?[e] ?? 1) * weight }
    return weights[task].indices.map { Double(counts?[$0] ?? 1) / total }
  }
}

extension TaskPart {
  fileprivate func episodeGains(at points: [Double]) -> (gains: [Double], weights: [Double]) {
    let columns = points.count / dimension
    let margins = margins(of: gatheredFeatures(as: Double.self), at: points)
    let nothing = Logistic.softplus(0)
    var gains = [Double](repeating: 0, count: episodeCount * columns)
    var weights = [Double](repeating: 0, count: episodeCount)
    gains.withUnsafeMutableBufferPointer { gains in
      for t in 0..<count {
        weights[episode[t]] += weight[t]
        for column in 0..<columns {
          let loss = Logistic.softplus(-label[t] * margins[t * columns + column])
          gains[column * episodeCount + episode[t]] += weight[t] * (nothing - loss)
        }
      }
    }
    return (gains, weights)
  }
}
