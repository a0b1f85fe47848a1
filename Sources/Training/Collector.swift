internal import Environments
internal import Policies
internal import Random
internal import Workers

/// Acts in all environments for a buffer's length.
///
/// One parallel region over blocks: a block goes through all its steps without waiting for the others. The
/// parameters and the normaliser's statistics are frozen meanwhile.
/// The pieces of a call touch rows of their own; between calls it is used by one thread.
final class Collector: @unchecked Sendable {
  /// Rows of one task that one worker steps together: inference on them is one batch.
  private typealias Block = (rows: Range<Int>, task: Int)

  private let batch: EnvironmentBatch
  private let blocks: [Block]
  /// The number by which the policy knows each task, shape (K).
  private let taskNumbers: [Int]
  private let policy: Policy
  private let workspaces: PerWorker<Policy.Workspace>
  /// Σ (x − mean) and Σ (x − mean)² of each row's raw observations, mean the frozen one, shape (E, O) each.
  private let sums: Slots<Double>
  private let squares: Slots<Double>

  /// A collector for a batch that has been reset; row e belongs to task e · K / E.
  init(batch: EnvironmentBatch, policy: Policy, taskNumbers: [Int], workers: WorkerPool) {
    self.batch = batch
    self.taskNumbers = taskNumbers
    blocks = Self.split(tasks: taskNumbers.count, perTask: batch.count / taskNumbers.count)
    let capacity = blocks.map(\.rows.count).max() ?? 1
    self.policy = policy
    workspaces = PerWorker(workers) { Policy.Workspace(policy, capacity: capacity) }
    sums = Slots(batch.count, width: batch.observationSize, repeating: 0)
    squares = Slots(batch.count, width: batch.observationSize, repeating: 0)
  }

  /// Splits `tasks` × `perTask` rows into blocks of at most eight rows of one task, and into four blocks if
  /// there would be fewer and the rows allow it. A function of the sizes alone, never of the number of
  /// threads.
  private static func split(tasks: Int, perTask: Int) -> [Block] {
    let pieces = min(perTask, max((perTask + 7) / 8, (4 + tasks - 1) / tasks))
    return (0..<tasks * pieces).map { index in
      let (task, piece) = index.quotientAndRemainder(dividingBy: pieces)
      let first = task * perTask
      return (first + piece * perTask / pieces..<first + (piece + 1) * perTask / pieces, task)
    }
  }

  /// Fills what a buffer says the collector fills.
  ///
  /// - Parameters:
  ///   - parameters: θ, and whatever follows it.
  ///   - normalizer: frozen during the rollout.
  ///   - random: row e draws its actions from `random.derived("action-noise-\(e)")`.
  ///   - iteration: the number of the rollout, from 0.
  /// - Returns: how long workers stepped environments and how long they acted.
  /// - Throws: what the environments throw, and `TrainingError.nonFinite` for the earliest observation, log-probability
  ///   or reward that is not finite, whichever block met it; no action follows from it, and nothing is kept of the
  ///   rollout.
  func collect(
    into buffer: RolloutBuffer, parameters: [Float], normalizer: RunningNormalizer, random: RandomStream,
    iteration: Int, workers: WorkerPool
  ) throws -> ActingSeconds {
    let played = try workers.mapWithWorker(blocks.count) { index, worker in
      let actor = Actor(
        (policy, workspaces[worker]), sampled: true, space: batch.actionSpace, parameters: parameters,
        normalizer: normalizer, task: taskNumbers[blocks[index].task])
      return try play(blocks[index], actor, into: buffer, normalizer: normalizer, random: random)
    }
    if let first = played.compactMap(\.finding).min(by: { $0.place < $1.place }) {
      throw TrainingError.nonFinite(
        NonFiniteNumber(
          first.number.value, in: first.number.quantity, tasks: [batch.tasks[first.place.row].name],
          at: .environmentStep(
            iteration * buffer.count + first.place.step * batch.count + first.place.row, iteration: iteration)
        ))
    }
    buffer.truncations = played.flatMap(\.truncations)
    buffer.finalObservations = played.flatMap(\.finalObservations)
    return played.reduce((0, 0)) { ($0.0 + $1.seconds.physics, $0.1 + $1.seconds.inference) }
  }

  /// The statistics of the raw observations of the last rollout, merged in row order.
  ///
  /// - Parameter normalizer: the one of that rollout.
  func observationStatistics(around normalizer: RunningNormalizer, steps: Int) -> RunningNormalizer {
    let size = batch.observationSize
    let count = Double(steps)
    var merged = RunningNormalizer(width: size)
    for row in 0..<batch.count {
      let shift = (0..<size).map { sums[row * size + $0] / count }
      let variance = (0..<size).map { max(squares[row * size + $0] / count - shift[$0] * shift[$0], 0) }
      merged.merge(
        RunningNormalizer(
          mean: (0..<size).map { normalizer.mean[$0] + shift[$0] }, variance: variance, count: count))
    }
    return merged
  }

  /// What comes of a block beside its rows of the buffer.
  private struct Played: Sendable {
    /// How long was spent on what.
    var seconds: ActingSeconds = (0, 0)
    /// The first number that was not finite; the block has gone no further. Of findings, earlier steps come first; of one
    /// step, what is acted on (0), the actions (1), what they brought (2, 3); of these, lower rows.
    var finding: (number: Actor.Finding, place: (step: Int, phase: Int, row: Int))?
    /// As in `RolloutBuffer`, for the block's rows.
    var truncations = [Int]()
    /// As in `RolloutBuffer`, for the block's rows.
    var finalObservations = [Float]()
  }

  private func play(
    _ block: Block, _ actor: Actor, into buffer: RolloutBuffer, normalizer: RunningNormalizer,
    random: RandomStream
  ) throws -> Played {
    var played = Played()
    var watch = Stopwatch()
    let (size, width, rows) = (batch.observationSize, batch.actionSpace.width, block.rows)
    var streams = rows.map { random.derived("action-noise-\($0)") }
    sums.rows(rows).update(repeating: 0)
    squares.rows(rows).update(repeating: 0)
    for step in 0...buffer.steps {
      let first = step * batch.count
      for (place, row) in rows.enumerated() {
        let observation = buffer.observations + (first + row) * size
        if let number = actor.see(batch.observations + row * size, row: place, normalised: observation) {
          played.finding = (number, (step, 0, row))
          return played
        }
        if step < buffer.steps { addMoments(batch.observations + row * size, row: row, around: normalizer) }
      }
      guard step < buffer.steps else { break }
      actor.decide(rows.count)
      for (place, row) in rows.enumerated() {
        let number = actor.act(
          place, using: &streams[place], action: buffer.actions + (first + row) * width,
          clipped: batch.actions + row * width, logProbability: &buffer.logProbabilities[first + row])
        if let number {
          played.finding = (number, (step, 1, row))
          return played
        }
      }
      played.seconds.inference += watch.lap()
      try batch.step(rows)
      played.seconds.physics += watch.lap()
      for row in rows {
        buffer.record(batch, row: row, at: first + row)
        if let number = Actor.Finding(Double(buffer.rewards[first + row]), .reward) {
          played.finding = (number, (step, 2, row))
          return played
        }
      }
      for row in rows where buffer.endings[first + row] == .truncated {
        let last = batch.finalObservations + row * size
        if let entry = firstNonFinite(last, count: size) {
          let number = Actor.Finding(last[entry], .finalObservation(entry: entry))
          played.finding = number.map { ($0, (step, 3, row)) }
          return played
        }
        played.truncations.append(first + row)
        played.finalObservations += [Float](unsafeUninitializedCapacity: size) { observation, count in
          if let observation = observation.baseAddress { normalizer.normalise(last, into: observation) }
          count = size
        }
      }
    }
    played.seconds.inference += watch.lap()
    return played
  }

  private func addMoments(_ raw: UnsafePointer<Double>, row: Int, around normalizer: RunningNormalizer) {
    let (sums, squares) = (sums.row(row), squares.row(row))
    for index in 0..<batch.observationSize {
      let difference = raw[index] - normalizer.mean[index]
      sums[index] += difference
      squares[index] += difference * difference
    }
  }
}
