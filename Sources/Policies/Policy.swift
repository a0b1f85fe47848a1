package import Random

/// A stochastic policy π_θ(a | x): a network, and what its outputs mean.
///
/// The value holds the shape alone; θ is a flat array of `parameterCount` floats: the network's parameters,
/// then the log standard deviations if the policy is Gaussian.
package struct Policy: Sendable, Equatable, Codable {
  /// The network from inputs to means or logits.
  package let network: MultilayerPerceptron
  /// The distribution over actions.
  package let distribution: ActionDistribution

  /// A policy with this network.
  ///
  /// - Precondition: the network is as wide at its end as the distribution asks.
  package init(network: MultilayerPerceptron, distribution: ActionDistribution) {
    precondition(
      network.outputCount == distribution.outputCount,
      "the policy network's output width must fit its distribution")
    self.network = network
    self.distribution = distribution
  }

  /// The length of θ.
  package var parameterCount: Int { network.parameterCount + distribution.extraParameterCount }
  /// Where the log standard deviations of a Gaussian policy, shape (A), begin in θ.
  package var logStdOffset: Int { network.parameterCount }
  /// Entries per action in a buffer.
  package var actionWidth: Int { distribution.actionWidth }

  /// Fresh parameters: orthogonal weights (gain √2, and 0.01 in the head, so that the first policy hardly
  /// depends on its input), zero biases, log standard deviations all `logStd`.
  package func initialParameters(logStd: Double = 0, using random: inout RandomStream) -> [Float] {
    network.initialParameters(headGain: 0.01, using: &random)
      + [Float](repeating: Float(logStd), count: distribution.extraParameterCount)
  }

  /// Loads θ and runs the network on the rows of `workspace.layerInput(0)`; the functions on actions read its output.
  package func forward(parameters: UnsafePointer<Float>, count: Int, workspace: NetworkWorkspace) {
    network.forward(parameters: parameters, count: count, workspace: workspace)
  }
}
