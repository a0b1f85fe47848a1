package import Configuration
internal import Environments
package import Random

extension Trainer {
  /// One iteration of proximal policy optimisation (Schulman et al. 2017).
  ///
  /// - Throws: `TrainingError.nonFinite`, after which the training cannot go on, and what the environments throw.
  package func runIteration() throws -> TrainingProgress {
    let iteration = state.iteration
    let stream = random.derived("iteration-\(iteration)")
    var watch = Stopwatch()
    let acting = try collector.collect(
      into: buffer, parameters: state.parameters, normalizer: state.normalizer, random: stream,
      iteration: iteration, workers: workers)
    try takeIn(buffer)
    phaseSeconds.add(PhaseSeconds(acting, sharing: watch.lap()))

    try objective.estimateValues(of: buffer, parameters: state.parameters, iteration: iteration)
    if configuration.normalizeRewards { state.rewardScaling.update(buffer, gamma: configuration.gamma) }
    try buffer.estimateAdvantages(
      tasks: tasks.map(\.name), scales: configuration.normalizeRewards ? state.rewardScaling.scales : nil,
      gamma: configuration.gamma, lambda: configuration.gaeLambda, standardised: configuration.normAdv,
      iteration: iteration, workers: workers)
    phaseSeconds[.advantages] += watch.lap()

    var shuffling = stream.derived("minibatches")
    let rate = learningRate
    // Of one state at once: two of its parts cannot be lent at the same time.
    let sums = try state.withLearned { parameters, optimizer in
      try objective.descend(
        on: buffer, &parameters, &optimizer, configuration, learningRate: rate, random: &shuffling,
        iteration: iteration)
    }
    phaseSeconds[.update] += watch.lap()
    return endIteration(sums)
  }
}

extension PPOObjective {
  /// Descends the loss over `updateEpochs` passes in freshly shuffled minibatches.
  ///
  /// - Returns: the sums over all rows of all epochs.
  /// - Throws: `TrainingError.nonFinite` as soon as a loss, the gradient or a parameter is not finite.
  package func descend(
    on buffer: RolloutBuffer, _ parameters: inout [Float], _ optimizer: inout Adam,
    _ configuration: PPOConfiguration, learningRate: Double, random: inout RandomStream, iteration: Int
  ) throws -> LossSums {
    var rows = (0..<Int32(buffer.count)).map { $0 }
    var total = LossSums()
    for _ in 0..<configuration.updateEpochs {
      random.shuffle(count: rows.count) { rows.swapAt($0, $1) }
      var epoch = LossSums()
      for minibatch in split(rows[...], into: configuration.numMinibatches) {
        let moment = NonFiniteNumber.Moment.optimizerStep(optimizer.step, iteration: iteration)
        let (norm, sums) = try gradient(of: minibatch, in: buffer, parameters: parameters, at: moment)
        try optimizer.update(
          &parameters, gradient: gradients, in: blocks,
          scale: min(1, configuration.maxGradNorm / (norm + 1e-6)),
          learningRate: learningRate, workers: workers)
        try requireFinite(parameters, { .parameter($0) }, at: moment)
        epoch.add(sums)
      }
      total.add(epoch)
      if let targetKL = configuration.targetKL, epoch.divergence / epoch.count > targetKL { break }
    }
    return total
  }
}
