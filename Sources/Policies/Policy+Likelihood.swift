internal import Foundation

extension Policy {
  /// log π_θ(a_t | x_t) for every row of a forward pass.
  ///
  /// Gaussian: Σ_j −½ ((a_j − μ_j)/σ_j)² − log σ_j − ½ log 2π. Categorical: z_a − log Σ_j exp z_j.
  ///
  /// - Parameters:
  ///   - actions: a, shape (B, actionWidth).
  ///   - count: B.
  ///   - logProbabilities: shape (B), filled here.
  package func logProbabilities(
    actions: UnsafePointer<Float>, count: Int, workspace: Workspace,
    into logProbabilities: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<count {
      logProbabilities[row] = logProbability(row: row, workspace, action: actions + row * actionWidth)
    }
  }

  /// The entropy of π_θ(· | x_t) for every row of a forward pass, in nats.
  ///
  /// Gaussian: Σ_j log σ_j + ½ log 2πe, the same for all rows. Categorical: −Σ_j p_j log p_j.
  ///
  /// - Parameter entropies: shape (count), filled here.
  package func entropies(
    count: Int, workspace: Workspace, into entropies: UnsafeMutablePointer<Float>
  ) {
    switch distribution {
    case .gaussian(let size):
      let entropy = workspace.logStd.reduce(Float(size) * (halfLogTwoPi + 0.5), +)
      entropies.update(repeating: entropy, count: count)
    case .categorical(let width):
      for row in 0..<count {
        entropies[row] = categoricalEntropy(workspace.network.output + row * width, width)
      }
    }
  }

  /// log π of one row's action.
  func logProbability(row: Int, _ workspace: Workspace, action: UnsafePointer<Float>) -> Float {
    let output = workspace.network.output + row * distribution.outputCount
    switch distribution {
    case .gaussian(let size):
      let square = workspace.precision.withUnsafeBufferPointer { precision in
        var square: Float = 0
        for index in 0..<size {
          let distance = (action[index] - output[index]) * precision[index]
          square += distance * distance
        }
        return square
      }
      return -0.5 * square - workspace.logNormaliser
    case .categorical(let count):
      return output[Int(action[0])] - logSumExp(output, count)
    }
  }
}

/// log Σ_j exp z_j, shifted by the largest z so that nothing overflows.
func logSumExp(_ logits: UnsafePointer<Float>, _ count: Int) -> Float {
  var largest = logits[0]
  for index in 1..<max(count, 1) { largest = max(largest, logits[index]) }
  var sum: Float = 0
  for index in 0..<count { sum += Foundation.exp(logits[index] - largest) }
  return largest + Foundation.log(sum)
}

/// −Σ_j p_j log p_j of the softmax of the logits.
func categoricalEntropy(_ logits: UnsafePointer<Float>, _ count: Int) -> Float {
  let normaliser = logSumExp(logits, count)
  var entropy: Float = 0
  for index in 0..<count {
    let logProbability = logits[index] - normaliser
    entropy -= Foundation.exp(logProbability) * logProbability
  }
  return entropy
}
