package import Random
package import Workers

/// The epochs of minibatch descent on one rollout's data.
///
/// A minibatch is cut into shards whose number and sizes depend on its size alone, and policy and critic are
/// separate pieces of work: even a minibatch of one shard keeps two workers busy. Each shard's gradient goes to
/// its own slot, and the slots are added in order, so results are equal for any number of threads.
package final class PPOUpdate {
  /// What is descended.
  let loss: PPOLoss
  /// The tasks' names, shape (K), for errors.
  let taskNames: [String]
  private let configuration: PPOConfiguration
  /// One per worker.
  private let workspaces: [PPOLoss.Workspace]
  /// One gradient per shard, shape (maximumShards, P), filled by the shards.
  private let gradients: UnsafeMutablePointer<Float>
  /// The sums of each network's shards, shape (2, maximumShards), filled by the shards.
  private let sums: UnsafeMutablePointer<LossSums>
  /// The sum of squares of each block of the gradient, shape (blocks), filled with the gradient.
  private let squares: UnsafeMutablePointer<Double>

  /// More shards would spend more time adding gradients than they save.
  private static let maximumShards = 16
  /// Fewer rows would leave the matrix products short.
  private static let shardRows = 64
  /// Rows handled at once: activations of that many rows stay in the second-level cache.
  static let chunkRows = 128
  /// Entries of the gradient that are added up at once.
  private static let blockSize = 1024
  /// The gradient's entries in blocks, of which none has entries of both networks.
  private let blocks: [Range<Int>]

  /// An update with room for `workers`.
  ///
  /// - Parameters:
  ///   - taskNames: the tasks' names, shape (K), for errors.
  package init(
    loss: PPOLoss, configuration: PPOConfiguration, taskNames: [String], workers: WorkerPool
  ) {
    self.loss = loss
    self.taskNames = taskNames
    self.configuration = configuration
    workspaces = (0..<workers.threads).map { _ in PPOLoss.Workspace(loss, capacity: Self.chunkRows) }
    let length = Self.maximumShards * loss.parameterCount
    gradients = UnsafeMutablePointer<Float>.allocate(capacity: length)
    gradients.initialize(repeating: 0, count: length)
    sums = UnsafeMutablePointer<LossSums>.allocate(capacity: 2 * Self.maximumShards)
    sums.initialize(repeating: LossSums(), count: 2 * Self.maximumShards)
    blocks = PPOLoss.Network.allCases.map(loss.range(of:)).flatMap { range in
      stride(from: range.lowerBound, to: range.upperBound, by: Self.blockSize)
        .map { $0..<min($0 + Self.blockSize, range.upperBound) }
    }
    squares = UnsafeMutablePointer<Double>.allocate(capacity: blocks.count)
    squares.initialize(repeating: 0, count: blocks.count)
  }

  deinit {
    gradients.deallocate()
    sums.deallocate()
    squares.deallocate()
  }

  /// Descends the loss over `updateEpochs` passes in freshly shuffled minibatches.
  ///
  /// - Parameters:
  ///   - parameters: policy, then critic, read and overwritten.
  ///   - learningRate: Adam's step size in this iteration.
  ///   - random: shuffles the rows.
  ///   - iteration: for errors.
  /// - Returns: the sums over all rows of all epochs.
  /// - Throws: `TrainingError.nonFinite` as soon as a loss, the gradient or a parameter is not finite.
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
        let moment = NonFiniteNumber.Moment.optimizerStep(optimizer.step, iteration: iteration)
        let batch = try sumGradient(
          of: buffer, rows: rows[range], parameters: parameters, workers: workers)
        if !batch.isFinite {
          try requireFinite(batch, rows: rows[range], of: buffer, parameters: parameters, at: moment)
        }
        let norm = blocks.indices.reduce(0) { $0 + squares[$1] }.squareRoot()
        // A sum of squares of single-precision numbers, taken in double precision, is finite if they are.
        if !norm.isFinite { try requireFinite(gradients, { .gradient(of: $0) }, at: moment) }
        try optimizer.update(
          &parameters, gradient: gradients, scale: min(1, configuration.maxGradNorm / (norm + 1e-6)),
          learningRate: learningRate, workers: workers)
        try requireFinite(parameters, { .parameter($0) }, at: moment)
        epoch.add(batch)
      }
      total.add(epoch)
      if let targetKL = configuration.targetKL, epoch.divergence / epoch.count > targetKL { break }
    }
    return total
  }

  /// Fills the first gradient slot with the minibatch's gradient, and the sums of squares.
  private func sumGradient(
    of buffer: RolloutBuffer, rows: ArraySlice<Int32>, parameters: [Float], workers: WorkerPool
  ) throws -> LossSums {
    let size = rows.count
    let shards = max(min(Self.maximumShards, (size + Self.shardRows - 1) / Self.shardRows), 1)
    let length = loss.parameterCount
    let networks = PPOLoss.Network.allCases
    try rows.withUnsafeBufferPointer { rows in
      try parameters.withUnsafeBufferPointer { parameters in
        guard let parameters = parameters.baseAddress else { return }
        try workers.runUnchecked(networks.count * shards) { piece, worker in
          let network = networks[piece / shards]
          let shard = piece % shards
          let gradient = gradients + shard * length
          let range = loss.range(of: network)
          (gradient + range.lowerBound).update(repeating: 0, count: range.count)
          sums[piece] = loss.addGradient(
            of: network,
            rows: UnsafeBufferPointer(rebasing: rows[size * shard / shards..<size * (shard + 1) / shards]),
            of: buffer, batchSize: size, parameters: parameters, workspace: workspaces[worker], to: gradient)
          guard shards == 1 else { return }
          for block in blocks.indices where range.contains(blocks[block].lowerBound) {
            squares[block] = addShards(1, in: blocks[block])
          }
        }
      }
    }
    if shards > 1 {
      try workers.runUnchecked(blocks.count) { block, _ in
        squares[block] = addShards(shards, in: blocks[block])
      }
    }
    var total = LossSums()
    for piece in 0..<networks.count * shards { total.add(sums[piece]) }
    return total
  }

  /// Adds the other shards' gradients to the first one's, in order, for a range of entries.
  ///
  /// - Returns: the sum of the squares of the results.
  private func addShards(_ shards: Int, in range: Range<Int>) -> Double {
    let length = loss.parameterCount
    let total = gradients + range.lowerBound
    for shard in 1..<max(shards, 1) {
      let gradient = gradients + (shard * length + range.lowerBound)
      for index in 0..<range.count { total[index] += gradient[index] }
    }
    var squares = SIMD8<Double>()
    var index = 0
    while index + 8 <= range.count {
      let entries = SIMD8<Double>(UnsafeRawPointer(total + index).loadUnaligned(as: SIMD8<Float>.self))
      squares += entries * entries
      index += 8
    }
    var square = squares.sum()
    for rest in index..<range.count { square += Double(total[rest]) * Double(total[rest]) }
    return square
  }
}
