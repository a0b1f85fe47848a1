internal import Environments
internal import Policies
internal import Random

/// One episode as it was played, from its start to its end.
package struct Episode: Sendable, Equatable {
  /// Normalised observations that were acted on, shape (T, O).
  package var observations: [Float] = []
  /// Actions as drawn, not clipped, shape (T, A).
  package var actions: [Float] = []
  /// log π(a | x), shape (T); empty unless actions were sampled from the policy.
  package var logProbabilities: [Float] = []
  /// Rewards, shape (T).
  package var rewards: [Double] = []
  /// Normalised last observation, shape (O).
  package var finalObservation: [Float] = []
  /// Whether the task ended, rather than the clock.
  package var terminated = false
  /// Whether it was cut because its simulation became unstable.
  package var diverged = false

  /// An episode before its first step.
  package init() {}

  /// The undiscounted return.
  package var undiscountedReturn: Double { rewards.reduce(0, +) }
}

/// How actions come about.
enum ActionChoice {
  /// The policy's most likely action.
  case mode
  /// An action drawn from the policy.
  case sample
  /// An action drawn uniformly from the action space; the policy is not asked.
  case uniform
}

/// Plays episodes of one task side by side, so that each step's inference is one batch.
struct EpisodePlayer {
  /// Who plays; nil plays uniformly random actions on observations that are not normalised.
  let trained: TrainedPolicy?
  /// Where environments come from.
  let registry: TaskRegistry

  /// Plays one episode per stream, from start to end.
  ///
  /// - Parameters:
  ///   - index: the task's index in training, for the one-hot part of the input.
  ///   - firstEpisode: the number of the first stream's episode, for errors.
  ///   - streams: an episode's start state is drawn from a generator seeded by its stream, its actions from the
  ///     derived stream "actions".
  /// - Returns: the episodes, in the order of the streams; they do not depend on who plays beside them.
  ///   With them, how long was spent on what.
  /// - Throws: `TrainingError.nonFinite` for the first step with an observation, a log-probability or a reward that
  ///   is not finite, and what the environments throw.
  func play(
    _ task: TaskSpecification, index: Int, firstEpisode: Int, streams: [RandomStream], choice: ActionChoice
  ) throws -> (episodes: [Episode], seconds: ActingSeconds) {
    var seconds = ActingSeconds()
    var watch = Stopwatch()
    let family = try registry.family(of: task)
    let size = family.observationSize
    let space = family.actionSpace
    let normalizer = trained?.normalizer ?? RunningNormalizer(width: size)
    let workspace = trained.map { NetworkWorkspace($0.policy.network, capacity: max(streams.count, 1)) }
    if let trained, let workspace { trained.policy.network.load(trained.policyParameters, into: workspace) }
    var noise = streams.map { $0.derived("actions") }
    var episodes = [Episode](repeating: Episode(), count: streams.count)
    var raw = [Double](repeating: 0, count: size)
    var normalised = [[Float]](repeating: [Float](repeating: 0, count: size), count: streams.count)
    var action = [Float](repeating: 0, count: space.width)
    var clipped = action

    func requireFinite(_ number: Double, _ quantity: NonFiniteNumber.Quantity, row: Int, step: Int) throws {
      guard let value = NonFiniteValue(number) else { return }
      throw TrainingError.nonFinite(
        NonFiniteNumber(
          value, in: quantity, tasks: [task.name], at: .episodeStep(step, episode: firstEpisode + row)))
    }
    var clocks = [EpisodeClock]()
    for (row, stream) in streams.enumerated() {
      let clock = EpisodeClock(try registry.makeEnvironment(task), horizon: task.horizon)
      var generator = NumPyGenerator(seededBy: stream)
      try clock.reset(using: &generator)
      raw.withUnsafeMutableBufferPointer { clock.environment.observe(into: $0) }
      if let entry = firstNonFinite(raw, count: size) {
        try requireFinite(raw[entry], .observation(entry: entry), row: row, step: 0)
      }
      normalizer.normalise(raw, into: &normalised[row])
      clocks.append(clock)
    }
    // The episodes still running, in order.
    var running = Array(streams.indices)
    while !running.isEmpty {
      if let trained, let workspace {
        let width = trained.inputs.policyWidth
        for (place, row) in running.enumerated() {
          trained.inputs.writePolicyInput(
            normalised[row], task: index, into: workspace.layerInput(0) + place * width)
        }
        trained.policy.network.forward(count: running.count, workspace: workspace)
      }
      var ended = false
      for (place, row) in running.enumerated() {
        switch (choice, trained, workspace) {
        case (.mode, let trained?, let workspace?):
          trained.policy.mode(row: place, workspace: workspace, action: &action)
        case (.sample, let trained?, let workspace?):
          let logProbability = trained.policy.sample(
            parameters: trained.policyParameters, row: place, workspace: workspace, using: &noise[row],
            action: &action)
          try requireFinite(
            Double(logProbability), .logProbability, row: row, step: episodes[row].rewards.count)
          episodes[row].logProbabilities.append(logProbability)
        default:
          space.drawUniformly(into: &action, using: &noise[row])
        }
        episodes[row].observations += normalised[row]
        episodes[row].actions += action
        space.clip(action, into: &clipped)
        seconds.inference += watch.lap()
        let outcome = try clipped.withUnsafeBufferPointer { try clocks[row].step(action: $0) }
        try requireFinite(outcome.reward, .reward, row: row, step: episodes[row].rewards.count)
        episodes[row].rewards.append(outcome.reward)
        raw.withUnsafeMutableBufferPointer { clocks[row].environment.observe(into: $0) }
        if let entry = firstNonFinite(raw, count: size) {
          try requireFinite(
            raw[entry], .observation(entry: entry), row: row, step: episodes[row].rewards.count)
        }
        seconds.physics += watch.lap()
        normalizer.normalise(raw, into: &normalised[row])
        if outcome.ended {
          episodes[row].terminated = outcome.terminated
          episodes[row].diverged = outcome.diverged
          episodes[row].finalObservation = normalised[row]
          ended = true
        }
      }
      if ended { running.removeAll { !episodes[$0].finalObservation.isEmpty } }
    }
    seconds.inference += watch.lap()
    return (episodes, seconds)
  }
}

extension ActionSpace {
  /// Draws each entry uniformly from its range, or one of the choices.
  fileprivate func drawUniformly(into action: inout [Float], using random: inout RandomStream) {
    switch self {
    case .continuous(let size, let low, let high):
      for index in 0..<size { action[index] = Float(random.uniform(in: Double(low)...Double(high))) }
    case .discrete(let count):
      action[0] = Float(random.index(below: count))
    }
  }
}
