package import Random
package import Workers

/// The epochs of minibatch descent on one rollout's data.
///
/// A minibatch is cut into shards whose number and sizes depend on its size alone. Each shard's gradient goes
/// to its own slot, and the slots are added in order, so results are equal for any number of threads.
package final class PPOUpdate {
  private let loss: PPOLoss
  private let configuration: PPOConfiguration
  /// One per worker.
  private let workspaces: [PPOLoss.Workspace]
  /// One gradient per shard, shape (maximumShards, P), filled by the shards.
  private let gradients: UnsafeMutablePointer<Float>
  /// The shards' sums, shape (maximumShards), filled by the shards.
  private let sums: UnsafeMutablePointer<LossSums>

  /// More shards would spend more time adding gradients than they save.
  private static let maximumShards = 16
  /// Fewer rows would leave the matrix products short.
  private static let shardRows = 64
  /// Rows handled at once: activations of that many rows stay in the second-level cache.
  static let chunkRows = 128

  /// An update with room for `workers`.
  package init(loss: PPOLoss, configuration: PPOConfiguration, workers: WorkerPool) {
    self.loss = loss
    self.configuration = configuration
    workspaces = (0..<workers.threads).map { _ in PPOLoss.Workspace(loss, capacity: Self.chunkRows) }
    let length = Self.maximumShards * loss.parameterCount
    gradients = UnsafeMutablePointer<Float>.allocate(capacity: length)
    gradients.initialize(repeating: 0, count: length)
    sums = UnsafeMutablePointer<LossSums>.allocate(capacity: Self.maximumShards)
    sums.initialize(repeating: LossSums(), count: Self.maximumShards)
  }

  deinit {
    gradients.deallocate()
    sums.deallocate()
  }

  /// Descends the loss over `updateEpochs` passes in freshly shuffled minibatches.
  ///
  /// - Parameters:
  ///   - parameters: policy, then critic, read and overwritten.
  ///   - learningRate: Adam's step size in this iteration.
  ///   - random: shuffles the rows.
  ///   - iteration: for errors.
  /// - Returns: the sums over all rows of all epochs.
  /// - Throws: `TrainingError.diverged` as soon as a loss or the gradient is not finite.
  package func run(
    on buffer: RolloutBuffer, parameters: inout [Float], optimizer: inout Adam, learningRate: Double,
    random: inout RandomStream, iteration: Int, workers: WorkerPool
  ) throws -> LossSums {
    var rows = (0..<Int32(buffer.count)).map { $0 }
    var total = LossSums()
    for _ in 0..<configuration.updateEpochs {
      random.shuffle(&rows)
      var epoch = LossSums()
      for minibatch in 0..<configuration.numMinibatches {
        let range =
          buffer.count * minibatch / configuration.numMinibatches..<buffer.count * (minibatch + 1)
          / configuration.numMinibatches
        let batch = try sumGradient(
          of: buffer, rows: rows[range], parameters: parameters, workers: workers)
        try check(batch, iteration)
        let norm = gradientNorm()
        guard norm.isFinite else { throw TrainingError.diverged(quantity: "gradient", iteration: iteration) }
        optimizer.update(
          &parameters, gradient: gradients, scale: min(1, configuration.maxGradNorm / (norm + 1e-6)),
          learningRate: learningRate)
        epoch.add(batch)
      }
      total.add(epoch)
      if let targetKL = configuration.targetKL, epoch.divergence / epoch.count > targetKL { break }
    }
    return total
  }

  /// Fills the first gradient slot with the minibatch's gradient.
  private func sumGradient(
    of buffer: RolloutBuffer, rows: ArraySlice<Int32>, parameters: [Float], workers: WorkerPool
  ) throws -> LossSums {
    let size = rows.count
    let shards = max(min(Self.maximumShards, (size + Self.shardRows - 1) / Self.shardRows), 1)
    let length = loss.parameterCount
    try rows.withUnsafeBufferPointer { rows in
      try parameters.withUnsafeBufferPointer { parameters in
        guard let parameters = parameters.baseAddress else { return }
        try workers.run(shards) { shard, worker in
          let gradient = gradients + shard * length
          gradient.update(repeating: 0, count: length)
          sums[shard] = loss.addGradient(
            rows: UnsafeBufferPointer(rebasing: rows[size * shard / shards..<size * (shard + 1) / shards]),
            of: buffer, batchSize: size, parameters: parameters, workspace: workspaces[worker], to: gradient)
        }
      }
    }
    var total = sums[0]
    for shard in 1..<max(shards, 1) {
      total.add(sums[shard])
      let gradient = gradients + shard * length
      for index in 0..<length { gradients[index] += gradient[index] }
    }
    return total
  }

  private func gradientNorm() -> Double {
    var squares = SIMD8<Double>()
    let length = loss.parameterCount
    var index = 0
    while index + 8 <= length {
      let entries = UnsafeRawPointer(gradients + index).loadUnaligned(as: SIMD8<Float>.self)
      let wide = SIMD8<Double>(entries)
      squares += wide * wide
      index += 8
    }
    var square = squares.sum()
    for rest in index..<length { square += Double(gradients[rest]) * Double(gradients[rest]) }
    return square.squareRoot()
  }

  private func check(_ sums: LossSums, _ iteration: Int) throws {
    for (quantity, value) in [("policy loss", sums.policyLoss), ("value loss", sums.valueLoss)]
    where !value.isFinite {
      throw TrainingError.diverged(quantity: quantity, iteration: iteration)
    }
  }
}
