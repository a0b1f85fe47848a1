/// Where time went, in seconds of wall clock.
package struct PhaseSeconds: Sendable, Equatable {
  /// Stepping worlds, with what is seen of them, rewards and new episodes.
  package var physics = 0.0
  /// Acting: normalising observations, the policy's forward passes, drawing actions, keeping what happened.
  package var inference = 0.0
  /// Values, reward scaling and advantages.
  package var advantages = 0.0
  /// Gradients and steps.
  package var update = 0.0
  /// Scores ∇ log π and their projection.
  package var scores = 0.0
  /// Episodes played to judge a policy.
  package var evaluation = 0.0
  /// Reading, digesting and writing files.
  package var inputOutput = 0.0
  /// Saving where the work stands, to go on from there.
  package var checkpoints = 0.0

  /// No time at all.
  package init() {}

  /// All of it.
  package var total: Double {
    physics + inference + advantages + update + scores + evaluation + inputOutput + checkpoints
  }

  /// Adds the time of other work.
  package mutating func add(_ other: PhaseSeconds) {
    physics += other.physics
    inference += other.inference
    advantages += other.advantages
    update += other.update
    scores += other.scores
    evaluation += other.evaluation
    inputOutput += other.inputOutput
    checkpoints += other.checkpoints
  }
}

/// Tells how long it was since it was last asked.
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

/// How long workers were busy with the two halves of acting in a world, in seconds summed over workers.
struct ActingSeconds: Sendable {
  /// As in `PhaseSeconds`.
  var physics = 0.0
  /// As in `PhaseSeconds`.
  var inference = 0.0

  /// Adds the time of other pieces of work.
  mutating func add(_ other: ActingSeconds) {
    physics += other.physics
    inference += other.inference
  }

  /// The wall time of the parallel work, divided as the workers' time was.
  func sharing(_ wall: Double) -> PhaseSeconds {
    var seconds = PhaseSeconds()
    let share = physics + inference > 0 ? physics / (physics + inference) : 0
    seconds.physics = share * wall
    seconds.inference = wall - seconds.physics
    return seconds
  }
}
