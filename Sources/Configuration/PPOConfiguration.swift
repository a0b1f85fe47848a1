/// The section `ppo`: the settings of multi-task proximal policy optimisation (Schulman et al. 2017), named as in
/// CleanRL's `ppo_continuous_action.py`; SB3's `n_envs`, `n_steps`, `n_epochs` and `clip_range` are understood too. How
/// many steps are taken is the caller's decision.
///
/// The defaults are CleanRL's but for the shape of a batch, which is per task here: `num_envs` 8 (1 there),
/// `num_steps` 128 (2048) and `num_minibatches` 8 (32).
package struct PPOConfiguration: ConfigurationSection {
  /// Adam's step size at the start.
  package var learningRate = 3e-4
  /// Whether the step size falls linearly to 0 over the training.
  package var annealLR = true
  /// Environments per task.
  package var numEnvs = 8
  /// Steps per environment and iteration.
  package var numSteps = 128
  /// The discount (γ).
  package var gamma = 0.99
  /// The decay of generalised advantage estimation (λ).
  package var gaeLambda = 0.95
  /// Minibatches into which an iteration's transitions are split, at most `numEnvs` · `numSteps`.
  package var numMinibatches = 8
  /// Passes over an iteration's transitions.
  package var updateEpochs = 10
  /// Whether advantages are standardised, per task and iteration.
  package var normAdv = true
  /// The half-width of the interval to which the probability ratio, and the value if `clipVloss`, is clipped (ε).
  package var clipCoef = 0.2
  /// Whether the value loss is clipped as the policy loss is.
  package var clipVloss = true
  /// The weight of the entropy bonus.
  package var entCoef = 0.0
  /// The weight of the value loss.
  package var vfCoef = 0.5
  /// The largest Euclidean norm of the gradient over all parameters; longer ones are shortened.
  package var maxGradNorm = 0.5
  /// The mean approximate KL divergence of an epoch beyond which an iteration's epochs end; nil for never.
  package var targetKL: Double?
  /// The logarithm of the Gaussian policy's standard deviation at the start.
  package var logStdInit = 0.0
  /// Whether observations are centred and scaled by running statistics; if not, they are only clipped to ±10.
  package var normalizeObservations = true
  /// Whether rewards are divided, per task, by the running standard deviation of the discounted return.
  package var normalizeRewards = true

  /// The defaults above.
  package init() {}

  package init(reading reader: inout SectionReader) throws(ConfigurationError) {
    learningRate = try reader.number("learning_rate", default: learningRate, in: 1e-8...1)
    annealLR = try reader.flag("anneal_lr", default: annealLR)
    numEnvs = try reader.integer("num_envs", default: numEnvs, in: 1...4096)
    numSteps = try reader.integer("num_steps", default: numSteps, in: 1...1_000_000)
    gamma = try reader.number("gamma", default: gamma, in: 0...1)
    gaeLambda = try reader.number("gae_lambda", default: gaeLambda, in: 0...1)
    numMinibatches = try reader.integer("num_minibatches", default: numMinibatches, in: 1...65536)
    updateEpochs = try reader.integer("update_epochs", default: updateEpochs, in: 1...1000)
    normAdv = try reader.flag("norm_adv", default: normAdv)
    clipCoef = try reader.number("clip_coef", default: clipCoef, in: 1e-6...10)
    clipVloss = try reader.flag("clip_vloss", default: clipVloss)
    entCoef = try reader.number("ent_coef", default: entCoef, in: 0...10)
    vfCoef = try reader.number("vf_coef", default: vfCoef, in: 0...100)
    maxGradNorm = try reader.number("max_grad_norm", default: maxGradNorm, in: 1e-6...1e6)
    targetKL = try reader.optionalNumber("target_kl", in: 1e-9...1e3)
    logStdInit = try reader.number("log_std_init", default: logStdInit, in: -10...2)
    normalizeObservations = try reader.flag("normalize_observations", default: normalizeObservations)
    normalizeRewards = try reader.flag("normalize_rewards", default: normalizeRewards)
  }
}
