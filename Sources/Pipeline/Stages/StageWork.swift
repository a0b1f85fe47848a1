/// What a stage does, in counts that follow from the configuration alone. A forecast plays the stage with small counts and
/// scales what it measures, each kind by the ratio of its counts.
package struct StageWork: Sendable {
  /// Environment steps of training or collection, with all that is done for each of them.
  package var environmentSteps = 0
  /// Environment steps of evaluation episodes, if none ends before its horizon: the most that there can be.
  package var evaluationSteps = 0
  /// All other work that grows; only ratios count.
  package var operations = 1.0
  /// Environments that are held at once; the transitions of an iteration count as what they weigh beside them.
  package var environments = 0.0
  /// The lengths of the artifact's dimensions that grow, by label.
  package var lengths: [String: Int] = [:]
}
