internal import Configuration
internal import Environments
internal import Pipeline

extension Workload {
  /// This workload with as many tasks, environments, steps of episodes and transitions as can be played in a fraction of
  /// a second, and so many iterations of each training; everything else stays. More threads are given larger iterations,
  /// so that each has work.
  ///
  /// - Throws: `ConfigurationError`.
  func small(profile: String?, iterations: Int, threads: Int) throws -> Workload {
    let ppo = configuration.learner.ppo
    let count = min(tasks.count, max(configuration.sampleSubsets.size, 16))
    let environments = min(max(256 * threads / count, 1), ppo.numEnvs)
    let steps = min(max(2048 * threads / (environments * count), 1), ppo.numSteps)
    let batch = environments * steps
    let minibatches = max(ppo.numMinibatches * batch / (ppo.numEnvs * ppo.numSteps), 1)
    // Short episodes, a few of each task: some to fit and some to score.
    let horizon = 40
    let transitions = max(
      5 * horizon / 2, min(100 * iterations, configuration.collectGradients.transitionsPerTask, 400))
    var changes: [String: [String: ResolvedValue]] = [
      "ppo": [
        "num_envs": .integer(environments), "num_steps": .integer(steps),
        "num_minibatches": .integer(minibatches),
      ],
      "meta-train": ["total_timesteps": .integer(batch * count * iterations)],
      "collect-gradients": ["transitions_per_task": .integer(transitions)],
      "full-train-eval": [
        "timesteps_per_task": .integer(batch * iterations), "evaluation_episodes": .integer(2),
      ],
    ]
    if count < tasks.count { changes["sample-subsets"] = ["count": .string("auto")] }
    if let k = configuration.cluster.k, k > count { changes["cluster"] = ["k": .integer(count)] }
    var small = try Workload(reading: configuration.file, profile: profile, changes: changes)
    small.tasks = small.tasks.prefix(count).map { task in
      var task = task
      task.horizon = min(task.horizon, horizon)
      return task
    }
    return small
  }
}
