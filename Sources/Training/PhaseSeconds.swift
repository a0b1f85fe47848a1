/// Where time went, in seconds of wall clock.
package struct PhaseSeconds: Sendable, Equatable {
  /// A kind of work.
  package enum Phase: String, CaseIterable, Sendable {
    /// Stepping worlds, with what is seen of them, rewards and new episodes.
    case physics
    /// Acting: normalising observations, the policy's forward passes, drawing actions, keeping what happened.
    case inference
    /// Values, reward scaling and advantages.
    case advantages
    /// Gradients and steps.
    case update
    /// Scores ∇ log π and their projection.
    case scores
    /// Episodes played to judge a policy.
    case evaluation
    /// Reading, digesting and writing files.
    case inputOutput = "input and output"
    /// Saving where the work stands, to go on from there.
    case checkpoints
  }

  private var seconds: [Phase: Double] = [:]

  /// No time at all.
  package init() {}

  /// The time of some acting in worlds that took `wall` seconds on all workers together, who were busy so long with its
  /// two halves.
  init(_ busy: ActingSeconds, sharing wall: Double) {
    let share = busy.physics > 0 ? busy.physics / (busy.physics + busy.inference) : 0
    seconds = [.physics: share * wall, .inference: (1 - share) * wall]
  }

  /// The time of a phase.
  package subscript(_ phase: Phase) -> Double {
    get { seconds[phase] ?? 0 }
    set { seconds[phase] = newValue }
  }

  /// All of it.
  package var total: Double { Phase.allCases.reduce(0) { $0 + self[$1] } }

  /// Adds the time of other work.
  package mutating func add(_ other: PhaseSeconds) {
    for phase in Phase.allCases { self[phase] += other[phase] }
  }
}

/// How long workers were busy with the two halves of acting in a world, in seconds summed over workers.
typealias ActingSeconds = (physics: Double, inference: Double)

/// Measures the time between calls.
package struct Stopwatch: Sendable {
  private var last = ContinuousClock.now

  /// A watch that starts now.
  package init() {}

  /// The seconds since the last call, or since the start.
  package mutating func lap() -> Double {
    let now = ContinuousClock.now
    defer { last = now }
    return (now - last) / .seconds(1)
  }
}
