internal import LinearAlgebra
package import Policies
package import Workers

/// Projects the score of every transition: features g̃_t = Pᵀ ∇_θ log π_θ(a_t|s_t), shape (N, d).
///
/// The goals, in order: equal bits for every block size and number of threads, memory that does not grow with p·d,
/// the speed of the underlying products. A score is never formed whole: backward passes leave its rank-one layer
/// factors, and for one tile of parameters after another the tile's rows of P are made once, the scores' tile columns
/// are formed from the factors, and their product is added to the features. The bits of a BLAS product depend on its
/// shape and on a row's place in it, so every product has `rows` rows, transition t always stands in row t mod `rows`,
/// and rows without a transition are zero.
package struct GradientFeatures {
  /// The policy (π).
  package let policy: Policy
  /// Its parameters (θ*), flat.
  package let parameters: [Float]
  /// The projection (P).
  package let projection: GaussianProjection
  /// Transitions whose factors are held at once: more is faster, and takes memory.
  package var block = 65536

  /// Rows per product.
  private static let rows = 256
  /// Parameters per tile, about: tiles end at the end of a neuron's weights.
  private static let tileParameters = 512

  /// Features of a policy's scores.
  package init(policy: Policy, parameters: [Float], projection: GaussianProjection) {
    precondition(parameters.count == policy.parameterCount, "the flat vector has p entries")
    self.policy = policy
    self.parameters = parameters
    self.projection = projection
  }

  /// Computes the features.
  ///
  /// - Parameters:
  ///   - inputs: the policy's inputs, shape (N, inputs).
  ///   - actions: the actions taken, shape (N, action width).
  ///   - workers: share out the chunks.
  /// - Returns: shape (N, d).
  package func project(inputs: [Float], actions: [Float], workers: WorkerPool) throws -> [Float] {
    let width = policy.network.inputCount
    let count = inputs.count / width
    precondition(inputs.count == count * width && actions.count == count * policy.actionWidth, "N rows each")
    var features = [Float](repeating: 0, count: count * projection.dimension)
    try features.withUnsafeMutableBufferPointer { features in
      for start in stride(from: 0, to: count, by: max(1, block)) {
        let rows = start..<min(start + max(1, block), count)
        try projectBlock(rows, inputs: inputs, actions: actions, features: features, workers: workers)
      }
    }
    return features
  }

  private func projectBlock(
    _ rows: Range<Int>, inputs: [Float], actions: [Float], features: UnsafeMutableBufferPointer<Float>,
    workers: WorkerPool
  ) throws {
    let chunks = (rows.lowerBound / Self.rows...(rows.upperBound - 1) / Self.rows).map {
      ($0 * Self.rows..<($0 + 1) * Self.rows).clamped(to: rows)
    }
    let factors = try workers.map(chunks.count) { chunk in
      scoreFactors(chunks[chunk], inputs: inputs, actions: actions)
    }
    let d = projection.dimension
    let tiles = tiles()
    let widest = tiles.map(\.parameters.count).max() ?? 0
    var projectionRows = [Float](repeating: 0, count: widest * d)
    let scratch = (0..<workers.threads).map { _ in
      UnsafeMutablePointer<Float>.allocate(capacity: Self.rows * (widest + d))
    }
    defer { for pointer in scratch { pointer.deallocate() } }
    for tile in tiles {
      try projectionRows.withUnsafeMutableBufferPointer { rows in
        try fill(rows, with: tile.parameters, workers: workers)
      }
      try workers.run(chunks.count) { chunk, worker in
        let scores = scratch[worker]
        let product = scores + Self.rows * widest
        factors[chunk].write(tile, to: scores)
        gemm(
          .no, .no, m: Self.rows, n: d, k: tile.parameters.count, scores, lda: tile.parameters.count,
          projectionRows, ldb: d, product, ldc: d)
        let base = chunks[chunk].lowerBound * d
        let first = chunks[chunk].lowerBound % Self.rows * d
        for entry in 0..<chunks[chunk].count * d { features[base + entry] += product[first + entry] }
      }
    }
  }

  private func fill(
    _ destination: UnsafeMutableBufferPointer<Float>, with rows: Range<Int>, workers: WorkerPool
  ) throws {
    guard let base = destination.baseAddress else { return }
    let piece = 32
    try workers.run((rows.count + piece - 1) / piece) { index, _ in
      let start = rows.lowerBound + index * piece
      projection.fill(
        rows: start..<min(start + piece, rows.upperBound),
        into: base + (start - rows.lowerBound) * projection.dimension)
    }
  }

  /// The score factors of one chunk of transitions, at a pass of exactly `rows` rows.
  private func scoreFactors(_ chunk: Range<Int>, inputs: [Float], actions: [Float]) -> ScoreFactors {
    let network = policy.network
    let workspace = NetworkWorkspace(network, capacity: Self.rows)
    func padded(_ values: [Float], width: Int) -> [Float] {
      var rows = [Float](repeating: 0, count: Self.rows * width)
      let first = chunk.lowerBound % Self.rows * width
      rows.replaceSubrange(
        first..<first + chunk.count * width, with: values[chunk.lowerBound * width..<chunk.upperBound * width]
      )
      return rows
    }
    policy.scoreFactors(
      parameters: parameters, inputs: padded(inputs, width: network.inputCount),
      actions: padded(actions, width: policy.actionWidth), count: Self.rows, workspace: workspace)
    return ScoreFactors(policy: policy, workspace: workspace)
  }

  /// The parameters in tiles, in the order of the flat vector.
  private func tiles() -> [ParameterTile] {
    var tiles: [ParameterTile] = []
    let network = policy.network
    for layer in 0..<network.layerCount {
      let inputs = network.inputs(layer)
      let neurons = max(1, Self.tileParameters / inputs)
      for first in stride(from: 0, to: network.outputs(layer), by: neurons) {
        let range = first..<min(first + neurons, network.outputs(layer))
        let offset = network.weightOffset(layer)
        tiles.append(
          ParameterTile(
            kind: .weights(layer: layer, neurons: range),
            parameters: offset + range.lowerBound * inputs..<offset + range.upperBound * inputs))
      }
      let offset = network.biasOffset(layer)
      tiles.append(
        ParameterTile(kind: .bias(layer: layer), parameters: offset..<offset + network.outputs(layer)))
    }
    if policy.parameterCount > policy.logStdOffset {
      tiles.append(ParameterTile(kind: .logStd, parameters: policy.logStdOffset..<policy.parameterCount))
    }
    return tiles
  }
}
