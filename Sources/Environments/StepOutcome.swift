/// What one step of a world brought.
package struct StepOutcome: Sendable, Equatable {
  /// The reward of the step.
  package var reward: Double

  /// Whether the task ends in the state now reached: the value of what follows is 0.
  package var terminated: Bool

  /// Whether the episode is cut here: the value of what would have followed is not 0. `EnvironmentBatch` also cuts at
  /// the step limit and where the simulation diverged. Both flags may be true, as Gymnasium's TimeLimit has it.
  package var truncated: Bool

  /// Whether the simulation became unstable. The world then stands at the last state known to be sound, and the reward
  /// is 0.
  package var diverged: Bool

  /// An outcome; the episode goes on unless it says otherwise.
  package init(reward: Double, terminated: Bool = false, truncated: Bool = false, diverged: Bool = false) {
    self.reward = reward
    self.terminated = terminated
    self.truncated = truncated
    self.diverged = diverged
  }

  /// Whether the episode is over.
  package var ended: Bool { terminated || truncated }
}

/// A step that failed in one row of a group. The rows before it have been stepped.
package struct RowFailure: Error {
  /// The row.
  package var row: Int
  /// What was thrown there.
  package var error: any Error

  /// A failure.
  package init(row: Int, error: any Error) {
    self.row = row
    self.error = error
  }
}
