/// A named number of an episode, beside its return: what an environment reports after every step, reduced over the
/// episode's steps.
package struct EpisodeMetric: Sendable, Equatable {
  /// How a number per step becomes one per episode.
  package enum Reduction: Sendable {
    /// The largest; of truth values 0 and 1, whether any was true.
    case maximum
    /// That of the last step.
    case last
    /// The sum.
    case sum
    /// The mean.
    case mean
  }

  /// The name, in snake_case.
  package let name: String
  /// The unit ("m"), or "1" for a truth value or a ratio.
  package let unit: String
  /// What it says, in one sentence.
  package let description: String
  /// How it is reduced.
  package let reduction: Reduction

  /// A metric.
  package init(name: String, unit: String, description: String, reduction: Reduction) {
    self.name = name
    self.unit = unit
    self.description = description
    self.reduction = reduction
  }

  /// Whether the goal was reached at any step: 0 or 1. A family that defines it lists it first.
  package static let success = EpisodeMetric(
    name: "success", unit: "1", description: "Whether the goal was reached at any step.", reduction: .maximum)

  /// Takes the number of a step, the first being 1, into that of the steps before, which is not read at step 1.
  ///
  /// - Throws: `EnvironmentError.nonFiniteMetric`.
  func reduce(_ value: Double, step: Int, into reduced: inout Double) throws(EnvironmentError) {
    guard value.isFinite else { throw .nonFiniteMetric(metric: name, value: value) }
    switch reduction {
    case .maximum where step > 1: reduced = max(reduced, value)
    case .sum where step > 1: reduced += value
    case .mean where step > 1: reduced += (value - reduced) / Double(step)
    default: reduced = value
    }
  }
}
