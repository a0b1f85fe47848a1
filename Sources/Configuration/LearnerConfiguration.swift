/// What meta-train and full-train-eval share: the tasks, the networks, and how PPO trains them.
package struct LearnerConfiguration: Sendable, Equatable {
  /// The tasks of the benchmark.
  package var tasks: [TaskEntry]
  /// Whether the policy is told which task it is in.
  package var taskID: TaskID
  /// The networks of policy and critic.
  package var policy: PolicySection
  /// The learner.
  package var ppo: PPOSection

  /// Whether the policy sees the task. The critic always does.
  package enum TaskID: String, CaseIterable, Sendable {
    /// One policy for all tasks, which cannot tell them apart.
    case hidden
    /// The one-hot task is appended to the observation.
    case oneHot = "one_hot"
  }

  /// Reads `tasks`, `task_id`, `policy` and `ppo`.
  package init(reading reader: inout SectionReader) throws(ConfigurationError) {
    tasks = try reader.taskEntries()
    taskID = try reader.choice("task_id")
    policy = try reader.section("policy")
    ppo = try reader.section("ppo")
  }
}

/// The section `policy`: the shape that the policy and the critic share.
package struct PolicySection: ConfigurationSection {
  /// The widths of the hidden layers, from input to output.
  package var hiddenSizes: [Int]
  /// The hidden layers' activation.
  package var activation: Activation

  /// The activations that the networks know.
  package enum Activation: String, CaseIterable, Sendable {
    /// The hyperbolic tangent.
    case tanh
    /// max(0, x).
    case relu
  }

  package init(reading reader: inout SectionReader) throws(ConfigurationError) {
    hiddenSizes = try reader.integers("hidden_sizes", default: [64, 64], in: 1...4096, count: 0...16)
    activation = try reader.choice("activation", default: .tanh)
  }
}

/// The section `ppo`: CleanRL's names and, but for the sizes of batches, CleanRL's defaults; SB3's `n_envs`,
/// `n_steps`, `n_epochs` and `clip_range` are understood too.
package struct PPOSection: ConfigurationSection {
  /// Adam's step size at the start.
  package var learningRate: Double
  /// Whether the step size falls linearly to 0 over the training.
  package var annealLR: Bool
  /// The number of environments per task.
  package var numEnvs: Int
  /// The number of steps per environment and iteration.
  package var numSteps: Int
  /// The discount (γ).
  package var gamma: Double
  /// The decay of generalised advantage estimation (λ).
  package var gaeLambda: Double
  /// The number of minibatches into which an iteration's transitions are split.
  package var numMinibatches: Int
  /// The number of passes over an iteration's transitions.
  package var updateEpochs: Int
  /// Whether advantages are standardised, per task.
  package var normAdv: Bool
  /// The half-width of the interval to which the probability ratio is clipped (ε).
  package var clipCoef: Double
  /// Whether the value loss is clipped as the policy loss is.
  package var clipVloss: Bool
  /// The weight of the entropy bonus.
  package var entCoef: Double
  /// The weight of the value loss.
  package var vfCoef: Double
  /// The largest norm of a gradient; longer ones are scaled down.
  package var maxGradNorm: Double
  /// The approximate KL divergence beyond which an iteration's passes end early; nil for never.
  package var targetKL: Double?
  /// The logarithm of the Gaussian policy's standard deviation at the start.
  package var logStdInit: Double
  /// Whether observations are standardised by running statistics.
  package var normalizeObservations: Bool
  /// Whether rewards are divided, per task, by the running standard deviation of the discounted return.
  package var normalizeRewards: Bool

  package init(reading reader: inout SectionReader) throws(ConfigurationError) {
    learningRate = try reader.number("learning_rate", default: 3e-4, in: 1e-8...1)
    annealLR = try reader.flag("anneal_lr", default: true)
    numEnvs = try reader.integer("num_envs", default: 8, in: 1...4096)
    numSteps = try reader.integer("num_steps", default: 128, in: 1...1_000_000)
    gamma = try reader.number("gamma", default: 0.99, in: 0...1)
    gaeLambda = try reader.number("gae_lambda", default: 0.95, in: 0...1)
    numMinibatches = try reader.integer("num_minibatches", default: 8, in: 1...65536)
    updateEpochs = try reader.integer("update_epochs", default: 10, in: 1...1000)
    normAdv = try reader.flag("norm_adv", default: true)
    clipCoef = try reader.number("clip_coef", default: 0.2, in: 1e-6...10)
    clipVloss = try reader.flag("clip_vloss", default: true)
    entCoef = try reader.number("ent_coef", default: 0, in: 0...10)
    vfCoef = try reader.number("vf_coef", default: 0.5, in: 0...100)
    maxGradNorm = try reader.number("max_grad_norm", default: 0.5, in: 1e-6...1e6)
    targetKL = try reader.optionalNumber("target_kl", in: 1e-9...1e3)
    logStdInit = try reader.number("log_std_init", default: 0, in: -10...2)
    normalizeObservations = try reader.flag("normalize_observations", default: true)
    normalizeRewards = try reader.flag("normalize_rewards", default: true)
  }
}
