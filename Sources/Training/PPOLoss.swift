package import Configuration
internal import Foundation
package import Policies
internal import Workers

/// Sums over rows of a minibatch, for progress reports; the policy and value losses are the ones descended.
package struct LossSums: Sendable, Equatable {
  /// Σ max(−A r, −A clip(r, 1 ± ε)).
  package var policyLoss = 0.0
  /// Σ of the squared value error, halved (clipped if so configured).
  package var valueLoss = 0.0
  /// Σ of the entropy, nats.
  package var entropy = 0.0
  /// Σ (r − 1) − log r: an estimate of the KL divergence from the old to the new policy (Schulman 2020).
  package var divergence = 0.0
  /// The number of rows whose ratio lies outside 1 ± ε.
  package var clipped = 0.0
  /// The number of rows.
  package var count = 0.0

  /// Whether the sums that the loss is made of are finite.
  var isFinite: Bool { policyLoss.isFinite && valueLoss.isFinite && entropy.isFinite }

  /// The means over rows, by the names that progress reports use.
  var means: [String: Double] {
    [
      "policy loss": policyLoss / count, "value loss": valueLoss / count, "entropy": entropy / count,
      "KL": divergence / count, "clipped": clipped / count,
    ]
  }

  /// Adds the sums of other rows.
  package mutating func add(_ other: LossSums) {
    policyLoss += other.policyLoss
    valueLoss += other.valueLoss
    entropy += other.entropy
    divergence += other.divergence
    clipped += other.clipped
    count += other.count
  }
}

/// The loss of proximal policy optimisation and its gradient by all parameters:
///
/// L = mean max(−A r, −A clip(r, 1 ± ε)) − c_e mean H + c_v mean ½ (V − R)²,  r = π_θ(a|x) / π_old(a|x),
///
/// where with a clipped value loss (V − R)² is max((V − R)², (V_old + clip(V − V_old, ±ε) − R)²).
package struct PPOLoss {
  /// The policy.
  package let policy: Policy
  /// The critic; one output.
  package let critic: any Network
  private let clipCoef: Float  // ε
  private let entCoef: Float  // c_e
  private let vfCoef: Float  // c_v
  private let clipVloss: Bool

  /// A loss with the coefficients of a configuration.
  package init(policy: Policy, critic: any Network, _ configuration: PPOConfiguration) {
    (self.policy, self.critic) = (policy, critic)
    (clipCoef, entCoef) = (Float(configuration.clipCoef), Float(configuration.entCoef))
    (vfCoef, clipVloss) = (Float(configuration.vfCoef), configuration.clipVloss)
  }

  /// The number of parameters of policy and critic together.
  package var parameterCount: Int { policy.parameterCount + critic.parameterCount }

  /// The buffers for batches of rows, one set per worker.
  package final class Workspace {
    /// The policy's passes.
    let policy: Policy.Workspace
    /// The critic's passes.
    let critic: NetworkWorkspace
    /// The largest number of rows handled at once.
    let capacity: Int
    /// The rows' actions, shape (B, A).
    fileprivate let actions: UnsafeMutablePointer<Float>
    /// New log-probabilities, then the coefficients of their gradients, then entropies; shape (3, B).
    fileprivate let rows: UnsafeMutablePointer<Float>
    private let buffers = Buffers()

    /// Buffers for `capacity` rows at once.
    package init(_ loss: PPOLoss, capacity: Int) {
      self.capacity = capacity
      policy = Policy.Workspace(loss.policy, capacity: capacity)
      critic = NetworkWorkspace(loss.critic, capacity: capacity)
      actions = buffers.make(capacity * loss.policy.actionWidth, 0)
      rows = buffers.make(3 * capacity, 0)
    }
  }

  /// The two networks of the loss. Their gradients have nothing in common but the rows.
  package enum Part: Int, CaseIterable, Sendable {
    /// The policy.
    case policy
    /// The critic.
    case critic
  }

  /// Where a network's parameters lie among all parameters.
  package func range(of part: Part) -> Range<Int> {
    switch part {
    case .policy: 0..<policy.parameterCount
    case .critic: policy.parameterCount..<parameterCount
    }
  }

  /// Adds the gradient of some rows of a minibatch by one network's parameters; the loss's means run over
  /// `batchSize` rows, of which these are a part.
  ///
  /// - Parameters:
  ///   - part: whose gradient.
  ///   - rows: flat indices into the buffer.
  ///   - parameters: θ, then the critic's.
  ///   - gradient: shape (parameterCount), in the order of the parameters; the entries of `range(of: part)`
  ///     are read and added to.
  /// - Returns: the rows' sums, of the terms that this network has a part in.
  package func addGradient(
    of part: Part, rows: ArraySlice<Int32>, of buffer: RolloutBuffer, batchSize: Int,
    parameters: UnsafePointer<Float>, workspace: Workspace, to gradient: UnsafeMutablePointer<Float>
  ) -> LossSums {
    var sums = LossSums()
    let offset = range(of: part).lowerBound
    switch part {
    case .policy: policy.load(parameters, into: workspace.policy)
    case .critic: critic.load(parameters + offset, into: workspace.critic)
    }
    for start in stride(from: rows.startIndex, to: rows.endIndex, by: workspace.capacity) {
      let some = rows[start..<min(start + workspace.capacity, rows.endIndex)]
      switch part {
      case .policy: addPolicyGradient(some, buffer, batchSize, workspace, gradient, &sums)
      case .critic: addValueGradient(some, buffer, batchSize, workspace.critic, gradient + offset, &sums)
      }
    }
    return sums
  }

  private func addPolicyGradient(
    _ rows: ArraySlice<Int32>, _ buffer: RolloutBuffer, _ batchSize: Int, _ workspace: Workspace,
    _ gradient: UnsafeMutablePointer<Float>, _ sums: inout LossSums
  ) {
    let logProbabilities = workspace.rows
    let coefficients = workspace.rows + workspace.capacity
    let entropies = workspace.rows + 2 * workspace.capacity
    let (network, width) = (policy.network, policy.actionWidth)
    for (place, row) in rows.enumerated() {
      buffer.feed(Int(row), to: network, row: place, workspace.policy.network)
      (workspace.actions + place * width).update(from: buffer.actions + Int(row) * width, count: width)
    }
    network.forward(count: rows.count, workspace: workspace.policy.network)
    policy.logProbabilities(
      actions: workspace.actions, count: rows.count, workspace: workspace.policy, into: logProbabilities)
    policy.entropies(count: rows.count, workspace: workspace.policy, into: entropies)
    let share = 1 / Float(batchSize)
    for (place, row) in rows.enumerated() {
      let advantage = buffer.advantages[Int(row)]
      let logRatio = logProbabilities[place] - buffer.logProbabilities[Int(row)]
      let ratio = Foundation.exp(logRatio)
      let free = -advantage * ratio
      let clipped = -advantage * min(max(ratio, 1 - clipCoef), 1 + clipCoef)
      // Where the clipped branch is the larger one it is constant in θ. Written so that NaN is passed on.
      coefficients[place] = free < clipped ? 0 : free * share
      sums.policyLoss += Double(free < clipped ? clipped : free)
      sums.divergence += Double((ratio - 1) - logRatio)
      sums.entropy += Double(entropies[place])
      if abs(ratio - 1) > clipCoef { sums.clipped += 1 }
    }
    policy.addGradient(
      actions: workspace.actions, coefficients: coefficients, entropyCoefficient: -entCoef * share,
      count: rows.count, workspace: workspace.policy, to: gradient)
    sums.count += Double(rows.count)
  }

  private func addValueGradient(
    _ rows: ArraySlice<Int32>, _ buffer: RolloutBuffer, _ batchSize: Int,
    _ workspace: NetworkWorkspace, _ gradient: UnsafeMutablePointer<Float>, _ sums: inout LossSums
  ) {
    for (place, row) in rows.enumerated() { buffer.feed(Int(row), to: critic, row: place, workspace) }
    critic.forward(count: rows.count, workspace: workspace)
    let delta = workspace.outputDelta
    let share = vfCoef / Float(batchSize)
    for (place, row) in rows.enumerated() {
      let target = buffer.valueTargets[Int(row)]
      let old = buffer.values[Int(row)]
      let value = workspace.output[place]
      var error = value - target
      var slope = error
      if clipVloss {
        let clipped = old + min(max(value - old, -clipCoef), clipCoef) - target
        if clipped * clipped > error * error {
          error = clipped
          slope = abs(value - old) < clipCoef ? clipped : 0
        }
      }
      sums.valueLoss += 0.5 * Double(error) * Double(error)
      delta[place] = slope * share
    }
    critic.backward(count: rows.count, workspace: workspace)
    critic.addGradient(count: rows.count, workspace: workspace, to: gradient)
  }
}
