package import Artifacts
package import Policies
package import Training

/// The kinds of networks that are found in files; a new kind is one more entry.
package let networkKinds: [any Network.Type] = [MultilayerPerceptron.self]

extension NetworkParameters {
  /// A policy as it is stored.
  package init(policyOf trained: TrainedPolicy) throws {
    let policy = trained.policy
    let isGaussian = policy.parameterCount > policy.logStdOffset
    try self.init(
      policy.network, kind: isGaussian ? "gaussian" : "categorical",
      actionSize: isGaussian ? policy.actionWidth : nil, flat: trained.policyParameters)
  }

  /// A critic as it is stored.
  package init(criticOf trained: TrainedPolicy) throws {
    try self.init(trained.critic, kind: "value", flat: trained.criticParameters)
  }

  private init(_ network: any Network, kind: String, actionSize: Int? = nil, flat: [Float]) throws {
    var description = network.description
    description.kind = kind
    self.init(
      architecture: try description.text(),
      layers: network.maps.map { Layer(number: $0.number, outputs: $0.outputs, inputs: $0.inputs) },
      actionSize: actionSize, flat: flat)
  }

  /// The network, once its description agrees with its layers and with what it is for.
  ///
  /// - Parameters:
  ///   - kind: what its outputs have to parameterise.
  ///   - input: what it is told, given whether it is told the task.
  /// - Throws: `ArtifactError.mismatch`.
  fileprivate func network(
    in file: String, group: String, kind: String, kinds: [any Network.Type],
    input: (_ seesTask: Bool) -> NetworkInput
  ) throws -> any Network {
    func mismatch(_ object: String, expected: String, found: String) -> ArtifactError {
      .mismatch(file: file, object: group + object, expected: expected, found: found)
    }
    guard let description = NetworkDescription(parsing: architecture) else {
      throw mismatch("@architecture", expected: "JSON that describes a network", found: architecture)
    }
    guard description.kind == kind else {
      throw mismatch("@architecture", expected: "the kind \(kind)", found: description.kind ?? "none")
    }
    let input = input((description.inputs ?? []).count > 1)
    let candidates = kinds.lazy.compactMap { $0.init(description, input: input) }
    guard let network = candidates.first else {
      throw mismatch("@architecture", expected: "a network that this program knows", found: architecture)
    }
    guard network.maps.map({ [$0.number, $0.outputs] }) == layers.map({ [$0.number, $0.outputs] }) else {
      let shapes = layers.map { "layer_\($0.number) of \($0.outputs) by \($0.inputs)" }
      throw mismatch(
        "@architecture", expected: "a description of \(shapes.joined(separator: ", "))", found: architecture)
    }
    for (map, layer) in zip(network.maps, layers) where map.inputs != layer.inputs {
      throw mismatch(
        "/layer_\(map.number)/weight", expected: "\(map.inputs) inputs", found: "\(layer.inputs)")
    }
    return network
  }
}

extension TrainedPolicy {
  /// The policy that meta-train has stored.
  ///
  /// - Throws: `ArtifactError.mismatch` when the parts do not fit each other.
  package init(
    _ artifact: MetaTrainArtifact, file: String, kinds: [any Network.Type] = networkKinds
  ) throws {
    let (size, count) = (artifact.normalizer.mean.count, artifact.tasks.count)
    try self.init(
      policy: artifact.policy, criticParameters: artifact.critic.flat, normalizer: artifact.normalizer,
      taskNumbers: Array(0..<count), of: count, rewardScales: artifact.rewardScale, file: file, kinds: kinds
    ) {
      let critic = try artifact.critic.network(in: file, group: "/critic", kind: "value", kinds: kinds) { _ in
        NetworkInput(observationSize: size, taskCount: count)
      }
      guard critic.outputCount == 1 else {
        throw ArtifactError.mismatch(
          file: file, object: "/critic/layer_\(critic.maps.last?.number ?? 0)/weight", expected: "1 output",
          found: "\(critic.outputCount)")
      }
      return critic
    }
  }

  /// The policy of a task set. Its critic is not stored, so here every state has the value 0 and every reward
  /// the scale 1: enough to play, not to go on training. A policy that tells apart more tasks than the set has, since
  /// its training began with that of all tasks, knows them by their numbers on the benchmark's task axis.
  ///
  /// - Throws: `ArtifactError.mismatch` when the parts do not fit each other.
  package init(
    _ artifact: TrainedSetArtifact, file: String, kinds: [any Network.Type] = networkKinds
  ) throws {
    let (size, count) = (artifact.normalizer.mean.count, artifact.tasks.count)
    let known = max(NetworkDescription(parsing: artifact.policy.architecture)?.taskCount ?? count, count)
    let numbers = known > count ? artifact.taskIndices.map { Int($0) } : Array(0..<count)
    if let last = numbers.last, last >= known {
      throw ArtifactError.mismatch(
        file: file, object: "/tasks", expected: "numbers below \(known), which the policy tells apart",
        found: "\(last)")
    }
    let critic = MultilayerPerceptron(
      input: NetworkInput(observationSize: size, taskCount: 0), hidden: [], outputs: 1, activation: .tanh)
    try self.init(
      policy: artifact.policy, criticParameters: [Float](repeating: 0, count: critic.parameterCount),
      normalizer: artifact.normalizer, taskNumbers: numbers, of: known,
      rewardScales: [Double](repeating: 1, count: count), file: file, kinds: kinds
    ) { critic }
  }

  /// A policy whose critic is looked at after its own parts, so that those are named first; `knownTasks` is the number
  /// of tasks that it tells apart if it is told the task.
  private init(
    policy stored: NetworkParameters, criticParameters: [Float], normalizer: NormalizerMoments,
    taskNumbers: [Int], of knownTasks: Int, rewardScales: [Double], file: String, kinds: [any Network.Type],
    critic: () throws -> any Network
  ) throws {
    let actionSize = stored.actionSize
    let network = try stored.network(
      in: file, group: "/policy", kind: actionSize == nil ? "categorical" : "gaussian", kinds: kinds
    ) { NetworkInput(observationSize: normalizer.mean.count, taskCount: $0 ? knownTasks : 0) }
    if let actionSize, actionSize != network.outputCount {
      throw ArtifactError.mismatch(
        file: file, object: "/policy/log_std", expected: "\(network.outputCount) entries, one per output",
        found: "\(actionSize)")
    }
    try self.init(
      policy: Policy(
        network: network,
        distribution: actionSize == nil
          ? .categorical(count: network.outputCount) : .gaussian(size: network.outputCount)),
      policyParameters: stored.flat, critic: critic(), criticParameters: criticParameters,
      normalizer: RunningNormalizer(normalizer), taskNumbers: taskNumbers, rewardScales: rewardScales)
  }
}

extension NormalizerMoments {
  /// A normaliser as it is stored.
  init(_ normalizer: RunningNormalizer) {
    self.init(mean: normalizer.mean, variance: normalizer.variance, count: normalizer.count)
  }
}

extension RunningNormalizer {
  /// A normaliser that was stored.
  init(_ moments: NormalizerMoments) {
    self.init(mean: moments.mean, variance: moments.variance, count: moments.count)
  }
}
