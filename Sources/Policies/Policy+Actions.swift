internal import Foundation
package import Random

extension Policy {
  /// Draws an action for one row of a forward pass.
  ///
  /// - Parameters:
  ///   - parameters: θ.
  ///   - row: which row of `workspace.output`.
  ///   - random: the row's own stream; a Gaussian takes `size` normal numbers, a categorical one uniform
  ///     number.
  ///   - action: shape (actionWidth), filled here; not clipped to the action space.
  /// - Returns: log π_θ(action | x).
  package func sample(
    parameters: UnsafePointer<Float>, row: Int, workspace: NetworkWorkspace, using random: inout RandomStream,
    action: UnsafeMutablePointer<Float>
  ) -> Float {
    let output = workspace.output + row * distribution.outputCount
    switch distribution {
    case .gaussian(let size):
      for index in 0..<size {
        let deviation = Foundation.exp(parameters[logStdOffset + index])
        action[index] = output[index] + deviation * Float(random.gaussian())
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
    return logProbability(parameters: parameters, output: output, action: action)
  }

  /// The most likely action of one row of a forward pass: the mean, or the largest logit's index.
  ///
  /// - Parameters:
  ///   - parameters: θ.
  ///   - row: which row of `workspace.output`.
  ///   - action: shape (actionWidth), filled here.
  /// - Returns: log π_θ(action | x).
  package func mode(
    parameters: UnsafePointer<Float>, row: Int, workspace: NetworkWorkspace,
    action: UnsafeMutablePointer<Float>
  ) -> Float {
    let output = workspace.output + row * distribution.outputCount
    switch distribution {
    case .gaussian(let size):
      action.update(from: output, count: size)
    case .categorical(let count):
      var best = 0
      for index in 1..<max(count, 1) where output[index] > output[best] { best = index }
      action[0] = Float(best)
    }
    return logProbability(parameters: parameters, output: output, action: action)
  }
}
