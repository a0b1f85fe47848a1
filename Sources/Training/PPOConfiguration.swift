package import Policies

/// The settings of multi-task proximal policy optimisation (Schulman et al. 2017), named as in CleanRL's
/// `ppo_continuous_action.py`. How many steps are taken is the caller's decision.
///
/// The defaults are CleanRL's but for the shape of a batch, which is per task here: `num_envs` 8 (1 there),
/// `num_steps` 128 (2048) and `num_minibatches` 8 (32).
package struct PPOConfiguration: Sendable, Equatable, Codable {
  /// Adam's step size at the start (`learning_rate`).
  package var learningRate = 3e-4
  /// Environments per task (`num_envs`).
  package var numEnvs = 8
  /// Steps per environment and iteration (`num_steps`).
  package var numSteps = 128
  /// The discount γ in [0, 1] (`gamma`).
  package var gamma = 0.99
  /// The λ of generalised advantage estimation in [0, 1] (`gae_lambda`).
  package var gaeLambda = 0.95
  /// Minibatches per epoch (`num_minibatches`).
  package var numMinibatches = 8
  /// Passes over an iteration's data (`update_epochs`).
  package var updateEpochs = 10
  /// The clip range ε of the probability ratio, and of the value if `clipVloss` (`clip_coef`).
  package var clipCoef = 0.2
  /// The weight of the entropy bonus (`ent_coef`).
  package var entCoef = 0.0
  /// The weight of the value loss (`vf_coef`).
  package var vfCoef = 0.5
  /// The largest Euclidean norm of the gradient over all parameters; longer ones are shortened
  /// (`max_grad_norm`).
  package var maxGradNorm = 0.5
  /// Ends an iteration's epochs once the mean approximate KL divergence of an epoch exceeds it, if given
  /// (`target_kl`).
  package var targetKL: Double?
  /// Whether the step size falls linearly to zero over the training (`anneal_lr`).
  package var annealLR = true
  /// Whether advantages are standardised per task over each iteration (`norm_adv`).
  package var normAdv = true
  /// Whether the value loss is clipped as the policy's is (`clip_vloss`).
  package var clipVloss = true
  /// The hidden widths of policy and critic (`hidden_sizes`).
  package var hiddenSizes = [64, 64]
  /// The nonlinearity of policy and critic (`activation`).
  package var activation = Activation.tanh
  /// The initial log standard deviation of Gaussian actions (`log_std_init`).
  package var logStdInit = 0.0
  /// Whether observations are centred and scaled by running statistics (`normalize_observations`); if not,
  /// they are only clipped to ±10.
  package var normalizeObservations = true
  /// Whether each task's rewards are divided by the running standard deviation of its discounted return
  /// (`normalize_rewards`).
  package var normalizeRewards = true

  /// The defaults above.
  package init() {}

  /// Checks every range.
  ///
  /// - Throws: `TrainingError.invalidSetting`, naming the first setting that is out of range.
  package func validate() throws(TrainingError) {
    try require("learning_rate", learningRate, learningRate > 0 && learningRate.isFinite, "positive")
    try require("num_envs", numEnvs, numEnvs >= 1, "at least 1")
    try require("num_steps", numSteps, numSteps >= 1, "at least 1")
    try require("gamma", gamma, (0...1).contains(gamma), "in [0, 1]")
    try require("gae_lambda", gaeLambda, (0...1).contains(gaeLambda), "in [0, 1]")
    try require(
      "num_minibatches", numMinibatches, (1...(numEnvs * numSteps)).contains(numMinibatches),
      "from 1 to num_envs × num_steps")
    try require("update_epochs", updateEpochs, updateEpochs >= 1, "at least 1")
    try require("clip_coef", clipCoef, clipCoef > 0, "positive")
    try require("ent_coef", entCoef, entCoef.isFinite, "finite")
    try require("vf_coef", vfCoef, vfCoef >= 0 && vfCoef.isFinite, "at least 0")
    try require("max_grad_norm", maxGradNorm, maxGradNorm > 0, "positive")
    if let targetKL { try require("target_kl", targetKL, targetKL > 0, "positive") }
    try require("hidden_sizes", hiddenSizes, hiddenSizes.allSatisfy { $0 >= 1 }, "positive widths")
    try require("log_std_init", logStdInit, (-10...10).contains(logStdInit), "in [−10, 10]")
  }

  private func require(
    _ key: String, _ value: some Any, _ holds: Bool, _ requirement: String
  ) throws(TrainingError) {
    guard holds else { throw .invalidSetting(key: key, value: "\(value)", requirement: requirement) }
  }
}
