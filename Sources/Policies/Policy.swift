internal import Foundation
package import Random
internal import Workers

/// A stochastic policy π_θ(a | x): a network, and what its outputs mean.
///
/// The value holds the shape alone; θ is a flat array of `parameterCount` floats: the network's parameters,
/// then the log standard deviations if the policy is Gaussian.
package struct Policy: Sendable, Equatable {
  /// The network from inputs to means or logits.
  package let network: any Network
  /// The distribution over actions.
  package let distribution: ActionDistribution

  /// A policy with this network.
  ///
  /// - Precondition: the network is as wide at its end as the distribution asks.
  package init(network: any Network, distribution: ActionDistribution) {
    precondition(
      network.outputCount == distribution.outputCount,
      "the policy network's output width must fit its distribution")
    self.network = network
    self.distribution = distribution
  }

  package static func == (one: Policy, other: Policy) -> Bool {
    one.distribution == other.distribution && one.network.description == other.network.description
      && one.network.input == other.network.input
  }

  /// The length of θ.
  package var parameterCount: Int { network.parameterCount + distribution.extraParameterCount }
  /// Where the log standard deviations of a Gaussian policy, shape (A), begin in θ.
  package var logStdOffset: Int { network.parameterCount }
  /// Entries per action in a buffer.
  package var actionWidth: Int { distribution.actionWidth }

  /// Fresh parameters: the network's (gain 0.01 in the head, so that the first policy hardly depends on its input), log
  /// standard deviations all `logStd`.
  package func initialParameters(logStd: Double = 0, using random: inout RandomStream) -> [Float] {
    network.initialParameters(headGain: 0.01, using: &random)
      + [Float](repeating: Float(logStd), count: distribution.extraParameterCount)
  }

  /// The buffers of a policy's passes over batches of up to `capacity` rows, and its parameters as they want them.
  package final class Workspace {
    /// The network's passes.
    package let network: NetworkWorkspace
    /// The gradient of each row's objective by the log standard deviations, shape (B, A), filled by a Gaussian policy's
    /// gradients and scores.
    package let logStdScore: UnsafeMutablePointer<Float>
    /// log σ, σ and 1/σ, shape (A) each, filled by `load`.
    fileprivate(set) var logStd: [Float] = []
    fileprivate(set) var deviation: [Float] = []
    fileprivate(set) var precision: [Float] = []
    /// Σ_j log σ_j + ½ log 2π, filled by `load`.
    fileprivate(set) var logNormaliser: Float = 0
    private let buffers = Buffers()

    /// Buffers for `policy`.
    package init(_ policy: Policy, capacity: Int) {
      network = NetworkWorkspace(policy.network, capacity: capacity)
      logStdScore = buffers.make(capacity * policy.distribution.extraParameterCount, 0)
    }
  }

  /// Prepares a workspace for passes with these parameters.
  ///
  /// - Parameter parameters: θ, shape (parameterCount).
  package func load(_ parameters: UnsafePointer<Float>, into workspace: Workspace) {
    network.load(parameters, into: workspace.network)
    workspace.logStd = (0..<distribution.extraParameterCount).map { parameters[logStdOffset + $0] }
    workspace.deviation = workspace.logStd.map { Foundation.exp($0) }
    workspace.precision = workspace.logStd.map { Foundation.exp(-$0) }
    workspace.logNormaliser = workspace.logStd.reduce(Float(workspace.logStd.count) * halfLogTwoPi, +)
  }
}

/// ½ log 2π.
let halfLogTwoPi: Float = 0.918_938_533_204_672_8
