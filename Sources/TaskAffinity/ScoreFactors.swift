internal import Policies

/// A run of the flat parameter vector whose score entries have one form.
struct ParameterTile {
  /// What the parameters are.
  enum Kind {
    /// Weights of some neurons: entry (o, i) of a score is δ_o x_i.
    case weights(layer: Int, neurons: Range<Int>)
    /// A layer's bias: entry o is δ_o.
    case bias(layer: Int)
    /// The log standard deviations.
    case logStd
  }

  /// What the parameters of this run are.
  let kind: Kind
  /// Their places in the flat vector.
  let parameters: Range<Int>
}

/// The scores ∇_θ log π of a batch of transitions as rank-one factors per layer, held in a workspace.
struct ScoreFactors: @unchecked Sendable {
  // The workspace is filled before this value is made and only read afterwards, so workers may share it.
  private let workspace: NetworkWorkspace
  private let policy: Policy

  /// The factors that `policy.scoreFactors` has left in a workspace.
  init(policy: Policy, workspace: NetworkWorkspace) {
    self.policy = policy
    self.workspace = workspace
  }

  /// Writes the tile's columns of all scores, shape (workspace capacity, tile parameters).
  func write(_ tile: ParameterTile, to scores: UnsafeMutablePointer<Float>) {
    switch tile.kind {
    case .weights(let layer, let neurons): writeWeights(layer, neurons, to: scores)
    case .bias(let layer): copy(workspace.layerDelta(layer), width: tile.parameters.count, to: scores)
    case .logStd: copy(workspace.logStdScore, width: tile.parameters.count, to: scores)
    }
  }

  private func writeWeights(_ layer: Int, _ neurons: Range<Int>, to scores: UnsafeMutablePointer<Float>) {
    let inputs = policy.network.inputs(layer)
    let outputs = policy.network.outputs(layer)
    var out = scores
    for row in 0..<workspace.capacity {
      let input = workspace.layerInput(layer) + row * inputs
      let delta = workspace.layerDelta(layer) + row * outputs
      for neuron in neurons {
        let factor = delta[neuron]
        for i in 0..<inputs { out[i] = factor * input[i] }
        out += inputs
      }
    }
  }

  private func copy(_ source: UnsafeMutablePointer<Float>, width: Int, to scores: UnsafeMutablePointer<Float>)
  {
    scores.update(from: source, count: workspace.capacity * width)
  }
}
