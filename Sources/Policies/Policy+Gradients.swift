internal import Foundation

extension Policy {
  /// Adds the gradient of Σ_t c_t log π_θ(a_t | x_t) + β Σ_t H(π_θ(· | x_t)) by θ.
  ///
  /// To be called after `forward` on the same rows; overwrites the workspace's deltas.
  ///
  /// - Parameters:
  ///   - parameters: θ, those of the forward pass.
  ///   - actions: a, shape (B, actionWidth).
  ///   - coefficients: c, shape (B).
  ///   - entropyCoefficient: β.
  ///   - count: B.
  ///   - gradient: shape (parameterCount), read and added to.
  package func addGradient(
    parameters: UnsafePointer<Float>, actions: UnsafePointer<Float>, coefficients: UnsafePointer<Float>,
    entropyCoefficient: Float, count: Int, workspace: NetworkWorkspace,
    to gradient: UnsafeMutablePointer<Float>
  ) {
    let output = workspace.output
    let delta = workspace.layerDelta(network.layerCount - 1)
    switch distribution {
    case .gaussian(let size):
      let logStdGradient = gradient + logStdOffset
      withPrecisions(parameters, size) { precision, _ in
        for row in 0..<count {
          let coefficient = coefficients[row]
          for index in 0..<size {
            let position = row * size + index
            let distance = (actions[position] - output[position]) * precision[index]
            delta[position] = coefficient * distance * precision[index]
            logStdGradient[index] += coefficient * (distance * distance - 1)
          }
        }
      }
      for index in 0..<size { logStdGradient[index] += entropyCoefficient * Float(count) }
    case .categorical(let width):
      for row in 0..<count {
        let logits = output + row * width
        let rowDelta = delta + row * width
        let normaliser = logSumExp(logits, width)
        let entropy = entropyCoefficient == 0 ? 0 : categoricalEntropy(logits, width)
        for index in 0..<width {
          let logProbability = logits[index] - normaliser
          let probability = Foundation.exp(logProbability)
          rowDelta[index] =
            -probability * (coefficients[row] + entropyCoefficient * (logProbability + entropy))
        }
        rowDelta[Int(actions[row])] += coefficients[row]
      }
    }
    network.backward(count: count, workspace: workspace)
    network.addGradient(count: count, workspace: workspace, to: gradient)
  }

  /// The per-row scores g_t = ∇_θ log π_θ(a_t | x_t) as rank-one factors:
  /// ∇_{W_l} log π_t = δ_{l,t} x_{l,t}ᵀ and ∇_{b_l} log π_t = δ_{l,t}.
  ///
  /// - Parameters:
  ///   - parameters: θ.
  ///   - inputs: x, shape (B, inputs), as fed to the network.
  ///   - actions: a, shape (B, actionWidth); of a Gaussian, not clipped to the action space.
  ///   - count: B.
  ///   - workspace: `layerInput(l)` (B, in_l), `layerDelta(l)` (B, out_l) and, of a Gaussian, `logStdScore`
  ///     (B, A) are filled here.
  package func scoreFactors(
    parameters: UnsafePointer<Float>, inputs: UnsafePointer<Float>, actions: UnsafePointer<Float>, count: Int,
    workspace: NetworkWorkspace
  ) {
    workspace.layerInput(0).update(from: inputs, count: count * network.inputCount)
    forward(parameters: parameters, count: count, workspace: workspace)
    let output = workspace.output
    let delta = workspace.layerDelta(network.layerCount - 1)
    switch distribution {
    case .gaussian(let size):
      let logStdScore = workspace.logStdScore
      withPrecisions(parameters, size) { precision, _ in
        for row in 0..<count {
          for index in 0..<size {
            let position = row * size + index
            let distance = (actions[position] - output[position]) * precision[index]
            delta[position] = distance * precision[index]
            logStdScore[position] = distance * distance - 1
          }
        }
      }
    case .categorical(let width):
      for row in 0..<count {
        let logits = output + row * width
        let rowDelta = delta + row * width
        let normaliser = logSumExp(logits, width)
        for index in 0..<width { rowDelta[index] = -Foundation.exp(logits[index] - normaliser) }
        rowDelta[Int(actions[row])] += 1
      }
    }
    network.backward(count: count, workspace: workspace)
  }

  /// One row's score g_t in the flat order of θ, put together from `scoreFactors`.
  ///
  /// - Parameters:
  ///   - row: which row.
  ///   - workspace: filled by `scoreFactors`.
  ///   - score: shape (parameterCount), filled here.
  package func assembleScore(
    row: Int, workspace: NetworkWorkspace, into score: UnsafeMutablePointer<Float>
  ) {
    for layer in 0..<network.layerCount {
      let inputs = network.inputs(layer)
      let outputs = network.outputs(layer)
      let delta = workspace.layerDelta(layer) + row * outputs
      let input = workspace.layerInput(layer) + row * inputs
      let weight = score + network.weightOffset(layer)
      for i in 0..<outputs {
        for j in 0..<inputs { weight[i * inputs + j] = delta[i] * input[j] }
      }
      (score + network.biasOffset(layer)).update(from: delta, count: outputs)
    }
    if case .gaussian(let size) = distribution {
      (score + logStdOffset).update(from: workspace.logStdScore + row * size, count: size)
    }
  }
}
