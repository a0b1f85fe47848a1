/// The buffers of one network's forward and backward pass over batches of up to `capacity` rows, and the
/// network's parameters as the passes want them.
///
/// Allocated once and reused, so that passes do not allocate. One workspace serves one worker at a time.
package final class NetworkWorkspace {
  /// The largest batch.
  package let capacity: Int

  private let storage: UnsafeMutableBufferPointer<Float>
  private let inputOffsets: [Int]
  private let deltaOffsets: [Int]
  private let headOffset: Int
  private let forwardOffsets: [Int]
  private let backwardOffsets: [Int]
  private let biasOffsets: [Int]

  /// Buffers for `network` and batches of up to `capacity` rows, all zero.
  package init(_ network: MultilayerPerceptron, capacity: Int) {
    precondition(capacity > 0, "a workspace needs room for at least one row")
    self.capacity = capacity
    var length = 0
    /// Room for a (rows, width) buffer that starts on a cache line.
    func reserve(_ rows: Int, _ width: Int) -> Int {
      defer { length += (rows * width + 15) / 16 * 16 }
      return length
    }
    let layers = 0..<network.layerCount
    inputOffsets = network.sizes.map { reserve(capacity, $0) }
    deltaOffsets = network.sizes.dropFirst().map { reserve(capacity, $0) }
    headOffset = reserve(capacity, network.outputCount)
    forwardOffsets = layers.map { reserve(network.inputs($0), Self.padded(network.outputs($0))) }
    backwardOffsets = layers.map { reserve(network.outputs($0), Self.padded(network.inputs($0))) }
    biasOffsets = layers.map { reserve(1, network.outputs($0)) }
    length += 16  // `smallProduct` reads past the end of rows.
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

  /// W_lᵀ, shape (in_l, `padded`(out_l)), the padding zero, filled by `MultilayerPerceptron.load`.
  func forwardWeights(_ layer: Int) -> UnsafeMutablePointer<Float> { pointer(forwardOffsets[layer]) }

  /// W_l, shape (out_l, `padded`(in_l)), the padding zero, filled by `MultilayerPerceptron.load`.
  func backwardWeights(_ layer: Int) -> UnsafeMutablePointer<Float> { pointer(backwardOffsets[layer]) }

  /// b_l, shape (out_l), filled by `MultilayerPerceptron.load`.
  func bias(_ layer: Int) -> UnsafeMutablePointer<Float> { pointer(biasOffsets[layer]) }

  /// The next multiple of a vector's eight entries.
  static func padded(_ width: Int) -> Int { (width + 7) / 8 * 8 }

  private func pointer(_ offset: Int) -> UnsafeMutablePointer<Float> {
    guard let base = storage.baseAddress else { preconditionFailure("a workspace is never empty") }
    return base + offset
  }
}
