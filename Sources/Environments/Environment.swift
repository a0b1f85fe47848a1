package import Random

/// Physics and task of one world, without a clock: a simulator's state, observations and rewards.
///
/// Step limits, returns and the order of calls are `EnvironmentBatch`'s, so an environment may be stepped past its own
/// termination (replays do). An environment serves one thread at a time; distinct environments may run on
/// distinct threads, whatever read-only data they share.
package protocol Environment: AnyObject {
  /// The number of entries of an observation (O).
  var observationSize: Int { get }

  /// The actions that `step` takes.
  var actionSpace: ActionSpace { get }

  /// Draws a start state as Gymnasium's `reset` does: from equal generators, the same numbers in the same order, so
  /// that both begin at the same state and leave their generators alike. The state that was before has no influence.
  func reset(using random: inout NumPyGenerator) throws

  /// Advances the world by one control step. Allocates nothing.
  ///
  /// - Parameter action: shape (A), A = `actionSpace.width`; a discrete action is its index as a `Float`.
  /// - Throws: `EnvironmentError.invalidAction` for an index outside a discrete space; an engine's error.
  func step(action: UnsafeBufferPointer<Float>) throws -> StepOutcome

  /// Writes what is seen of the present state.
  ///
  /// - Parameter observation: shape (O), filled by this call.
  func observe(into observation: UnsafeMutableBufferPointer<Double>)

  /// Writes what the family's metrics are after the last step; allocates nothing.
  ///
  /// - Parameter metrics: shape (M), filled by this call, in the order in which the family declares them.
  func writeMetrics(into metrics: UnsafeMutableBufferPointer<Double>)
}

extension Environment {
  // For families without metrics.
  package func writeMetrics(into metrics: UnsafeMutableBufferPointer<Double>) {}

  /// Puts a world whose state can be set into one, as at the start of an episode.
  ///
  /// - Throws: `EnvironmentError.stateCannotBeSet`, `.wrongStateSize` or `.nonFiniteState`.
  package func start(at state: [Double]) throws {
    guard let world = self as? any RestorableEnvironment else { throw EnvironmentError.stateCannotBeSet }
    try world.setState(state)
  }
}

/// An environment whose simulator's state can be written down and set.
///
/// Of others, a snapshot is where an episode's start state was drawn and the actions since then, which are taken again
/// to go on from it; see `EnvironmentBatchSnapshot`.
package protocol RestorableEnvironment: Environment {
  /// The number of entries of `state`.
  var stateSize: Int { get }

  /// The state from which a trajectory can be continued: positions, then velocities.
  var state: [Double] { get }

  /// Continues from `state`, as at the start of an episode; `observe` is valid afterwards.
  ///
  /// - Throws: `EnvironmentError.wrongStateSize` or `.nonFiniteState`, and nothing has changed.
  func setState(_ state: [Double]) throws

  /// All that the next steps depend on, where `state` leaves out what a simulator remembers beside it. Finite numbers.
  var snapshot: [Double] { get }

  /// Goes on from a snapshot of an environment of the same task: the same actions bring the same bits. `observe` is
  /// valid afterwards.
  ///
  /// - Throws: `EnvironmentError.wrongStateSize` or `.nonFiniteState`, and nothing has changed.
  func restore(_ snapshot: [Double]) throws
}

extension RestorableEnvironment {
  // What follows is for environments that remember nothing beside their state; others have their own.

  package var snapshot: [Double] { state }

  package func restore(_ snapshot: [Double]) throws { try setState(snapshot) }

  /// Checks what comes from outside, a state or a snapshot: `count` finite numbers.
  package func check(_ numbers: [Double], count: Int) throws(EnvironmentError) {
    guard numbers.count == count else { throw .wrongStateSize(expected: count, found: numbers.count) }
    guard let bad = numbers.firstIndex(where: { !$0.isFinite }) else { return }
    throw .nonFiniteState(index: bad, value: numbers[bad])
  }
}
