/// What policy and critic are fed: the normalised observation, then which task it is.
///
/// The task is a one-hot vector of width `taskCount`; the critic always gets it and the policy if
/// `policySeesTask`, except that a single task needs none.
package struct NetworkInputs: Sendable, Equatable {
  /// The width of an observation (O).
  package let observationSize: Int
  /// The number of tasks (K).
  package let taskCount: Int
  /// Whether the policy is told the task.
  package let policySeesTask: Bool

  /// The inputs for tasks of these spaces.
  package init(observationSize: Int, taskCount: Int, policySeesTask: Bool) {
    self.observationSize = observationSize
    self.taskCount = taskCount
    self.policySeesTask = policySeesTask
  }

  private var oneHotWidth: Int { taskCount > 1 ? taskCount : 0 }
  /// The width of a policy input.
  package var policyWidth: Int { observationSize + (policySeesTask ? oneHotWidth : 0) }
  /// The width of a critic input.
  package var criticWidth: Int { observationSize + oneHotWidth }

  /// Writes one policy input, shape (policyWidth), from a normalised observation, shape (O).
  func writePolicyInput(
    _ observation: UnsafePointer<Float>, task: Int, into input: UnsafeMutablePointer<Float>
  ) {
    write(observation, task: task, width: policyWidth, into: input)
  }

  /// Writes one critic input, shape (criticWidth), from a normalised observation, shape (O).
  func writeCriticInput(
    _ observation: UnsafePointer<Float>, task: Int, into input: UnsafeMutablePointer<Float>
  ) {
    write(observation, task: task, width: criticWidth, into: input)
  }

  private func write(
    _ observation: UnsafePointer<Float>, task: Int, width: Int, into input: UnsafeMutablePointer<Float>
  ) {
    for index in 0..<observationSize { input[index] = observation[index] }
    guard width > observationSize else { return }
    for index in observationSize..<width { input[index] = 0 }
    input[observationSize + task] = 1
  }
}
