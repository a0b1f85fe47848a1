internal import Policies
package import Workers

/// What the learner descends, computed on all workers: the values and advantages of a rollout, and the gradient of a
/// minibatch's loss.
///
/// A minibatch is cut into shards whose number and sizes depend on its size alone, and policy and critic are
/// separate pieces of work: even a minibatch of one shard keeps two workers busy. Each shard's gradient goes to
/// its own slot, and the slots are added in order, so results are equal for any number of threads.
/// The pieces of a call fill slots of their own; between calls it is used by one thread.
package final class PPOObjective: @unchecked Sendable {
  /// The loss.
  package let loss: PPOLoss
  /// The tasks' names, shape (K), for errors.
  let taskNames: [String]
  /// The trainable parameters in blocks, of which none has parameters of both networks.
  let blocks: [Range<Int>]
  let workers: WorkerPool
  private let workspaces: PerWorker<PPOLoss.Workspace>
  /// One gradient per shard, shape (maximumShards, P), filled by the shards; the first is the minibatch's after `gradient`.
  let gradients: Slots<Float>
  /// The sums of each network's shards, shape (2 · maximumShards), filled by the shards.
  private let sums: Slots<LossSums>
  /// The sum of squares of each block of the gradient, shape (blocks), filled with the gradient.
  private let squares: Slots<Double>

  /// More shards would spend more time adding gradients than they save.
  private static let maximumShards = 16
  /// Fewer rows would leave the matrix products short.
  private static let shardRows = 64
  /// Rows handled at once: activations of that many rows stay in the second-level cache.
  private static let chunkRows = 128
  /// Entries of the gradient that are added up at once.
  private static let blockSize = 1024

  /// An objective with room for `workers`.
  ///
  /// - Parameters:
  ///   - taskNames: the tasks' names, shape (K), for errors.
  ///   - frozen: what is not trained: names of tensors, or of what they are part of, such as "policy/layer_0/weight" and
  ///     "critic".
  package init(loss: PPOLoss, taskNames: [String], frozen: [String] = [], workers: WorkerPool) {
    self.loss = loss
    self.taskNames = taskNames
    self.workers = workers
    workspaces = PerWorker(workers) { PPOLoss.Workspace(loss, capacity: Self.chunkRows) }
    gradients = Slots(Self.maximumShards, width: loss.parameterCount, repeating: 0)
    sums = Slots(2 * Self.maximumShards, repeating: LossSums())
    blocks = loss.trainable(without: frozen).flatMap { range in
      stride(from: range.lowerBound, to: range.upperBound, by: Self.blockSize)
        .map { $0..<min($0 + Self.blockSize, range.upperBound) }
    }
    squares = Slots(blocks.count, repeating: 0)
  }

  /// Fills a rollout's values with the critic's outputs, in parallel over fixed shards of rows.
  ///
  /// - Parameter parameters: θ, then the critic's.
  /// - Throws: `TrainingError.nonFinite` for the first that is not finite.
  func estimateValues(of buffer: RolloutBuffer, parameters: [Float], iteration: Int) throws {
    let seen = buffer.count + buffer.environments
    let total = seen + buffer.truncations.count
    let (critic, shard) = (loss.critic, Self.chunkRows)
    let parameters = Array(parameters[loss.range(of: .critic)])
    try workers.run((total + shard - 1) / shard) { index, worker in
      let workspace = workspaces[worker].critic
      critic.load(parameters, into: workspace)
      let rows = index * shard..<min((index + 1) * shard, total)
      for (place, row) in rows.enumerated() { buffer.feed(row, to: critic, row: place, workspace) }
      critic.forward(count: rows.count, workspace: workspace)
      for (place, row) in rows.enumerated() {
        if row < seen {
          buffer.values[row] = workspace.output[place]
        } else {
          buffer.truncationValues[buffer.truncations[row - seen]] = workspace.output[place]
        }
      }
    }
    try buffer.requireFiniteValues(tasks: taskNames, iteration: iteration)
  }

  /// Fills the first slot of `gradients`, in the entries of `blocks`, with a minibatch's gradient.
  ///
  /// - Parameters:
  ///   - rows: the minibatch, flat indices into the buffer.
  ///   - parameters: θ, then the critic's.
  ///   - moment: for errors.
  /// - Returns: the gradient's Euclidean norm; the rows' sums.
  /// - Throws: `TrainingError.nonFinite` for a loss or a gradient that is not finite.
  func gradient(
    of rows: ArraySlice<Int32>, in buffer: RolloutBuffer, parameters: [Float],
    at moment: NonFiniteNumber.Moment
  ) throws -> (norm: Double, sums: LossSums) {
    let size = rows.count
    let shards = max(min(Self.maximumShards, (size + Self.shardRows - 1) / Self.shardRows), 1)
    let parts = PPOLoss.Part.allCases
    let pieces = split(rows, into: shards)
    try workers.run(parts.count * shards) { piece, worker in
      let (part, shard) = (parts[piece / shards], piece % shards)
      let gradient = gradients.row(shard)
      let range = loss.range(of: part)
      (gradient + range.lowerBound).update(repeating: 0, count: range.count)
      sums[piece] = loss.addGradient(
        of: part, rows: pieces[shard], of: buffer, batchSize: size, parameters: parameters,
        workspace: workspaces[worker], to: gradient)
      guard shards == 1 else { return }
      for block in blocks.indices where range.contains(blocks[block].lowerBound) {
        squares[block] = addShards(1, in: blocks[block])
      }
    }
    if shards > 1 {
      try workers.run(blocks.count) { block, _ in squares[block] = addShards(shards, in: blocks[block]) }
    }
    var total = LossSums()
    for piece in 0..<parts.count * shards { total.add(sums[piece]) }
    if !total.isFinite {
      try requireFinite(total, rows: rows, of: buffer, parameters: parameters, at: moment)
    }
    let norm = blocks.indices.reduce(0) { $0 + squares[$1] }.squareRoot()
    // A sum of squares of single-precision numbers, taken in double precision, is finite if they are.
    if !norm.isFinite { try requireFinite(gradients.row(0), { .gradient(of: $0) }, at: moment) }
    return (norm, total)
  }

  /// Rows in so many parts, of sizes that differ by one at most.
  func split(_ rows: ArraySlice<Int32>, into count: Int) -> [ArraySlice<Int32>] {
    (0..<count).map {
      rows[(rows.startIndex + rows.count * $0 / count)..<(rows.startIndex + rows.count * ($0 + 1) / count)]
    }
  }

  /// Adds the other shards' gradients to the first one's, in order, for a range of entries.
  ///
  /// - Returns: the sum of the squares of the results.
  private func addShards(_ shards: Int, in range: Range<Int>) -> Double {
    let total = gradients.row(0) + range.lowerBound
    for shard in 1..<max(shards, 1) {
      let gradient = gradients.row(shard) + range.lowerBound
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
