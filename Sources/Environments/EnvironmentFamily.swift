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

  /// What its episodes are measured by beside the return (M), `EpisodeMetric.success` first if it has that.
  package let metrics: [EpisodeMetric]

  /// The files that the family's environments read.
  package let assets: [EnvironmentAsset]

  /// The parameters that tasks may set, in the order in which they are documented.
  package let parameters: [ParameterSpecification]

  /// Makes an environment.
  package let make: @Sendable (TaskParameters) throws -> any Environment

  /// Makes worlds that are stepped together, from the parameters that `make` would get for each row; nil if the
  /// family's worlds gain nothing by that.
  package let makeGroup: (@Sendable ([TaskParameters]) throws -> any EnvironmentGroup)?

  /// A family.
  package init(
    name: String, observationSize: Int, actionSpace: ActionSpace, defaultHorizon: Int,
    stepsPerPiece: Int = 1, metrics: [EpisodeMetric] = [], assets: [EnvironmentAsset] = [],
    parameters: [ParameterSpecification],
    make: @escaping @Sendable (TaskParameters) throws -> any Environment,
    makeGroup: (@Sendable ([TaskParameters]) throws -> any EnvironmentGroup)? = nil
  ) {
    self.name = name
    self.observationSize = observationSize
    self.actionSpace = actionSpace
    self.defaultHorizon = defaultHorizon
    self.stepsPerPiece = stepsPerPiece
    self.metrics = metrics
    self.assets = assets
    self.parameters = parameters
    self.make = make
    self.makeGroup = makeGroup
  }
}
