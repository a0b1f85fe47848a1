package import Environments
internal import Policies
package import Random
package import Workers

/// Multi-task proximal policy optimisation, one iteration at a time: roll out, estimate advantages, descend.
///
/// All tasks share one policy and one critic. Each task has `numEnvs` environments of its own, its own reward
/// scale, and its advantages are standardised by itself, so tasks weigh the same whatever their rewards'
/// units.
package final class Trainer {
  /// The settings.
  package let configuration: PPOConfiguration
  /// The tasks, in the order of task indices.
  package let tasks: [TaskSpecification]
  /// The number of iterations that the budget of steps gives.
  package let iterations: Int
  /// Where the time went so far.
  package private(set) var phaseSeconds = PhaseSeconds()

  private var state: TrainerState
  private let inputs: NetworkInputs
  private let loss: PPOLoss
  private let batch: EnvironmentBatch
  private let buffer: RolloutBuffer
  private let collector: Collector
  private let update: PPOUpdate
  /// The critic's, one per worker.
  private let valueWorkspaces: [NetworkWorkspace]
  private let random: RandomStream
  private let workers: WorkerPool

  /// A fresh policy and critic, and environments at their first observation.
  ///
  /// - Parameters:
  ///   - policySeesTask: whether the policy is told the task; the critic always is.
  ///   - totalSteps: environment steps over all tasks; rounded up to whole iterations.
  ///   - random: the training's stream; the same stream gives the same training on any number of workers.
  /// - Throws: `TrainingError.invalidSetting`, and what the environments throw.
  package init(
    tasks: [TaskSpecification], registry: TaskRegistry, configuration: PPOConfiguration, policySeesTask: Bool,
    totalSteps: Int, random: RandomStream, workers: WorkerPool
  ) throws {
    try configuration.validate()
    guard totalSteps >= 1 else {
      throw TrainingError.invalidSetting(
        key: "total_timesteps", value: "\(totalSteps)", requirement: "at least 1")
    }
    self.configuration = configuration
    self.tasks = tasks
    self.random = random
    self.workers = workers
    batch = try EnvironmentBatch(
      tasks: tasks.flatMap { [TaskSpecification](repeating: $0, count: configuration.numEnvs) },
      registry: registry, random: random.derived("environments"))
    try batch.reset()
    let distribution = ActionDistribution(batch.actionSpace)
    inputs = NetworkInputs(
      observationSize: batch.observationSize, taskCount: tasks.count, policySeesTask: policySeesTask)
    let policy = Policy(
      network: MultilayerPerceptron(
        sizes: [inputs.policyWidth] + configuration.hiddenSizes + [distribution.outputCount],
        activation: configuration.activation), distribution: distribution)
    let critic = MultilayerPerceptron(
      sizes: [inputs.criticWidth] + configuration.hiddenSizes + [1], activation: configuration.activation)
    loss = PPOLoss(
      policy: policy, critic: critic, inputs: inputs, clipCoef: Float(configuration.clipCoef),
      entCoef: Float(configuration.entCoef), vfCoef: Float(configuration.vfCoef),
      clipVloss: configuration.clipVloss)
    buffer = RolloutBuffer(
      steps: configuration.numSteps, environments: batch.count, observationSize: batch.observationSize,
      actionWidth: policy.actionWidth)
    collector = Collector(batch: batch, policy: policy, inputs: inputs, workers: workers)
    update = PPOUpdate(
      loss: loss, configuration: configuration, taskNames: tasks.map(\.name), workers: workers)
    valueWorkspaces = (0..<workers.threads).map { _ in NetworkWorkspace(critic, capacity: 256) }
    iterations = (totalSteps + buffer.count - 1) / buffer.count

    var policyStream = random.derived("initial-policy")
    var criticStream = random.derived("initial-critic")
    let parameters =
      policy.initialParameters(logStd: configuration.logStdInit, using: &policyStream)
      + critic.initialParameters(headGain: 1, using: &criticStream)
    state = TrainerState(
      parameters: parameters, optimizer: Adam(parameterCount: parameters.count),
      normalizer: RunningNormalizer(width: batch.observationSize),
      rewardScaling: RewardScaling(tasks: tasks.count, environments: batch.count),
      recentReturns: [[Double]](repeating: [], count: tasks.count))
  }

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

  /// How many episodes so far were cut because their simulation became unstable.
  package var divergedEpisodes: Int { batch.divergedEpisodes }

  /// Whether the budget is used up.
  package var isFinished: Bool { state.iteration >= iterations }

  /// One rollout and the descent on it.
  ///
  /// - Throws: `TrainingError.nonFinite`, after which the training cannot go on, and what the environments throw.
  package func runIteration() throws -> TrainingProgress {
    let iteration = state.iteration
    let stream = random.derived("iteration-\(iteration)")
    var watch = Stopwatch()
    let acting = try collect(stream)
    phaseSeconds.add(acting.sharing(watch.lap()))
    try estimate()
    phaseSeconds.advantages += watch.lap()
    let learningRate =
      configuration.learningRate
      * (configuration.annealLR ? 1 - Double(iteration) / Double(iterations) : 1)
    let sums = try descend(&state, learningRate: learningRate, random: stream)
    phaseSeconds.update += watch.lap()
    state.iteration += 1
    state.recordPoint()
    return TrainingProgress(
      iteration: state.iteration, iterations: iterations, environmentSteps: state.environmentSteps,
      totalSteps: iterations * buffer.count, returns: state.meanReturns, learningRate: learningRate,
      policyLoss: sums.policyLoss / sums.count, valueLoss: sums.valueLoss / sums.count,
      entropy: sums.entropy / sums.count, approximateKL: sums.divergence / sums.count,
      clipFraction: sums.clipped / sums.count, explainedVariance: buffer.explainedVariance(),
      phaseSeconds: phaseSeconds)
  }

  /// The policy, critic and statistics as they stand.
  package var trained: TrainedPolicy {
    let split = loss.policy.parameterCount
    return TrainedPolicy(
      policy: loss.policy, policyParameters: Array(state.parameters[..<split]), critic: loss.critic,
      criticParameters: Array(state.parameters[split...]), normalizer: state.normalizer,
      policySeesTask: inputs.policySeesTask, taskCount: inputs.taskCount,
      rewardScales: configuration.normalizeRewards
        ? state.rewardScaling.scales : [Double](repeating: 1, count: inputs.taskCount))
  }

  /// Steps all environments through a buffer. The normaliser moves afterwards, so that policy and critic
  /// learn from the observations as they were acted on.
  private func collect(_ stream: RandomStream) throws -> ActingSeconds {
    let seconds = try collector.collect(
      into: buffer, parameters: state.parameters, normalizer: state.normalizer, random: stream,
      iteration: state.iteration, workers: workers)
    state.environmentSteps += buffer.count
    state.recordEpisodes(of: buffer)
    if configuration.normalizeObservations {
      state.normalizer.merge(
        collector.observationStatistics(around: state.normalizer, steps: buffer.steps))
      try requireFiniteStatistics()
    }
    return seconds
  }

  /// Observations that are finite but beyond 1e154 have a variance that is not.
  private func requireFiniteStatistics() throws(TrainingError) {
    let variance = state.normalizer.variance
    guard let entry = variance.firstIndex(where: { !$0.isFinite }),
      let value = NonFiniteValue(variance[entry])
    else { return }
    throw .nonFinite(
      NonFiniteNumber(
        value, in: .observationVariance(entry: entry), tasks: tasks.map(\.name),
        at: .environmentStep(state.environmentSteps - 1, iteration: state.iteration)))
  }

  /// Values, scaled rewards, advantages and value targets.
  private func estimate() throws {
    let names = tasks.map(\.name)
    try state.parameters.withUnsafeBufferPointer { parameters in
      guard let parameters = parameters.baseAddress else { return }
      try buffer.estimateValues(
        critic: loss.critic, parameters: parameters + loss.policy.parameterCount, inputs: inputs,
        workspaces: valueWorkspaces, workers: workers)
    }
    try buffer.requireFiniteValues(tasks: names, iteration: state.iteration)
    if configuration.normalizeRewards { state.rewardScaling.update(buffer, gamma: configuration.gamma) }
    try buffer.estimateAdvantages(
      tasks: names, scales: configuration.normalizeRewards ? state.rewardScaling.scales : nil,
      gamma: configuration.gamma, lambda: configuration.gaeLambda, standardised: configuration.normAdv,
      iteration: state.iteration, workers: workers)
  }

  /// The epochs of descent on the buffer.
  private func descend(
    _ state: inout TrainerState, learningRate: Double, random: RandomStream
  ) throws -> LossSums {
    var shuffling = random.derived("minibatches")
    return try update.run(
      on: buffer, parameters: &state.parameters, optimizer: &state.optimizer, learningRate: learningRate,
      random: &shuffling, iteration: state.iteration, workers: workers)
  }
}

/// Trains one policy on all tasks for a budget of environment steps; see `Trainer`.
///
/// - Parameters:
///   - totalSteps: environment steps over all tasks; rounded up to whole iterations.
///   - start: where an earlier training with the same arguments stood; nil to begin.
///   - progress: called after every iteration, with a way to ask where the training stands; what it throws ends the
///     training.
/// - Throws: what `Trainer` throws.
package func trainMultiTask(
  tasks: [TaskSpecification], registry: TaskRegistry, configuration: PPOConfiguration, policySeesTask: Bool,
  totalSteps: Int, random: RandomStream, workers: WorkerPool,
  from start: TrainingSnapshot? = nil,
  progress: (TrainingProgress, () -> TrainingSnapshot) throws -> Void = { _, _ in }
) throws -> TrainingResult {
  let trainer = try Trainer(
    tasks: tasks, registry: registry, configuration: configuration, policySeesTask: policySeesTask,
    totalSteps: totalSteps, random: random, workers: workers)
  if let start { try trainer.restore(start) }
  while !trainer.isFinished {
    let report = try trainer.runIteration()
    try progress(report) { trainer.snapshot }
  }
  return TrainingResult(
    trained: trainer.trained, snapshot: trainer.snapshot, phaseSeconds: trainer.phaseSeconds,
    divergedEpisodes: trainer.divergedEpisodes)
}
