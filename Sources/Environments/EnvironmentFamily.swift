/// One number that a family's tasks may set.
package struct ParameterSpecification: Sendable {
  /// The name in task specifications and configuration files, in snake_case.
  package let name: String

  /// What the number does, in one sentence.
  package let description: String

  /// The unit ("m", "kg"), or "1" for a ratio or a sign.
  package let unit: String

  /// The value of a task that does not name the parameter; nil if the parameter is then simply absent.
  package let defaultValue: Double?

  /// The values for which the simulation is known to make sense.
  package let range: ClosedRange<Double>

  /// The only values allowed within the range (the two signs, for example); empty if all of them are.
  package let choices: [Double]

  /// A parameter.
  package init(
    name: String, description: String, unit: String, defaultValue: Double?, range: ClosedRange<Double>,
    choices: [Double] = []
  ) {
    self.name = name
    self.description = description
    self.unit = unit
    self.defaultValue = defaultValue
    self.range = range
    self.choices = choices
  }
}

/// A kind of environment that can be made in variations: one simulator, one pair of spaces, named parameters.
package struct EnvironmentFamily: Sendable {
  /// The family's name: Gymnasium's identifier where there is one.
  package let name: String

  /// The number of entries of an observation (O), equal for all variations.
  package let observationSize: Int

  /// The actions, equal for all variations.
  package let actionSpace: ActionSpace

  /// The episode length of the unchanged environment, in control steps.
  package let defaultHorizon: Int

  /// How many steps make a piece of work that is worth another thread, some ten microseconds.
  package let stepsPerPiece: Int

  /// The parameters that tasks may set, in the order in which they are documented.
  package let parameters: [ParameterSpecification]

  /// Makes an environment. The registry passes every parameter that has a default or was set by the task, each
  /// checked against its specification; parameters with neither are missing from the dictionary.
  package let make: @Sendable ([String: Double]) throws -> any Environment

  /// Makes worlds that are stepped together, from the parameters that `make` would get for each row; nil if the
  /// family's worlds gain nothing by that.
  package let makeGroup: (@Sendable ([[String: Double]]) throws -> any EnvironmentGroup)?

  /// A family.
  package init(
    name: String, observationSize: Int, actionSpace: ActionSpace, defaultHorizon: Int,
    stepsPerPiece: Int = 1, parameters: [ParameterSpecification],
    make: @escaping @Sendable ([String: Double]) throws -> any Environment,
    makeGroup: (@Sendable ([[String: Double]]) throws -> any EnvironmentGroup)? = nil
  ) {
    self.name = name
    self.observationSize = observationSize
    self.actionSpace = actionSpace
    self.defaultHorizon = defaultHorizon
    self.stepsPerPiece = stepsPerPiece
    self.parameters = parameters
    self.make = make
    self.makeGroup = makeGroup
  }
}
