package import Random
package import Workers

/// Environments that are stepped together into flat buffers, one row per environment.
///
/// An episode that ends is followed at once by the next one (Gymnasium's autoreset mode SAME_STEP): after the step
/// that ended it, row e of `observations` is the first observation of the next episode, and row e of
/// `finalObservations` the last one of the episode that ended. Every row has its own generator and touches
/// only its own entries, so results do not depend on how rows are shared out among threads. Stepping allocates
/// nothing.
package final class EnvironmentBatch {
  /// The task of each row, shape (E).
  package let tasks: [TaskSpecification]

  /// The number of entries of an observation (O).
  package let observationSize: Int

  /// The actions that all rows take.
  package let actionSpace: ActionSpace

  /// What to act on next, shape (E, O), row-major; filled by `reset` and `step`.
  package let observations: UnsafeMutablePointer<Double>

  /// The last observation of the episode that ended most recently, shape (E, O), row-major; filled by `step` in
  /// the rows where `terminated` or `truncated` is true, older values elsewhere (0 before the first).
  package let finalObservations: UnsafeMutablePointer<Double>

  /// The actions to take next, shape (E, A), row-major; filled by the caller.
  package let actions: UnsafeMutablePointer<Float>

  /// The reward of the last step, shape (E); filled by `step`.
  package let rewards: UnsafeMutablePointer<Double>

  /// Whether the task ended on the last step, shape (E); filled by `step`.
  package let terminated: UnsafeMutablePointer<Bool>

  /// Whether the episode was cut on the last step, shape (E); filled by `step`.
  package let truncated: UnsafeMutablePointer<Bool>

  /// The undiscounted sum of rewards of the episode that the last step belonged to, up to and with that step,
  /// shape (E); filled by `step`.
  package let episodeReturns: UnsafeMutablePointer<Double>

  /// The number of steps of that episode so far, shape (E); filled by `step`.
  package let episodeLengths: UnsafeMutablePointer<Int>

  /// The rows' worlds if they can be stepped together; `clocks` is empty then.
  let group: (any EnvironmentGroup)?
  /// The clock of each row, shape (E); none for a group.
  let clocks: [EpisodeClock]
  /// The clocks again, to be used without counting references.
  private let clockReferences: [Unmanaged<EpisodeClock>]
  /// The step limit of each row, shape (E).
  let horizons: [Int]
  /// How many choices a discrete action has; 0 if actions are continuous.
  private let choices: Int
  private let stepsPerPiece: Int
  /// Where each row draws its start states, shape (E).
  let generators: UnsafeMutablePointer<NumPyGenerator>
  /// Whether each row's next step is the first of an episode, shape (E).
  let begins: UnsafeMutablePointer<Bool>
  /// Whether the rows are in episodes.
  var hasBegun = false

  /// One environment per task, in rows; `reset` must come before the first step.
  ///
  /// - Parameters:
  ///   - tasks: the task of each row, shape (E); they may repeat, and need not be registered by name.
  ///   - registry: where the tasks' families are found.
  ///   - random: row e draws its start states from a generator seeded by `random.derived("environment-\(e)")`.
  /// - Throws: `EnvironmentError.noTasks`, `.differentSpaces`, and what `TaskRegistry.makeEnvironment` throws.
  package init(tasks: [TaskSpecification], registry: TaskRegistry, random: RandomStream) throws {
    guard let first = tasks.first else { throw EnvironmentError.noTasks }
    let family = try registry.family(of: first)
    var clocks: [EpisodeClock] = []
    let group = try registry.makeGroup(tasks)
    for task in tasks where group == nil {
      let environment = try registry.makeEnvironment(task)
      guard
        environment.observationSize == family.observationSize, environment.actionSpace == family.actionSpace
      else { throw EnvironmentError.differentSpaces(task: task.name, first: first.name) }
      clocks.append(EpisodeClock(environment, horizon: task.horizon))
    }
    self.tasks = tasks
    self.group = group
    self.clocks = clocks
    horizons = tasks.map(\.horizon)
    clockReferences = clocks.map { Unmanaged.passUnretained($0) }
    stepsPerPiece = family.stepsPerPiece
    observationSize = family.observationSize
    actionSpace = family.actionSpace
    choices = if case .discrete(let count) = actionSpace { count } else { 0 }
    let count = tasks.count
    observations = Self.buffer(count * family.observationSize, 0)
    finalObservations = Self.buffer(count * family.observationSize, 0)
    actions = Self.buffer(count * family.actionSpace.width, 0)
    rewards = Self.buffer(count, 0)
    terminated = Self.buffer(count, false)
    truncated = Self.buffer(count, false)
    episodeReturns = Self.buffer(count, 0)
    episodeLengths = Self.buffer(count, 0)
    begins = Self.buffer(count, true)
    generators = Self.buffer(count, NumPyGenerator(seededBy: random))
    for row in 0..<count {
      generators[row] = NumPyGenerator(seededBy: random.derived("environment-\(row)"))
    }
  }

  deinit {
    observations.deallocate()
    finalObservations.deallocate()
    actions.deallocate()
    rewards.deallocate()
    terminated.deallocate()
    truncated.deallocate()
    episodeReturns.deallocate()
    episodeLengths.deallocate()
    begins.deallocate()
    generators.deallocate()
  }

  /// The number of rows (E).
  package var count: Int { tasks.count }

  /// How many episodes of all rows were cut because the simulation became unstable.
  package var divergedEpisodes: Int { clocks.reduce(0) { $0 + $1.divergedEpisodes } }

  /// Begins a new episode in every row; the rows' generators go on where they are.
  package func reset() throws {
    for row in 0..<count { try beginEpisode(row) }
    hasBegun = true
  }

  /// Steps some rows, in order, with the actions in `actions`.
  ///
  /// Distinct row ranges may be stepped on different threads at once.
  ///
  /// - Throws: `EnvironmentError.stepBeforeReset`, and what the environments throw; rows before the failing one
  ///   have been stepped.
  package func step(_ rows: Range<Int>) throws {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= count, "rows outside the batch")
    if let group { return try step(rows, group) }
    for row in rows { try clockReferences[row]._withUnsafeGuaranteedRef { try step(row, $0) } }
  }

  /// Steps all rows, shared out among the workers.
  ///
  /// - Throws: what `step(_:)` throws, for the first piece that failed.
  package func step(on workers: WorkerPool) throws {
    let pieces = (count + stepsPerPiece - 1) / stepsPerPiece
    try workers.run(pieces) { piece, _ in
      try step(piece * count / pieces..<(piece + 1) * count / pieces)
    }
  }

  @inline(__always)
  private func step(_ row: Int, _ clock: EpisodeClock) throws {
    let width = actionSpace.width
    let outcome = try clock.step(action: UnsafeBufferPointer(start: actions + row * width, count: width))
    rewards[row] = outcome.reward
    terminated[row] = outcome.terminated
    truncated[row] = outcome.truncated
    credit(outcome.reward, to: row)
    if outcome.ended {
      clock.environment.observe(into: observation(row, of: finalObservations))
      try beginEpisode(row)
    } else {
      clock.environment.observe(into: observation(row, of: observations))
    }
  }

  /// Steps the rows before the first one that cannot be stepped.
  private func step(_ rows: Range<Int>, _ group: any EnvironmentGroup) throws {
    guard hasBegun else { throw EnvironmentError.stepBeforeReset }
    var end = choices == 0 ? rows.upperBound : rows.lowerBound
    while end < rows.upperBound, isChoice(actions[end]) { end += 1 }
    group.step(rows.lowerBound..<end, actions: actions, rewards: rewards, terminated: terminated)
    group.observe(rows.lowerBound..<end, into: observations)
    for row in rows.lowerBound..<end {
      credit(rewards[row], to: row)
      truncated[row] = episodeLengths[row] >= horizons[row]
      guard terminated[row] || truncated[row] else { continue }
      (finalObservations + row * observationSize)
        .update(from: observations + row * observationSize, count: observationSize)
      try beginEpisode(row)
    }
    guard end < rows.upperBound else { return }
    throw EnvironmentError.invalidAction(value: actions[end], count: choices)
  }

  private func isChoice(_ action: Float) -> Bool {
    action >= 0 && action < Float(choices) && action == action.rounded(.down)
  }

  /// Counts a step and its reward in the row's episode.
  @inline(__always)
  private func credit(_ reward: Double, to row: Int) {
    if begins[row] {
      begins[row] = false
      episodeReturns[row] = 0
      episodeLengths[row] = 0
    }
    episodeReturns[row] += reward
    episodeLengths[row] += 1
  }

  private func beginEpisode(_ row: Int) throws {
    begins[row] = true
    if let group {
      group.reset(row, using: &generators[row])
      return group.observe(row..<row + 1, into: observations)
    }
    try clocks[row].reset(using: &generators[row])
    clocks[row].environment.observe(into: observation(row, of: observations))
  }

  /// A row of a buffer of observations.
  func observation(
    _ row: Int, of buffer: UnsafeMutablePointer<Double>
  ) -> UnsafeMutableBufferPointer<Double> {
    UnsafeMutableBufferPointer(start: buffer + row * observationSize, count: observationSize)
  }

  private static func buffer<Element>(_ count: Int, _ value: Element) -> UnsafeMutablePointer<Element> {
    let buffer = UnsafeMutablePointer<Element>.allocate(capacity: count)
    buffer.initialize(repeating: value, count: count)
    return buffer
  }
}
