internal import Foundation

extension Policy {
  /// Adds the gradient of Σ_t c_t log π_θ(a_t | x_t) + β Σ_t H(π_θ(· | x_t)) by θ.
  ///
  /// To be called after `forward` on the same rows; overwrites the workspace's deltas.
  ///
  /// - Parameters:
  ///   - actions: a, shape (B, actionWidth).
  ///   - coefficients: c, shape (B).
  ///   - entropyCoefficient: β.
  ///   - count: B.
  ///   - gradient: shape (parameterCount), read and added to.
  package func addGradient(
    actions: UnsafePointer<Float>, coefficients: UnsafePointer<Float>, entropyCoefficient: Float, count: Int,
    workspace: Workspace, to gradient: UnsafeMutablePointer<Float>
  ) {
    fillDeltas(actions, coefficients, entropyCoefficient, count, workspace)
    network.backward(count: count, workspace: workspace.network)
    network.addGradient(count: count, workspace: workspace.network, to: gradient)
    let size = distribution.extraParameterCount
    for index in 0..<size {
      for row in 0..<count { gradient[logStdOffset + index] += workspace.logStdScore[row * size + index] }
      gradient[logStdOffset + index] += entropyCoefficient * Float(count)
    }
  }

  /// The per-row scores g_t = ∇_θ log π_θ(a_t | x_t) as rank-one factors, the inputs and deltas of the network's affine
  /// uses, and the log standard deviations' score.
  ///
  /// To be called after `load`; the network runs here.
  ///
  /// - Parameters:
  ///   - observations: shape (B, O), as the network is fed.
  ///   - tasks: shape (B).
  ///   - actions: a, shape (B, actionWidth); of a Gaussian, not clipped to the action space.
  ///   - count: B.
  package func scoreFactors(
    observations: UnsafePointer<Float>, tasks: UnsafePointer<Int32>, actions: UnsafePointer<Float>,
    count: Int, workspace: Workspace
  ) {
    let size = network.input.observationSize
    for row in 0..<count {
      network.feed(
        observations + row * size, task: Int(tasks[row]), row: row, workspace: workspace.network)
    }
    network.forward(count: count, workspace: workspace.network)
    fillDeltas(actions, nil, 0, count, workspace)
    network.backward(count: count, workspace: workspace.network)
  }

  /// Fills the output's delta, and the log standard deviations' score, with the gradient of c_t log π + β H by them; H's
  /// part of the latter, which is β, is left out.
  ///
  /// - Parameter coefficients: c, shape (B); nil for ones.
  private func fillDeltas(
    _ actions: UnsafePointer<Float>, _ coefficients: UnsafePointer<Float>?, _ entropyCoefficient: Float,
    _ count: Int, _ workspace: Workspace
  ) {
    let (output, delta) = (workspace.network.output, workspace.network.outputDelta)
    switch distribution {
    case .gaussian(let size):
      let logStdScore = workspace.logStdScore
      workspace.precision.withUnsafeBufferPointer { precision in
        for row in 0..<count {
          let coefficient = coefficients?[row] ?? 1
          for index in 0..<size {
            let position = row * size + index
            let distance = (actions[position] - output[position]) * precision[index]
            delta[position] = coefficient * distance * precision[index]
            logStdScore[position] = coefficient * (distance * distance - 1)
          }
        }
      }
    case .categorical(let width):
      for row in 0..<count {
        let (logits, rowDelta) = (output + row * width, delta + row * width)
        let coefficient = coefficients?[row] ?? 1
        let normaliser = logSumExp(logits, width)
        let entropy = entropyCoefficient == 0 ? 0 : categoricalEntropy(logits, width)
        for index in 0..<width {
          let logProbability = logits[index] - normaliser
          let probability = Foundation.exp(logProbability)
          rowDelta[index] = -probability * (coefficient + entropyCoefficient * (logProbability + entropy))
        }
        rowDelta[Int(actions[row])] += coefficient
      }
    }
  }
}
