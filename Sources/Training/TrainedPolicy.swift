package import Environments
package import Policies

/// A policy with everything needed to act, to value states, and to go on from.
package struct TrainedPolicy: Sendable, Equatable {
  /// The policy's shape.
  package var policy: Policy
  /// θ, shape (policy.parameterCount).
  package var policyParameters: [Float]
  /// The critic's shape; one output, the value in units of the task's reward scale.
  package var critic: any Network
  /// The critic's parameters, shape (critic.parameterCount).
  package var criticParameters: [Float]
  /// The observations' statistics.
  package var normalizer: RunningNormalizer
  /// The number by which the networks know each task, shape (K); task indices refer to this order.
  package var taskNumbers: [Int]
  /// σ_i, what task i's rewards were divided by, shape (K); all 1 without reward normalisation.
  package var rewardScales: [Double]

  /// A policy from its parts.
  package init(
    policy: Policy, policyParameters: [Float], critic: any Network, criticParameters: [Float],
    normalizer: RunningNormalizer, taskNumbers: [Int], rewardScales: [Double]
  ) {
    precondition(policyParameters.count == policy.parameterCount, "policy parameters of the wrong length")
    precondition(criticParameters.count == critic.parameterCount, "critic parameters of the wrong length")
    precondition(rewardScales.count == taskNumbers.count, "one reward scale per task")
    self.policy = policy
    self.policyParameters = policyParameters
    self.critic = critic
    self.criticParameters = criticParameters
    self.normalizer = normalizer
    self.taskNumbers = taskNumbers
    self.rewardScales = rewardScales
  }

  package static func == (one: TrainedPolicy, other: TrainedPolicy) -> Bool {
    one.policy == other.policy && one.policyParameters == other.policyParameters
      && one.critic.description == other.critic.description && one.criticParameters == other.criticParameters
      && one.normalizer == other.normalizer && one.taskNumbers == other.taskNumbers
      && one.rewardScales == other.rewardScales
  }

  /// The number of tasks (K).
  package var taskCount: Int { taskNumbers.count }
  /// Whether the policy is told the task.
  package var policySeesTask: Bool { policy.network.input.taskCount > 0 }

  /// The number by which the networks know a task; a policy that is not told the task may be tried on more of them.
  func number(ofTask index: Int) -> Int { index < taskCount ? taskNumbers[index] : 0 }

  /// The policy for some of its tasks, in this order.
  package func restricted(to indices: [Int]) -> TrainedPolicy {
    var some = self
    some.taskNumbers = indices.map { taskNumbers[$0] }
    some.rewardScales = indices.map { rewardScales[$0] }
    return some
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
