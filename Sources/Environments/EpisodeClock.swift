package import Random

/// The clock of one environment: it owns the step limit and the order of calls.
///
/// `terminated` comes from the task, `truncated` from the task or the clock (the step limit, or an unstable
/// simulation); they are reported apart and may both be true on the same step, as Gymnasium's TimeLimit has it.
package final class EpisodeClock {
  /// The world that is stepped.
  package let environment: any Environment

  /// The number of control steps after which an episode is truncated.
  package let horizon: Int

  /// The number of control steps since the episode began.
  package private(set) var elapsedSteps = 0

  /// What the episode is measured by beside its return (M).
  package let metrics: [EpisodeMetric]

  /// The metrics of the steps since the episode began, shape (M); 0 before the first.
  package private(set) var episodeMetrics: [Double]

  private var stepMetrics: [Double]

  /// How many episodes were cut because the simulation became unstable.
  package private(set) var divergedEpisodes = 0

  private var phase = Phase.new

  private enum Phase { case new, running, ended }

  /// A clock; its episode begins with `reset` or `start`.
  ///
  /// - Precondition: `horizon` ≥ 1.
  package init(_ environment: any Environment, horizon: Int, metrics: [EpisodeMetric] = []) {
    precondition(horizon >= 1, "an episode needs at least one step")
    self.environment = environment
    self.horizon = horizon
    self.metrics = metrics
    episodeMetrics = metrics.map { _ in 0 }
    stepMetrics = episodeMetrics
  }

  /// Begins an episode at a random start state.
  package func reset(using random: inout NumPyGenerator) throws {
    try environment.reset(using: &random)
    begin()
  }

  /// Begins an episode at a given state.
  ///
  /// - Throws: `EnvironmentError.stateCannotBeSet`, `.wrongStateSize` or `.nonFiniteState`.
  package func start(at state: [Double]) throws {
    guard let environment = environment as? any RestorableEnvironment else {
      throw EnvironmentError.stateCannotBeSet
    }
    try environment.setState(state)
    begin()
  }

  /// Advances the episode by one control step.
  ///
  /// - Parameter action: shape (A).
  /// - Throws: `EnvironmentError.stepBeforeReset`, `.stepAfterEnd`, and what the environment throws.
  package func step(action: UnsafeBufferPointer<Float>) throws -> StepOutcome {
    switch phase {
    case .new: throw EnvironmentError.stepBeforeReset
    case .ended: throw EnvironmentError.stepAfterEnd
    case .running: break
    }
    let outcome = try advance(action: action)
    if outcome.ended { phase = .ended }
    return outcome
  }

  /// Advances by one control step whether or not the episode is over, and keeps reporting the flags.
  ///
  /// - Throws: `EnvironmentError.stepBeforeReset`, and what the environment throws.
  func stepThroughEnd(action: UnsafeBufferPointer<Float>) throws -> StepOutcome {
    guard phase != .new else { throw EnvironmentError.stepBeforeReset }
    return try advance(action: action)
  }

  private func begin() {
    elapsedSteps = 0
    for index in metrics.indices { episodeMetrics[index] = 0 }
    phase = .running
  }

  private func advance(action: UnsafeBufferPointer<Float>) throws -> StepOutcome {
    var outcome = try environment.step(action: action)
    elapsedSteps += 1
    if outcome.diverged { divergedEpisodes += 1 }
    if !metrics.isEmpty {
      stepMetrics.withUnsafeMutableBufferPointer { environment.writeMetrics(into: $0) }
      for (index, metric) in metrics.enumerated() {
        try metric.reduce(stepMetrics[index], step: elapsedSteps, into: &episodeMetrics[index])
      }
    }
    outcome.truncated = outcome.truncated || outcome.diverged || elapsedSteps >= horizon
    return outcome
  }
}
