package import Configuration
package import Environments
package import Policies
package import Random
package import Workers

/// Multi-task proximal policy optimisation, one iteration at a time: collect, estimate, descend.
///
/// All tasks share one policy and one critic. Each task has `numEnvs` environments of its own, its own reward
/// scale, and its advantages are standardised by itself, so tasks weigh the same whatever their rewards'
/// units.
package final class Trainer {
  /// Makes a network that is told so much and has so many outputs.
  package typealias NetworkMaker = (_ input: NetworkInput, _ outputs: Int) -> any Network

  /// The settings.
  package let configuration: PPOConfiguration
  /// The tasks, in the order of task indices.
  package let tasks: [TaskSpecification]
  /// The number of iterations that the budget of steps gives.
  package let iterations: Int
  /// Where the time went so far.
  package internal(set) var phaseSeconds = PhaseSeconds()

  /// What is learned.
  package internal(set) var state: TrainerState
  /// The experience of an iteration.
  package let buffer: RolloutBuffer
  /// Acts.
  let collector: Collector
  /// Says what is better.
  package let objective: PPOObjective
  /// The training's own.
  let random: RandomStream
  let workers: WorkerPool
  /// Whether the observations' statistics move.
  let movesNormalizer: Bool
  private let batch: EnvironmentBatch

  /// A training before its first iteration, with environments at their first observation.
  ///
  /// - Parameters:
  ///   - makeNetwork: the shape of fresh networks.
  ///   - policySeesTask: whether a fresh policy is told the task; a fresh critic always is.
  ///   - totalSteps: environment steps over all tasks; rounded up to whole iterations.
  ///   - start: what the training begins with.
  ///   - frozen: what is not trained: names of tensors as in artifacts, or of what they are part of, such as
  ///     "policy/layer_0" and "critic"; "normalizer" for the observations' statistics.
  ///   - random: the training's stream; the same stream gives the same training on any number of workers.
  /// - Throws: `TrainingError.invalidSetting` or `.spacesDiffer`, and what the environments throw.
  package init(
    tasks: [TaskSpecification], registry: TaskRegistry, configuration: PPOConfiguration,
    makeNetwork: NetworkMaker = NetworkConfiguration().network, policySeesTask: Bool, totalSteps: Int,
    start: TrainingStart = .scratch, frozen: [String] = [], random: RandomStream, workers: WorkerPool
  ) throws {
    func require(_ key: String, _ value: Int, _ holds: Bool, _ requirement: String) throws {
      guard !holds else { return }
      throw TrainingError.invalidSetting(key: key, value: "\(value)", requirement: requirement)
    }
    try require("total_timesteps", totalSteps, totalSteps >= 1, "at least 1")
    try require(
      "num_minibatches", configuration.numMinibatches,
      configuration.numMinibatches <= configuration.numEnvs * configuration.numSteps,
      "at most num_envs × num_steps")
    self.configuration = configuration
    self.tasks = tasks
    self.random = random
    self.workers = workers
    batch = try EnvironmentBatch(
      tasks: tasks.flatMap { [TaskSpecification](repeating: $0, count: configuration.numEnvs) },
      registry: registry, random: random.derived("environments"))
    try batch.reset()
    let first: TrainedPolicy
    switch start {
    case .policy(let trained):
      try trained.check(fits: tasks, registry: registry)
      first = trained
    case .scratch:
      first = TrainedPolicy(
        freshOn: tasks.count, observationSize: batch.observationSize,
        distribution: ActionDistribution(batch.actionSpace), makeNetwork: makeNetwork,
        policySeesTask: policySeesTask, logStd: configuration.logStdInit, random: random)
    }
    let loss = PPOLoss(policy: first.policy, critic: first.critic, configuration)
    buffer = RolloutBuffer(
      steps: configuration.numSteps, environments: batch.count, taskNumbers: first.taskNumbers,
      observationSize: batch.observationSize, actionWidth: first.policy.actionWidth)
    collector = Collector(
      batch: batch, policy: first.policy, taskNumbers: first.taskNumbers, workers: workers)
    objective = PPOObjective(loss: loss, taskNames: tasks.map(\.name), frozen: frozen, workers: workers)
    movesNormalizer = configuration.normalizeObservations && !frozen.contains("normalizer")
    iterations = (totalSteps + buffer.count - 1) / buffer.count
    let parameters = first.policyParameters + first.criticParameters
    state = TrainerState(
      parameters: parameters, optimizer: Adam(parameterCount: parameters.count),
      normalizer: first.normalizer,
      rewardScaling: RewardScaling(tasks: tasks.count, environments: batch.count),
      recentReturns: [[Double]](repeating: [], count: tasks.count))
  }

  /// How many episodes were cut because their simulation became unstable.
  package var divergedEpisodes: Int { batch.divergedEpisodes }

  /// Where the training stands.
  package var snapshot: TrainingSnapshot {
    TrainingSnapshot(state: state, environments: batch.snapshot)
  }

  /// Goes on from a snapshot of a training of the same tasks, configuration, budget and stream: what follows has the
  /// bits that it would have had there.
  ///
  /// - Throws: `TrainingError.snapshotDoesNotFit`; the trainer is then of no more use.
  package func restore(_ snapshot: TrainingSnapshot) throws {
    let found = snapshot.state
    guard found.hasSizes(of: state), (0...iterations).contains(found.iteration),
      found.environmentSteps == found.iteration * buffer.count
    else { throw TrainingError.snapshotDoesNotFit(reason: "it has other sizes or another budget") }
    do {
      try batch.restore(snapshot.environments)
    } catch {
      throw TrainingError.snapshotDoesNotFit(reason: "\(error)")
    }
    state = found
  }

  /// Whether the budget is used up.
  package var isFinished: Bool { state.iteration >= iterations }

  /// Runs the iterations that are left; afterwards the trainer holds the results.
  ///
  /// - Parameters:
  ///   - start: where an earlier training with the same arguments stood; nil to begin.
  ///   - progress: called after every iteration; what it throws ends the training.
  /// - Throws: what `restore` and `runIteration` throw.
  package func run(
    from start: TrainingSnapshot? = nil,
    progress: (TrainingProgress) throws -> Void = { _ in }
  ) throws {
    if let start { try restore(start) }
    while !isFinished { try progress(runIteration()) }
  }

  /// Adam's step size in this iteration.
  var learningRate: Double {
    let rest = 1 - Double(state.iteration) / Double(iterations)
    return configuration.learningRate * (configuration.annealLR ? rest : 1)
  }

  /// Counts a rollout's steps and episodes, and moves the normaliser: afterwards, so that policy and critic learn from
  /// the observations as they were acted on.
  func takeIn(_ buffer: RolloutBuffer) throws(TrainingError) {
    state.environmentSteps += buffer.count
    state.recordEpisodes(of: buffer)
    guard movesNormalizer else { return }
    state.normalizer.merge(collector.observationStatistics(around: state.normalizer, steps: buffer.steps))
    // Observations that are finite but beyond 1e154 have a variance that is not.
    let variance = state.normalizer.variance
    guard let entry = variance.firstIndex(where: { !$0.isFinite }) else { return }
    throw .nonFinite(
      NonFiniteNumber(
        variance[entry], in: .observationVariance(entry: entry), tasks: tasks.map(\.name),
        at: .environmentStep(state.environmentSteps - 1, iteration: state.iteration)))
  }

  /// Counts an iteration and reports it.
  func endIteration(_ sums: LossSums) -> TrainingProgress {
    var numbers = sums.means
    numbers["learning rate"] = learningRate
    numbers["explained variance"] = buffer.explainedVariance()
    state.iteration += 1
    state.recordPoint()
    return TrainingProgress(
      iteration: state.iteration, iterations: iterations, environmentSteps: state.environmentSteps,
      totalSteps: iterations * buffer.count, returns: state.meanReturns, numbers: numbers)
  }

  /// The policy, critic and statistics as they stand.
  package var trained: TrainedPolicy {
    let loss = objective.loss
    return TrainedPolicy(
      policy: loss.policy, policyParameters: Array(state.parameters[loss.range(of: .policy)]),
      critic: loss.critic, criticParameters: Array(state.parameters[loss.range(of: .critic)]),
      normalizer: state.normalizer, taskNumbers: buffer.taskNumbers,
      rewardScales: configuration.normalizeRewards
        ? state.rewardScaling.scales : [Double](repeating: 1, count: tasks.count))
  }
}

/// What a training begins with.
package enum TrainingStart: Sendable {
  /// Fresh networks, and no statistics.
  case scratch
  /// A policy's networks and statistics of the observations. The critic's unit, the reward scales, is found anew.
  case policy(TrainedPolicy)
}

extension TrainedPolicy {
  /// Fresh networks for tasks that are known by their indices.
  fileprivate init(
    freshOn taskCount: Int, observationSize: Int, distribution: ActionDistribution,
    makeNetwork: Trainer.NetworkMaker, policySeesTask: Bool, logStd: Double, random: RandomStream
  ) {
    func input(_ taskCount: Int) -> NetworkInput {
      NetworkInput(observationSize: observationSize, taskCount: taskCount)
    }
    let policy = Policy(
      network: makeNetwork(input(policySeesTask ? taskCount : 0), distribution.outputCount),
      distribution: distribution)
    let critic = makeNetwork(input(taskCount), 1)
    var (policyStream, criticStream) = (random.derived("initial-policy"), random.derived("initial-critic"))
    self.init(
      policy: policy, policyParameters: policy.initialParameters(logStd: logStd, using: &policyStream),
      critic: critic, criticParameters: critic.initialParameters(headGain: 1, using: &criticStream),
      normalizer: RunningNormalizer(width: observationSize), taskNumbers: Array(0..<taskCount),
      rewardScales: [Double](repeating: 1, count: taskCount))
  }
}

extension NetworkConfiguration {
  /// The network of this shape.
  package func network(_ input: NetworkInput, outputs: Int) -> any Network {
    MultilayerPerceptron(
      input: input, hidden: hiddenSizes, outputs: outputs,
      activation: activation == .relu ? .relu : .tanh)
  }
}
