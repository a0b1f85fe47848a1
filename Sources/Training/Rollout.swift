internal import Environments
internal import Policies
internal import Random
internal import Workers

/// Some environments of one task that one worker steps together: inference on the rows of a block is one
/// batch.
struct RolloutBlock: Equatable {
  /// The rows of the environment batch.
  let rows: Range<Int>
  /// Their task.
  let task: Int

  /// Splits `tasks` × `perTask` rows into blocks of at most eight rows of one task, and into four blocks if
  /// there would be fewer and the rows allow it. A function of the sizes alone, never of the number of
  /// threads.
  static func split(tasks: Int, perTask: Int) -> [RolloutBlock] {
    let pieces = min(perTask, max((perTask + 7) / 8, (4 + tasks - 1) / tasks))
    return (0..<tasks * pieces).map { index in
      let task = index / pieces
      let piece = index % pieces
      return RolloutBlock(
        rows: task * perTask + piece * perTask / pieces..<task * perTask + (piece + 1) * perTask / pieces,
        task: task)
    }
  }
}

/// Runs the policy in all environments for a buffer's length.
///
/// One parallel region over blocks: a block goes through all its steps without waiting for the others. The
/// parameters and the normaliser's statistics are frozen meanwhile.
final class Rollout {
  private let batch: EnvironmentBatch
  private let blocks: [RolloutBlock]
  private let policy: Policy
  private let critic: MultilayerPerceptron
  private let inputs: NetworkInputs
  /// One pair per worker.
  private let workspaces: [(policy: NetworkWorkspace, critic: NetworkWorkspace)]
  /// Σ (x − mean) and Σ (x − mean)² of each row's raw observations, mean the frozen one, shape (E, O) each.
  private let sums: UnsafeMutablePointer<Double>
  private let squares: UnsafeMutablePointer<Double>
  /// What each block took, shape (blocks), filled by `run`.
  private let blockSeconds: UnsafeMutablePointer<ActingSeconds>
  /// The first number of each block that was not finite, shape (blocks), filled by `run`.
  private let blockFindings: UnsafeMutablePointer<RolloutFinding?>
  /// Put in on purpose, for tests of the guards.
  private let fault: NumericFault?

  /// A rollout over a batch that has been reset; row e belongs to task e · K / E.
  init(
    batch: EnvironmentBatch, policy: Policy, critic: MultilayerPerceptron, inputs: NetworkInputs,
    fault: NumericFault?, workers: WorkerPool
  ) {
    self.batch = batch
    self.fault = fault
    self.policy = policy
    self.critic = critic
    self.inputs = inputs
    blocks = RolloutBlock.split(tasks: inputs.taskCount, perTask: batch.count / inputs.taskCount)
    let capacity = blocks.map(\.rows.count).max() ?? 1
    workspaces = (0..<workers.threads).map { _ in
      (NetworkWorkspace(policy.network, capacity: capacity), NetworkWorkspace(critic, capacity: capacity))
    }
    let length = batch.count * batch.observationSize
    sums = UnsafeMutablePointer<Double>.allocate(capacity: length)
    squares = UnsafeMutablePointer<Double>.allocate(capacity: length)
    sums.initialize(repeating: 0, count: length)
    squares.initialize(repeating: 0, count: length)
    blockSeconds = UnsafeMutablePointer<ActingSeconds>.allocate(capacity: blocks.count)
    blockSeconds.initialize(repeating: ActingSeconds(), count: blocks.count)
    blockFindings = UnsafeMutablePointer<RolloutFinding?>.allocate(capacity: blocks.count)
    blockFindings.initialize(repeating: nil, count: blocks.count)
  }

  deinit {
    sums.deallocate()
    squares.deallocate()
    blockSeconds.deallocate()
    blockFindings.deinitialize(count: blocks.count)
    blockFindings.deallocate()
  }

  /// How long workers stepped environments and how long they acted in the last rollout.
  var seconds: ActingSeconds {
    var sum = ActingSeconds()
    for block in blocks.indices { sum.add(blockSeconds[block]) }
    return sum
  }

  /// Fills what a buffer says the rollout fills.
  ///
  /// - Parameters:
  ///   - parameters: θ, then the critic's.
  ///   - normalizer: frozen during the rollout.
  ///   - random: row e draws its actions from `random.derived("action-noise-\(e)")`.
  ///   - iteration: the number of the rollout, from 0.
  /// - Throws: what the environments throw, and `TrainingError.nonFinite` for the earliest observation, log-probability or reward
  ///   that is not finite, whichever block met it; no action follows from it, and nothing is kept of the rollout.
  func run(
    into buffer: RolloutBuffer, parameters: UnsafePointer<Float>, normalizer: RunningNormalizer,
    random: RandomStream, iteration: Int, workers: WorkerPool
  ) throws {
    let start = iteration * buffer.count
    let faults = (
      observation: fault?.offset(of: .observation, from: start),
      reward: fault?.offset(of: .reward, from: start)
    )
    try workers.runUnchecked(blocks.count) { index, worker in
      blockFindings[index] = nil
      blockSeconds[index] = try run(
        blocks[index], workspaces[worker].policy, workspaces[worker].critic, into: buffer,
        parameters: parameters, normalizer: normalizer, random: random, faults: faults,
        finding: &blockFindings[index])
    }
    guard let first = blocks.indices.compactMap({ blockFindings[$0] }).min() else { return }
    throw TrainingError.nonFinite(
      NonFiniteNumber(
        first.value, in: first.quantity, tasks: [batch.tasks[first.row].name],
        at: .environmentStep(start + first.step * batch.count + first.row, iteration: iteration)))
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

  private func run(
    _ block: RolloutBlock, _ policySpace: NetworkWorkspace, _ criticSpace: NetworkWorkspace,
    into buffer: RolloutBuffer, parameters: UnsafePointer<Float>, normalizer: RunningNormalizer,
    random: RandomStream, faults: (observation: Int?, reward: Int?), finding: inout RolloutFinding?
  ) throws -> ActingSeconds {
    var seconds = ActingSeconds()
    var watch = Stopwatch()
    let size = batch.observationSize
    let width = policy.actionWidth
    let rows = block.rows
    var streams = rows.map { random.derived("action-noise-\($0)") }
    policy.network.load(parameters, into: policySpace)
    critic.load(parameters + policy.parameterCount, into: criticSpace)
    (sums + rows.lowerBound * size).update(repeating: 0, count: rows.count * size)
    (squares + rows.lowerBound * size).update(repeating: 0, count: rows.count * size)
    for step in 0..<buffer.steps {
      let first = step * batch.count
      for (place, row) in rows.enumerated() {
        let raw = batch.observations + row * size
        // Raw: the normaliser would clip an infinity.
        if first + row == faults.observation, let fault { raw[0] = fault.value.number }
        if let entry = firstNonFinite(raw, count: size) {
          finding = RolloutFinding(raw[entry], .observation(entry: entry), step: step, row: row)
          return seconds
        }
        let observation = buffer.observations + (first + row) * size
        normalizer.normalise(raw, into: observation)
        addMoments(raw, row: row, around: normalizer)
        inputs.writePolicyInput(
          observation, task: block.task, into: policySpace.layerInput(0) + place * inputs.policyWidth)
      }
      policy.network.forward(count: rows.count, workspace: policySpace)
      for (place, row) in rows.enumerated() {
        let action = buffer.actions + (first + row) * width
        let logProbability = policy.sample(
          parameters: parameters, row: place, workspace: policySpace, using: &streams[place], action: action)
        guard logProbability.isFinite else {
          finding = RolloutFinding(Double(logProbability), .logProbability, step: step, row: row)
          return seconds
        }
        buffer.logProbabilities[first + row] = logProbability
        batch.actionSpace.clip(action, into: batch.actions + row * width)
      }
      seconds.inference += watch.lap()
      try batch.step(rows)
      seconds.physics += watch.lap()
      var truncations = 0
      for row in rows {
        let index = first + row
        if index == faults.reward, let fault { batch.rewards[row] = fault.value.number }
        let reward = Float(batch.rewards[row])
        guard reward.isFinite else {
          finding = RolloutFinding(Double(reward), .reward, step: step, row: row)
          return seconds
        }
        buffer.rewards[index] = reward
        buffer.episodeReturns[index] = batch.episodeReturns[row]
        // A task that ended has nothing to come, whatever the clock says.
        buffer.endings[index] =
          batch.terminated[row] ? .terminated : batch.truncated[row] ? .truncated : .continuing
        if buffer.endings[index] == .truncated { truncations += 1 }
      }
      if truncations > 0 {
        for row in rows where buffer.endings[first + row] == .truncated {
          let raw = batch.finalObservations + row * size
          guard let entry = firstNonFinite(raw, count: size) else { continue }
          finding = RolloutFinding(raw[entry], .finalObservation(entry: entry), step: step, row: row)
          return seconds
        }
        valueTruncations(block, first: first, criticSpace, buffer, normalizer)
      }
    }
    for row in rows {
      let raw = batch.observations + row * size
      if buffer.count + row == faults.observation, let fault { raw[0] = fault.value.number }
      if let entry = firstNonFinite(raw, count: size) {
        finding = RolloutFinding(raw[entry], .observation(entry: entry), step: buffer.steps, row: row)
        return seconds
      }
      normalizer.normalise(raw, into: buffer.observations + (buffer.count + row) * size)
    }
    seconds.inference += watch.lap()
    return seconds
  }

  /// V of the last observation of each episode of the block that was truncated at this step, in one batch.
  private func valueTruncations(
    _ block: RolloutBlock, first: Int, _ workspace: NetworkWorkspace, _ buffer: RolloutBuffer,
    _ normalizer: RunningNormalizer
  ) {
    let size = batch.observationSize
    let truncated = block.rows.filter { buffer.endings[first + $0] == .truncated }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: size) { observation in
      guard let observation = observation.baseAddress else { return }
      for (place, row) in truncated.enumerated() {
        normalizer.normalise(batch.finalObservations + row * size, into: observation)
        inputs.writeCriticInput(
          observation, task: block.task, into: workspace.layerInput(0) + place * inputs.criticWidth)
      }
    }
    critic.forward(count: truncated.count, workspace: workspace)
    for (place, row) in truncated.enumerated() {
      buffer.truncationValues[first + row] = workspace.output[place]
    }
  }

  private func addMoments(_ raw: UnsafePointer<Double>, row: Int, around normalizer: RunningNormalizer) {
    let size = batch.observationSize
    let sums = sums + row * size
    let squares = squares + row * size
    for index in 0..<size {
      let difference = raw[index] - normalizer.mean[index]
      sums[index] += difference
      squares[index] += difference * difference
    }
  }
}
