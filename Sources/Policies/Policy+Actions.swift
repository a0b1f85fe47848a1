internal import Foundation
package import Random

extension Policy {
  /// Draws an action for one row of a forward pass.
  ///
  /// - Parameters:
  ///   - row: which row of the network's output.
  ///   - random: the row's own stream; a Gaussian takes `size` normal numbers, a categorical one uniform
  ///     number.
  ///   - action: shape (actionWidth), filled here; not clipped to the action space.
  /// - Returns: log π_θ(action | x).
  package func sample(
    row: Int, workspace: Workspace, using random: inout RandomStream, action: UnsafeMutablePointer<Float>
  ) -> Float {
    let output = workspace.network.output + row * distribution.outputCount
    switch distribution {
    case .gaussian(let size):
      for index in 0..<size {
        action[index] = output[index] + workspace.deviation[index] * Float(random.gaussian())
      }
    case .categorical(let count):
      let normaliser = logSumExp(output, count)
      var remaining = random.uniform()
      var chosen = count - 1
      for index in 0..<count {
        remaining -= Double(Foundation.exp(output[index] - normaliser))
        if remaining < 0 {
          chosen = index
          break
        }
      }
      action[0] = Float(chosen)
    }
    return logProbability(row: row, workspace, action: action)
  }

  /// The most likely action of one row of a forward pass: the mean, or the largest logit's index. Otherwise as `sample`.
  package func mode(row: Int, workspace: Workspace, action: UnsafeMutablePointer<Float>) -> Float {
    let output = workspace.network.output + row * distribution.outputCount
    switch distribution {
    case .gaussian(let size):
      action.update(from: output, count: size)
    case .categorical(let count):
      var best = 0
      for index in 1..<max(count, 1) where output[index] > output[best] { best = index }
      action[0] = Float(best)
    }
    return logProbability(row: row, workspace, action: action)
  }
}
