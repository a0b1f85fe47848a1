internal import CKernels
internal import Policies

/// Some transitions whose scores stand side by side, so that a vector instruction forms an entry of several of them,
/// and the shape of the products that they take part in.
enum ScorePanel {
  /// Transitions of a panel.
  static let rows = Int(kernels_score_rows)
  /// Columns of a panel of the projection.
  static let columns = Int(kernels_panel_columns)
  /// Vectors of four floats per entry.
  static let vectors = rows / 4

  /// The panels that d columns take.
  static func panelCount(_ dimension: Int) -> Int { (dimension + columns - 1) / columns }
}

/// The scores ∇_θ log π of some transitions as rank-one factors per layer: ∇_{W_l} = δ_l x_lᵀ and ∇_{b_l} = δ_l.
struct ScoreFactors: Sendable {
  /// The number of transitions.
  let count: Int

  private let policy: Policy
  /// Shape (panels, factor entries, `ScorePanel.rows`): of every panel x_0, δ_0, x_1, δ_1, …, then the score by the log
  /// standard deviations.
  private let entries: [SIMD4<Float>]

  /// The number of factor entries of a transition.
  static func entryCount(_ policy: Policy) -> Int {
    let network = policy.network
    let factors = (0..<network.layerCount).reduce(0) { $0 + network.inputs($1) + network.outputs($1) }
    return factors + policy.parameterCount - policy.logStdOffset
  }

  /// The factors that `policy.scoreFactors` has left in the first `count` rows of a workspace.
  init(policy: Policy, workspace: NetworkWorkspace, count: Int) {
    self.policy = policy
    self.count = count
    let network = policy.network
    var sources: [(pointer: UnsafeMutablePointer<Float>, width: Int)] = []
    for layer in 0..<network.layerCount {
      sources.append((workspace.layerInput(layer), network.inputs(layer)))
      sources.append((workspace.layerDelta(layer), network.outputs(layer)))
    }
    if policy.parameterCount > policy.logStdOffset {
      sources.append((workspace.logStdScore, policy.parameterCount - policy.logStdOffset))
    }
    let width = Self.entryCount(policy) * ScorePanel.rows
    let panels = (count + ScorePanel.rows - 1) / ScorePanel.rows
    var entries = [SIMD4<Float>](repeating: SIMD4(), count: panels * width / 4)
    entries.withUnsafeMutableBytes { bytes in
      let floats = bytes.assumingMemoryBound(to: Float.self)
      for row in 0..<count {
        var slot = row / ScorePanel.rows * width + row % ScorePanel.rows
        for source in sources {
          for column in 0..<source.width {
            floats[slot] = source.pointer[row * source.width + column]
            slot += ScorePanel.rows
          }
        }
      }
    }
    self.entries = entries
  }

  /// Writes a run of the flat parameter vector's entries of the scores of one panel.
  ///
  /// - Parameters:
  ///   - parameters: which entries.
  ///   - scores: receives (parameters.count, `ScorePanel.rows`).
  func write(_ parameters: Range<Int>, panel: Int, to scores: UnsafeMutablePointer<SIMD4<Float>>) {
    entries.withUnsafeBufferPointer { entries in
      guard let base = entries.baseAddress else { return }
      let vectors = ScorePanel.vectors
      var input = base + panel * Self.entryCount(policy) * vectors
      var out = scores
      let network = policy.network
      for layer in 0..<network.layerCount {
        let width = network.inputs(layer)
        let delta = input + width * vectors
        let weights = parameters.clamped(
          to: network.weightOffset(layer)..<network.biasOffset(layer))
        var place = weights.lowerBound
        while place < weights.upperBound {
          let (neuron, first) = (place - network.weightOffset(layer)).quotientAndRemainder(dividingBy: width)
          let end = min(width, first + weights.upperBound - place)
          for entry in first..<end {
            for v in 0..<vectors { out[v] = delta[neuron * vectors + v] * input[entry * vectors + v] }
            out += vectors
          }
          place += end - first
        }
        let biases = parameters.clamped(
          to: network.biasOffset(layer)..<network.biasOffset(layer) + network.outputs(layer))
        copy(delta, biases, from: network.biasOffset(layer), to: &out)
        input = delta + network.outputs(layer) * vectors
      }
      let logStd = parameters.clamped(to: policy.logStdOffset..<policy.parameterCount)
      copy(input, logStd, from: policy.logStdOffset, to: &out)
    }
  }

  private func copy(
    _ source: UnsafePointer<SIMD4<Float>>, _ parameters: Range<Int>, from offset: Int,
    to out: inout UnsafeMutablePointer<SIMD4<Float>>
  ) {
    guard !parameters.isEmpty else { return }
    let count = parameters.count * ScorePanel.vectors
    out.update(from: source + (parameters.lowerBound - offset) * ScorePanel.vectors, count: count)
    out += count
  }
}
