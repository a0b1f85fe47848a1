/// A task as a value: which family of environments, with which parameters, for how long.
package struct TaskSpecification: Sendable, Equatable {
  /// The task's name, `benchmark/variation` ("halfcheetah/fwd"), or Gymnasium's own ("HalfCheetah-v5").
  package var name: String

  /// The name of the environment family that makes it ("HalfCheetah-v5").
  package var family: String

  /// The parameters in which the task differs from the family's defaults.
  package var parameters: [String: ParameterValue]

  /// The number of control steps after which an episode is truncated.
  package var horizon: Int

  /// A task; nothing is checked here, see `TaskRegistry.validate`.
  package init(
    name: String, family: String, parameters: [String: ParameterValue] = [:], horizon: Int
  ) {
    self.name = name
    self.family = family
    self.parameters = parameters
    self.horizon = horizon
  }
}
