internal import Artifacts
internal import Configuration
internal import Foundation
internal import Policies
internal import Training

/// What the attribute `architecture` of a stored network says, as JSON with sorted keys.
struct NetworkArchitecture: Codable, Equatable {
  /// The nonlinearity of the hidden layers.
  var activation: String
  /// What the inputs are, in order, with their widths: "observation[17]", "task_one_hot[10]".
  var inputs: [String]
  /// What the outputs parameterise: "gaussian" (means; log-std is state-independent), "categorical" (logits), "value".
  var kind: String
  /// Inputs, hidden widths, outputs.
  var sizes: [Int]

  /// The description of a network whose last `taskWidth` inputs are the one-hot task.
  init(_ network: MultilayerPerceptron, kind: String, taskWidth: Int) {
    activation = network.activation.rawValue
    inputs = ["observation[\(network.inputCount - taskWidth)]"]
    if taskWidth > 0 { inputs.append("task_one_hot[\(taskWidth)]") }
    self.kind = kind
    sizes = network.sizes
  }

  /// The text of the attribute.
  func text() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  /// Whether the network is told the task.
  var seesTask: Bool { inputs.count > 1 }
}

extension NetworkParameters {
  /// A policy as it is stored.
  init(policyOf trained: TrainedPolicy) throws {
    let network = trained.policy.network
    let taskWidth = trained.inputs.policyWidth - trained.inputs.observationSize
    let isGaussian = trained.policy.parameterCount > trained.policy.logStdOffset
    let architecture = NetworkArchitecture(
      network, kind: isGaussian ? "gaussian" : "categorical", taskWidth: taskWidth)
    self.init(
      architecture: try architecture.text(), sizes: network.sizes,
      actionSize: isGaussian ? trained.policy.actionWidth : nil, flat: trained.policyParameters)
  }

  /// A critic as it is stored.
  init(criticOf trained: TrainedPolicy) throws {
    let taskWidth = trained.inputs.criticWidth - trained.inputs.observationSize
    let architecture = NetworkArchitecture(trained.critic, kind: "value", taskWidth: taskWidth)
    self.init(
      architecture: try architecture.text(), sizes: trained.critic.sizes, flat: trained.criticParameters)
  }

  /// The description and the network, once they agree with each other and with what the network is for.
  ///
  /// - Parameters:
  ///   - file: the file, for errors.
  ///   - group: where the network is stored.
  ///   - kind: what its outputs have to parameterise.
  /// - Throws: `ArtifactError.mismatch`.
  fileprivate func described(
    in file: String, group: String, kind: String
  ) throws -> (architecture: NetworkArchitecture, network: MultilayerPerceptron) {
    let object = "\(group)@architecture"
    guard let parsed = try? JSONDecoder().decode(NetworkArchitecture.self, from: Data(architecture.utf8)),
      parsed.sizes == sizes, sizes.allSatisfy({ $0 > 0 }),
      let activation = Activation(rawValue: parsed.activation)
    else {
      throw ArtifactError.mismatch(
        file: file, object: object, expected: "JSON that describes layers of sizes \(sizes)",
        found: architecture)
    }
    guard parsed.kind == kind else {
      throw ArtifactError.mismatch(
        file: file, object: object, expected: "the kind \(kind)", found: parsed.kind)
    }
    return (parsed, MultilayerPerceptron(sizes: sizes, activation: activation))
  }
}

extension TrainedPolicy {
  /// The policy that meta-train has stored.
  ///
  /// - Throws: `ArtifactError.mismatch` when the parts do not fit each other.
  init(_ artifact: MetaTrainArtifact, file: String) throws {
    let critic = try artifact.critic.described(in: file, group: "/critic", kind: "value").network
    try self.init(
      policy: artifact.policy, critic: critic, criticParameters: artifact.critic.flat,
      normalizer: artifact.normalizer, rewardScales: artifact.rewardScale, file: file)
  }

  /// The policy of a task set. Its critic is not stored, so here every state has the value 0 and every reward
  /// the scale 1: enough to play, not to go on training.
  ///
  /// - Throws: `ArtifactError.mismatch` when the parts do not fit each other.
  init(_ artifact: TrainedSetArtifact, file: String) throws {
    let inputs = NetworkInputs(
      observationSize: artifact.normalizer.mean.count, taskCount: artifact.tasks.count, policySeesTask: false)
    let critic = MultilayerPerceptron(sizes: [inputs.criticWidth, 1], activation: .tanh)
    try self.init(
      policy: artifact.policy, critic: critic,
      criticParameters: [Float](repeating: 0, count: critic.parameterCount), normalizer: artifact.normalizer,
      rewardScales: [Double](repeating: 1, count: artifact.tasks.count), file: file)
  }

  /// A policy of as many tasks as there are reward scales.
  private init(
    policy stored: NetworkParameters, critic: MultilayerPerceptron, criticParameters: [Float],
    normalizer: NormalizerMoments, rewardScales: [Double], file: String
  ) throws {
    let spread = stored.logStandardDeviation
    let (described, network) = try stored.described(
      in: file, group: "/policy", kind: spread == nil ? "categorical" : "gaussian")
    let inputs = NetworkInputs(
      observationSize: normalizer.mean.count, taskCount: rewardScales.count,
      policySeesTask: described.seesTask)
    func require(_ found: Int, _ expected: Int, _ what: String, of object: String) throws {
      guard found != expected else { return }
      throw ArtifactError.mismatch(
        file: file, object: object, expected: "\(expected) \(what)", found: "\(found)")
    }
    try require(network.inputCount, inputs.policyWidth, "inputs", of: "/policy/layer_0/weight")
    try require(critic.inputCount, inputs.criticWidth, "inputs", of: "/critic/layer_0/weight")
    try require(critic.outputCount, 1, "output", of: "/critic/layer_\(critic.layerCount - 1)/weight")
    if let spread {
      try require(spread.count, network.outputCount, "entries, one per output", of: "/policy/log_std")
    }
    self.init(
      policy: Policy(
        network: network,
        distribution: spread == nil
          ? .categorical(count: network.outputCount) : .gaussian(size: network.outputCount)),
      policyParameters: stored.flat, critic: critic, criticParameters: criticParameters,
      normalizer: RunningNormalizer(
        mean: normalizer.mean, variance: normalizer.variance, count: normalizer.count),
      policySeesTask: described.seesTask, taskCount: rewardScales.count, rewardScales: rewardScales)
  }
}

extension NormalizerMoments {
  /// A normaliser as it is stored.
  init(_ normalizer: RunningNormalizer) {
    self.init(mean: normalizer.mean, variance: normalizer.variance, count: normalizer.count)
  }
}

extension PPOConfiguration {
  /// The learner that a configuration asks for.
  init(_ learner: LearnerConfiguration) {
    self.init()
    let section = learner.ppo
    learningRate = section.learningRate
    annealLR = section.annealLR
    numEnvs = section.numEnvs
    numSteps = section.numSteps
    gamma = section.gamma
    gaeLambda = section.gaeLambda
    numMinibatches = section.numMinibatches
    updateEpochs = section.updateEpochs
    normAdv = section.normAdv
    clipCoef = section.clipCoef
    clipVloss = section.clipVloss
    entCoef = section.entCoef
    vfCoef = section.vfCoef
    maxGradNorm = section.maxGradNorm
    targetKL = section.targetKL
    logStdInit = section.logStdInit
    normalizeObservations = section.normalizeObservations
    normalizeRewards = section.normalizeRewards
    hiddenSizes = learner.policy.hiddenSizes
    activation =
      switch learner.policy.activation {
      case .relu: .relu
      case .tanh: .tanh
      }
  }
}
