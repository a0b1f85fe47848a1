/// What one step of a world brought.
package struct StepOutcome: Sendable, Equatable {
  /// The reward of the step.
  package var reward: Double

  /// Whether the task ends in the state now reached: the value of what follows is 0.
  package var terminated: Bool

  /// Whether the episode is cut here: the value of what would have followed is not 0. A clock also cuts at its step
  /// limit and where the simulation diverged.
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
  package var ended: Bool { terminated || truncated || diverged }
}

/// What one step of many worlds brought, a buffer per quantity of `StepOutcome`.
package struct StepOutcomes {
  /// Shape (E).
  package let rewards: UnsafeMutablePointer<Double>

  /// Shape (E).
  package let terminated: UnsafeMutablePointer<Bool>

  /// Shape (E).
  package let truncated: UnsafeMutablePointer<Bool>

  /// Shape (E).
  package let diverged: UnsafeMutablePointer<Bool>

  /// Buffers of E = `count` zeros; `deallocate` frees them.
  init(count: Int) {
    rewards = allocate(count, 0)
    terminated = allocate(count, false)
    truncated = allocate(count, false)
    diverged = allocate(count, false)
  }

  /// Frees the buffers.
  func deallocate() {
    rewards.deallocate()
    terminated.deallocate()
    truncated.deallocate()
    diverged.deallocate()
  }

  /// Makes the flags of some rows false.
  func clearFlags(_ rows: Range<Int>) {
    (terminated + rows.lowerBound).update(repeating: false, count: rows.count)
    (truncated + rows.lowerBound).update(repeating: false, count: rows.count)
    (diverged + rows.lowerBound).update(repeating: false, count: rows.count)
  }

  /// One row's outcome.
  package subscript(row: Int) -> StepOutcome {
    get {
      StepOutcome(
        reward: rewards[row], terminated: terminated[row], truncated: truncated[row], diverged: diverged[row])
    }
    nonmutating set {
      rewards[row] = newValue.reward
      terminated[row] = newValue.terminated
      truncated[row] = newValue.truncated
      diverged[row] = newValue.diverged
    }
  }
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

/// A buffer of `count` equal elements.
func allocate<Element>(_ count: Int, _ value: Element) -> UnsafeMutablePointer<Element> {
  let buffer = UnsafeMutablePointer<Element>.allocate(capacity: count)
  buffer.initialize(repeating: value, count: count)
  return buffer
}
