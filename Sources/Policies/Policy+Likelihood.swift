internal import Foundation

extension Policy {
  /// log π_θ(a_t | x_t) for every row of a forward pass.
  ///
  /// Gaussian: Σ_j −½ ((a_j − μ_j)/σ_j)² − log σ_j − ½ log 2π. Categorical: z_a − log Σ_j exp z_j.
  ///
  /// - Parameters:
  ///   - parameters: θ.
  ///   - actions: a, shape (B, actionWidth).
  ///   - count: B.
  ///   - logProbabilities: shape (B), filled here.
  package func logProbabilities(
    parameters: UnsafePointer<Float>, actions: UnsafePointer<Float>, count: Int, workspace: NetworkWorkspace,
    into logProbabilities: UnsafeMutablePointer<Float>
  ) {
    let output = workspace.output
    switch distribution {
    case .gaussian(let size):
      withPrecisions(parameters, size) { precision, logNormaliser in
        for row in 0..<count {
          var square: Float = 0
          for index in row * size..<(row + 1) * size {
            let distance = (actions[index] - output[index]) * precision[index - row * size]
            square += distance * distance
          }
          logProbabilities[row] = -0.5 * square - logNormaliser
        }
      }
    case .categorical(let width):
      for row in 0..<count {
        let logits = output + row * width
        logProbabilities[row] = logits[Int(actions[row])] - logSumExp(logits, width)
      }
    }
  }

  /// The entropy of π_θ(· | x_t) for every row of a forward pass, in nats.
  ///
  /// Gaussian: Σ_j log σ_j + ½ log 2πe, the same for all rows. Categorical: −Σ_j p_j log p_j.
  ///
  /// - Parameters:
  ///   - entropies: shape (count), filled here.
  package func entropies(
    parameters: UnsafePointer<Float>, count: Int, workspace: NetworkWorkspace,
    into entropies: UnsafeMutablePointer<Float>
  ) {
    switch distribution {
    case .gaussian(let size):
      var entropy = Float(size) * (halfLogTwoPi + 0.5)
      for index in 0..<size { entropy += parameters[logStdOffset + index] }
      entropies.update(repeating: entropy, count: count)
    case .categorical(let width):
      for row in 0..<count { entropies[row] = categoricalEntropy(workspace.output + row * width, width) }
    }
  }

  /// log π of one action, given its row of the network's output.
  func logProbability(
    parameters: UnsafePointer<Float>, output: UnsafePointer<Float>, action: UnsafePointer<Float>
  ) -> Float {
    switch distribution {
    case .gaussian(let size):
      return withPrecisions(parameters, size) { precision, logNormaliser in
        var square: Float = 0
        for index in 0..<size {
          let distance = (action[index] - output[index]) * precision[index]
          square += distance * distance
        }
        return -0.5 * square - logNormaliser
      }
    case .categorical(let count):
      return output[Int(action[0])] - logSumExp(output, count)
    }
  }

  /// Calls `body` with 1/σ_j, shape (size), and Σ_j log σ_j + ½ log 2π.
  func withPrecisions<Result>(
    _ parameters: UnsafePointer<Float>, _ size: Int, _ body: (UnsafePointer<Float>, Float) -> Result
  ) -> Result {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: max(size, 1)) { precision in
      guard let base = precision.baseAddress else {
        preconditionFailure("an allocation of at least one entry")
      }
      var logNormaliser = Float(size) * halfLogTwoPi
      for index in 0..<size {
        let logStd = parameters[logStdOffset + index]
        base[index] = Foundation.exp(-logStd)
        logNormaliser += logStd
      }
      return body(base, logNormaliser)
    }
  }
}

/// ½ log 2π.
private let halfLogTwoPi: Float = 0.918_938_533_204_672_8

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
