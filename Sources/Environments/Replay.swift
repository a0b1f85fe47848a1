/// One run of a world under given actions, with T steps.
package struct Trajectory: Sendable, Equatable {
  /// The number of entries of an observation (O).
  package var observationSize: Int

  /// What was seen: the start first, then after every step; shape (T + 1, O), row-major.
  package var observations: [Double]

  /// The reward of every step, shape (T).
  package var rewards: [Double]

  /// Whether the task was over after the step, shape (T).
  package var terminations: [Bool]

  /// Whether the step limit was reached by the step, or the simulation became unstable in it, shape (T).
  package var truncations: [Bool]
}

/// Drives a world with given actions, from where it stands.
///
/// All actions are taken. Stepping goes on through a termination and through the step limit, as Gymnasium's
/// TimeLimit around an unwrapped environment does, without any reset: the flags keep being reported, so the first
/// true one says where an episode would have ended, and there are as many rows as actions.
///
/// - Parameters:
///   - environment: reset or put into a state before. Gymnasium's `reset(seed=s)` draws from `NumPyGenerator(seed: s)`.
///   - actions: shape (T, A), row-major, A = `environment.actionSpace.width`.
///   - horizon: the step limit; `truncations[t]` is true for t + 1 ≥ horizon.
/// - Throws: `EnvironmentError.wrongActionCount`, and what the environment throws.
package func replay(_ environment: any Environment, actions: [Float], horizon: Int) throws -> Trajectory {
  let width = environment.actionSpace.width
  guard actions.count.isMultiple(of: width) else {
    throw EnvironmentError.wrongActionCount(found: actions.count, width: width)
  }
  let steps = actions.count / width
  let size = environment.observationSize
  var trajectory = Trajectory(
    observationSize: size, observations: [Double](repeating: 0, count: (steps + 1) * size), rewards: [],
    terminations: [], truncations: [])
  func observe(_ row: Int) {
    trajectory.observations.withUnsafeMutableBufferPointer {
      environment.observe(into: UnsafeMutableBufferPointer(rebasing: $0[row * size..<(row + 1) * size]))
    }
  }
  observe(0)
  try actions.withUnsafeBufferPointer { actions in
    for step in 0..<steps {
      let action = UnsafeBufferPointer(rebasing: actions[step * width..<(step + 1) * width])
      let outcome = try environment.step(action: action)
      trajectory.rewards.append(outcome.reward)
      trajectory.terminations.append(outcome.terminated)
      trajectory.truncations.append(outcome.truncated || outcome.diverged || step + 1 >= horizon)
      observe(step + 1)
    }
  }
  return trajectory
}
