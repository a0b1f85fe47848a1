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
    let taskWidth = trained.policySeesTask ? trained.taskCount : 0
    let isGaussian = trained.policy.parameterCount > trained.policy.logStdOffset
    let architecture = NetworkArchitecture(
      network, kind: isGaussian ? "gaussian" : "categorical", taskWidth: taskWidth)
    self.init(
      architecture: try architecture.text(), sizes: network.sizes,
      actionSize: isGaussian ? trained.policy.actionWidth : nil, flat: trained.policyParameters)
  }

  /// A critic as it is stored.
  init(criticOf trained: TrainedPolicy) throws {
    let taskWidth = trained.taskCount > 1 ? trained.taskCount : 0
    let architecture = NetworkArchitecture(trained.critic, kind: "value", taskWidth: taskWidth)
    self.init(
      architecture: try architecture.text(), sizes: trained.critic.sizes, flat: trained.criticParameters)
  }

  /// The architecture, read and compared with the stored layers.
  fileprivate func parsedArchitecture(of file: String, group: String) throws -> NetworkArchitecture {
    guard let parsed = try? JSONDecoder().decode(NetworkArchitecture.self, from: Data(architecture.utf8)),
      parsed.sizes == sizes, Activation(rawValue: parsed.activation) != nil
    else {
      throw ArtifactError.mismatch(
        file: file, object: "\(group)@architecture", expected: "JSON that describes layers of sizes \(sizes)",
        found: architecture)
    }
    return parsed
  }

  fileprivate func network(_ architecture: NetworkArchitecture) -> MultilayerPerceptron {
    MultilayerPerceptron(sizes: sizes, activation: Activation(rawValue: architecture.activation) ?? .tanh)
  }
}

extension TrainedPolicy {
  /// The policy that meta-train has stored.
  ///
  /// - Throws: `ArtifactError` when the description does not fit the parameters.
  init(_ artifact: MetaTrainArtifact, file: String) throws {
    let described = try artifact.policy.parsedArchitecture(of: file, group: "/policy")
    let network = artifact.policy.network(described)
    let distribution: ActionDistribution =
      artifact.policy.logStandardDeviation == nil
      ? .categorical(count: network.outputCount) : .gaussian(size: network.outputCount)
    let critic = try artifact.critic.parsedArchitecture(of: file, group: "/critic")
    self.init(
      policy: Policy(network: network, distribution: distribution), policyParameters: artifact.policy.flat,
      critic: artifact.critic.network(critic), criticParameters: artifact.critic.flat,
      normalizer: RunningNormalizer(
        mean: artifact.normalizer.mean, variance: artifact.normalizer.variance,
        count: artifact.normalizer.count),
      policySeesTask: described.seesTask, taskCount: artifact.tasks.count, rewardScales: artifact.rewardScale)
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
    activation = learner.policy.activation == .relu ? .relu : .tanh
  }
}
