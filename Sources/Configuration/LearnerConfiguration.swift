/// What meta-train and full-train-eval share: the tasks, the networks, and how PPO trains them.
package struct LearnerConfiguration: Sendable, Equatable {
  /// The tasks of the benchmark.
  package var tasks: [TaskEntry]
  /// Whether the policy is told which task it is in.
  package var taskID: TaskID
  /// The networks of policy and critic.
  package var policy: NetworkConfiguration
  /// The learner.
  package var ppo: PPOConfiguration

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
package struct NetworkConfiguration: ConfigurationSection {
  /// The widths of the hidden layers, from input to output.
  package var hiddenSizes = [64, 64]
  /// The hidden layers' activation.
  package var activation = Activation.tanh

  /// The activations that the networks know.
  package enum Activation: String, CaseIterable, Sendable {
    /// The hyperbolic tangent.
    case tanh
    /// max(0, x).
    case relu
  }

  /// The defaults above.
  package init() {}

  package init(reading reader: inout SectionReader) throws(ConfigurationError) {
    hiddenSizes = try reader.integers("hidden_sizes", default: hiddenSizes, in: 1...4096, count: 0...16)
    activation = try reader.choice("activation", default: activation)
  }
}
