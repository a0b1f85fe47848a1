internal import Foundation
internal import Spelling
package import Training

/// Where a stage's time goes, phase by phase.
package final class StageProfile {
  /// The time of each phase.
  package private(set) var seconds = PhaseSeconds()
  /// Environment steps of episodes that were played to judge a policy.
  package var evaluationSteps = 0
  private var environmentSteps = 0
  /// Seconds that calls of `measure` within the present one have taken.
  private var within = 0.0

  /// Nothing yet.
  init() {}

  /// Adds time that was measured elsewhere, and the environment steps taken in it.
  package func add(_ other: PhaseSeconds, environmentSteps steps: Int) {
    seconds.add(other)
    environmentSteps += steps
  }

  /// Does some work and counts its time to a phase, but for what is measured within it.
  func measure<Result>(
    _ phase: PhaseSeconds.Phase, _ work: () throws -> Result
  ) rethrows -> Result {
    var watch = Stopwatch()
    let before = within
    within = 0
    defer {
      let elapsed = watch.lap()
      seconds[phase] += elapsed - within
      within = before + elapsed
    }
    return try work()
  }

  /// The phases that took any time, what is left of the stage's wall time, and environment steps per second of it;
  /// nil for a stage that steps no environments. The wall time is in seconds.
  func text(of wall: Double) -> String? {
    guard environmentSteps > 0, wall > 0 else { return nil }
    let phases =
      PhaseSeconds.Phase.allCases.map { ($0.rawValue, seconds[$0]) }
      + [("other", max(wall - seconds.total, 0))]
    let parts = phases.filter { $0.1 > 0 }.map {
      "\($0.0) \(fixed($0.1, 2)) s (\(fixed(100 * $0.1 / wall, 1)) %)"
    }
    return parts.joined(separator: ", ")
      + "; \(environmentSteps) environment steps, \(Int(Double(environmentSteps) / wall)) per second"
  }
}
