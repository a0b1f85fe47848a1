/// The buffers of one network's forward and backward pass over batches of up to `capacity` rows.
///
/// Allocated once and reused, so that passes do not allocate. One workspace serves one worker at a time.
package final class NetworkWorkspace {
  /// The largest batch.
  package let capacity: Int

  private let storage: UnsafeMutableBufferPointer<Float>
  private let inputOffsets: [Int]
  private let deltaOffsets: [Int]
  private let headOffset: Int

  /// Buffers for `network` and batches of up to `capacity` rows, all zero.
  package init(_ network: MultilayerPerceptron, capacity: Int) {
    precondition(capacity > 0, "a workspace needs room for at least one row")
    self.capacity = capacity
    var length = 0
    /// Room for a (capacity, width) buffer that starts on a cache line.
    func reserve(_ width: Int) -> Int {
      defer { length += (capacity * width + 15) / 16 * 16 }
      return length
    }
    inputOffsets = network.sizes.map { reserve($0) }
    deltaOffsets = network.sizes.dropFirst().map { reserve($0) }
    headOffset = reserve(network.outputCount)
    let bytes = UnsafeMutableRawBufferPointer.allocate(
      byteCount: length * MemoryLayout<Float>.stride, alignment: 64)
    storage = bytes.bindMemory(to: Float.self)
    storage.initialize(repeating: 0)
  }

  deinit {
    UnsafeMutableRawBufferPointer(storage).deallocate()
  }

  /// x_l, shape (B, in_l). Layer 0: filled by the caller; the others: by `forward`.
  package func layerInput(_ layer: Int) -> UnsafeMutablePointer<Float> { pointer(inputOffsets[layer]) }

  /// The network's output, shape (B, outputs), filled by `forward`.
  package var output: UnsafeMutablePointer<Float> { pointer(inputOffsets[inputOffsets.count - 1]) }

  /// δ_l, the gradient of a row's objective by W_l x_l + b_l, shape (B, out_l).
  ///
  /// The last layer's is filled by the objective, the others by `backward`.
  package func layerDelta(_ layer: Int) -> UnsafeMutablePointer<Float> { pointer(deltaOffsets[layer]) }

  /// The score by the log standard deviations, shape (B, outputs), filled by a Gaussian policy's
  /// `scoreFactors`.
  package var logStdScore: UnsafeMutablePointer<Float> { pointer(headOffset) }

  private func pointer(_ offset: Int) -> UnsafeMutablePointer<Float> {
    guard let base = storage.baseAddress else { preconditionFailure("a workspace is never empty") }
    return base + offset
  }
}
