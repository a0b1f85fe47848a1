package import Random
package import Workers

/// Environments that are stepped together into flat buffers, one row per environment.
///
/// An episode that ends is followed at once by the next one (Gymnasium's autoreset mode SAME_STEP): after the step
/// that ended it, row e of `observations` is the first observation of the next episode, and row e of
/// `finalObservations` the last one of the episode that ended. Every row has its own generator and touches
/// only its own entries, so results do not depend on how rows are shared out among threads, and different rows may be
/// stepped on different threads at once. Stepping allocates nothing.
package final class EnvironmentBatch: @unchecked Sendable {
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

  /// What the last step brought, shape (E); filled by `step`, `truncated` for every reason to cut the episode.
  package let outcomes: UnsafeMutablePointer<StepOutcome>

  /// The undiscounted sum of rewards of the episode that the last step belonged to, up to and with that step,
  /// shape (E); filled by `step`.
  package let episodeReturns: UnsafeMutablePointer<Double>

  /// The number of steps of that episode so far, shape (E); filled by `step`.
  package let episodeLengths: UnsafeMutablePointer<Int>

  /// How many episodes of each row were cut because the simulation became unstable, shape (E).
  let divergedCounts: UnsafeMutablePointer<Int>
  /// What episodes are measured by beside the return (M).
  package let metrics: [EpisodeMetric]

  /// The metrics of the episode that the last step belonged to, up to and with that step, shape (E, M), row-major;
  /// filled by `step`.
  package let episodeMetrics: UnsafeMutablePointer<Double>

  /// What the last step brought of each metric, shape (E, M).
  private let stepMetrics: UnsafeMutablePointer<Double>
  /// The actions of the episode so far, shape (horizon, A), of rows whose worlds cannot write down their state.
  let recordings: [UnsafeMutablePointer<Float>?]
  /// Whether there are recordings or metrics.
  private let keepsMore: Bool
  /// Where those rows drew the start state of the episode, shape (E).
  let startGenerators: UnsafeMutablePointer<NumPyGenerator>
  /// The rows' worlds.
  let group: any EnvironmentGroup
  /// The step limit of each row, shape (E).
  let horizons: [Int]
  /// How many choices a discrete action has; 0 if actions are continuous.
  private let choices: Int
  private let stepsPerPiece: Int
  /// Where each row draws its start states, shape (E).
  let generators: UnsafeMutablePointer<NumPyGenerator>
  /// Whether each row's next step is the first of an episode, shape (E).
  let begins: UnsafeMutablePointer<Bool>
  private let buffers = Buffers()
  /// Whether the rows are in episodes.
  var hasBegun = false

  /// One environment per task, in rows; row e draws its start states from a generator seeded by
  /// `random.derived("environment-\(e)")`.
  package convenience init(tasks: [TaskSpecification], registry: TaskRegistry, random: RandomStream) throws {
    try self.init(
      tasks: tasks, registry: registry, streams: tasks.indices.map { random.derived("environment-\($0)") })
  }

  /// One environment per task, in rows; `reset` must come before the first step.
  ///
  /// - Parameters:
  ///   - tasks: the task of each row, shape (E); they may repeat, and need not be registered by name.
  ///   - streams: each row draws its start states from a generator seeded by its stream, shape (E).
  /// - Throws: `EnvironmentError.noTasks`, `.differentSpaces`, and what `TaskRegistry.makeEnvironment` throws.
  package init(tasks: [TaskSpecification], registry: TaskRegistry, streams: [RandomStream]) throws {
    guard let first = tasks.first else { throw EnvironmentError.noTasks }
    let family = try registry.family(of: first)
    self.tasks = tasks
    group = try registry.makeGroup(tasks)
    horizons = tasks.map(\.horizon)
    stepsPerPiece = family.stepsPerPiece
    observationSize = family.observationSize
    actionSpace = family.actionSpace
    metrics = family.metrics
    choices = if case .discrete(let count) = actionSpace { count } else { 0 }
    let count = tasks.count
    let width = family.actionSpace.width
    observations = buffers.make(count * observationSize, 0)
    finalObservations = buffers.make(count * observationSize, 0)
    actions = buffers.make(count * width, 0)
    outcomes = buffers.make(count, StepOutcome(reward: 0))
    episodeReturns = buffers.make(count, 0)
    episodeLengths = buffers.make(count, 0)
    episodeMetrics = buffers.make(count * metrics.count, 0)
    stepMetrics = buffers.make(count * metrics.count, 0)
    divergedCounts = buffers.make(count, 0)
    begins = buffers.make(count, true)
    generators = buffers.make(count, NumPyGenerator(seededBy: streams[0]))
    startGenerators = buffers.make(count, NumPyGenerator(seededBy: streams[0]))
    for row in 0..<count { generators[row] = NumPyGenerator(seededBy: streams[row]) }
    let (group, buffers) = (group, buffers)
    recordings = tasks.enumerated().map { row, task in
      group.snapshot(of: row) == nil ? buffers.make(task.horizon * width, 0) : nil
    }
    keepsMore = !metrics.isEmpty || recordings.contains { $0 != nil }
  }

  /// The number of rows (E).
  package var count: Int { tasks.count }

  /// How many episodes of all rows were cut because the simulation became unstable.
  package var divergedEpisodes: Int {
    UnsafeBufferPointer(start: divergedCounts, count: count).reduce(0, +)
  }

  /// Begins a new episode in every row; the rows' generators go on where they are.
  package func reset() throws {
    for row in 0..<count { try beginEpisode(row) }
    hasBegun = true
  }

  /// Steps some rows, in order, with the actions in `actions`.
  ///
  /// Distinct row ranges may be stepped on different threads at once.
  ///
  /// - Throws: `EnvironmentError.stepBeforeReset` or `.invalidAction`, and what the environments throw; rows before the
  ///   failing one have been stepped.
  package func step(_ rows: Range<Int>) throws {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= count, "rows outside the batch")
    guard hasBegun else { throw EnvironmentError.stepBeforeReset }
    var end = choices == 0 ? rows.upperBound : rows.lowerBound
    while end < rows.upperBound, isChoice(actions[end]) { end += 1 }
    var failure: (any Error)?
    if end < rows.upperBound { failure = EnvironmentError.invalidAction(value: actions[end], count: choices) }
    do throws(RowFailure) {
      try group.step(rows.lowerBound..<end, actions: actions, outcomes: outcomes)
    } catch {
      (end, failure) = (error.row, error.error)
    }
    group.observe(rows.lowerBound..<end, into: observations)
    for row in rows.lowerBound..<end { try finishStep(row) }
    if let failure { throw failure }
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

  /// Counts a row's step in its episode, and begins the next one if that is over.
  @inline(__always)
  private func finishStep(_ row: Int) throws {
    if begins[row] {
      begins[row] = false
      episodeReturns[row] = 0
      episodeLengths[row] = 0
    }
    let outcome = outcomes[row]
    episodeReturns[row] += outcome.reward
    episodeLengths[row] += 1
    if keepsMore { try keepMore(row) }
    if outcome.diverged { divergedCounts[row] += 1 }
    let isCut = outcome.truncated || outcome.diverged || episodeLengths[row] >= horizons[row]
    guard isCut || outcome.terminated else { return }
    outcomes[row].truncated = isCut
    (finalObservations + row * observationSize)
      .update(from: observations + row * observationSize, count: observationSize)
    try beginEpisode(row)
  }

  /// Records a row's action where it has to be, and takes the last step's metrics into its episode's.
  private func keepMore(_ row: Int) throws {
    if let recording = recordings[row] {
      let width = actionSpace.width
      (recording + (episodeLengths[row] - 1) * width).update(from: actions + row * width, count: width)
    }
    let first = row * metrics.count
    group.writeMetrics(
      row, into: UnsafeMutableBufferPointer(start: stepMetrics + first, count: metrics.count))
    for (index, metric) in metrics.enumerated() {
      try metric.reduce(
        stepMetrics[first + index], step: episodeLengths[row], into: &episodeMetrics[first + index])
    }
  }

  private func isChoice(_ action: Float) -> Bool {
    action >= 0 && action < Float(choices) && action == action.rounded(.down)
  }

  private func beginEpisode(_ row: Int) throws {
    begins[row] = true
    startGenerators[row] = generators[row]
    try group.reset(row, using: &generators[row])
    group.observe(row..<row + 1, into: observations)
  }
}
