package import Environments
package import Policies

/// A policy with everything needed to act, to value states, and to go on from.
package struct TrainedPolicy: Sendable, Equatable {
  /// The policy's shape.
  package var policy: Policy
  /// θ, shape (policy.parameterCount).
  package var policyParameters: [Float]
  /// The critic's shape; one output, the value in units of the task's reward scale.
  package var critic: MultilayerPerceptron
  /// The critic's parameters, shape (critic.parameterCount).
  package var criticParameters: [Float]
  /// The observations' statistics.
  package var normalizer: RunningNormalizer
  /// Whether the policy is told the task.
  package var policySeesTask: Bool
  /// The number of tasks it was trained on (K); task indices refer to their order.
  package var taskCount: Int
  /// σ_i, what task i's rewards were divided by, shape (K); all 1 without reward normalisation.
  package var rewardScales: [Double]

  /// A policy from its parts.
  package init(
    policy: Policy, policyParameters: [Float], critic: MultilayerPerceptron, criticParameters: [Float],
    normalizer: RunningNormalizer, policySeesTask: Bool, taskCount: Int, rewardScales: [Double]
  ) {
    precondition(policyParameters.count == policy.parameterCount, "policy parameters of the wrong length")
    precondition(criticParameters.count == critic.parameterCount, "critic parameters of the wrong length")
    precondition(rewardScales.count == taskCount, "one reward scale per task")
    self.policy = policy
    self.policyParameters = policyParameters
    self.critic = critic
    self.criticParameters = criticParameters
    self.normalizer = normalizer
    self.policySeesTask = policySeesTask
    self.taskCount = taskCount
    self.rewardScales = rewardScales
  }

  /// How its networks are fed.
  package var inputs: NetworkInputs {
    NetworkInputs(observationSize: normalizer.width, taskCount: taskCount, policySeesTask: policySeesTask)
  }

  /// Checks that the policy can act in every one of the tasks.
  ///
  /// - Throws: `TrainingError.spacesDiffer`, and what the registry throws for an unknown family.
  func check(fits tasks: [TaskSpecification], registry: TaskRegistry) throws {
    for task in tasks {
      let family = try registry.family(of: task)
      let found = ActionDistribution(family.actionSpace)
      guard family.observationSize == normalizer.width, found == policy.distribution else {
        throw TrainingError.spacesDiffer(
          task: task.name, expected: "\(normalizer.width) observations and \(policy.distribution)",
          found: "\(family.observationSize) observations and \(found)")
      }
    }
  }
}

extension ActionDistribution {
  /// The distribution over the actions of this space: normal for vectors, categorical for choices.
  package init(_ space: ActionSpace) {
    switch space {
    case .continuous(let size, _, _): self = .gaussian(size: size)
    case .discrete(let count): self = .categorical(count: count)
    }
  }
}
