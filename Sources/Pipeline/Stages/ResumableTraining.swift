internal import Artifacts
internal import Configuration
internal import Environments
internal import Logging
internal import Random
internal import Training
internal import Workers

/// A training and the evaluation after it, which save where they stand and go on from there.
///
/// What is saved is the training's state, and once that is at its end the evaluation episodes played so far.
final class ResumableTraining<Body: StageConfiguration> {
  private let context: StageContext<Body>
  private let tasks: [TaskSpecification]
  private let registry: TaskRegistry
  private let checkpoints: Checkpoints<TrainingCheckpoint>
  private var start: TrainingCheckpoint?
  private var evaluated = [PlayedEpisode]()
  private var randomlyPlayed = [PlayedEpisode]()

  /// A training on some tasks; looks for a checkpoint.
  ///
  /// - Throws: `OutputError` for a checkpoint of something else that cannot be set aside.
  init(_ context: StageContext<Body>, tasks: [TaskSpecification], registry: TaskRegistry) throws {
    self.context = context
    self.tasks = tasks
    self.registry = registry
    checkpoints = try context.checkpoints(of: TrainingCheckpoint.self)
    start = try checkpoints.latest { saved in
      guard saved.tasks == tasks.map(\.name) else { return nil }
      let episodes = saved.evaluation.returns.count + saved.randomEvaluation.returns.count
      return "\(saved.curve.steps.last ?? 0) steps"
        + (episodes > 0 ? ", \(episodes) evaluation episodes" : "")
    }
    evaluated = start?.evaluation.episodes ?? []
    randomlyPlayed = start?.randomEvaluation.episodes ?? []
  }

  /// Trains one policy on the tasks.
  ///
  /// - Parameters:
  ///   - totalSteps: environment steps over all tasks.
  ///   - random: the training's stream.
  /// - Returns: the training at its end.
  /// - Throws: `Stopped`, `DivergedTraining`, and what `Trainer` throws.
  func train(
    _ learner: LearnerConfiguration, totalSteps: Int, start policy: TrainingStart = .scratch,
    random: RandomStream
  ) throws -> Trainer {
    let first = start.map { Int($0.curve.steps.last ?? 0) } ?? 0
    var progress = ProgressReporter(context.logger, unit: "step", from: first)
    let trainer = try Trainer(
      tasks: tasks, registry: registry, configuration: learner.ppo, makeNetwork: learner.policy.network,
      policySeesTask: learner.taskID == .oneHot, totalSteps: totalSteps, start: policy, random: random,
      workers: context.workers)
    do {
      try trainer.run(from: start.map(TrainingSnapshot.init)) { report in
        progress.update(report.environmentSteps, of: report.totalSteps, trainingDetail(report))
        try checkpoints.offer("\(report.environmentSteps) of \(report.totalSteps) steps") {
          checkpoint(trainer.snapshot)
        }
      }
    } catch TrainingError.snapshotDoesNotFit(let reason) {
      try checkpoints.reject(reason)
      (start, evaluated, randomlyPlayed) = (nil, [], [])
      return try train(learner, totalSteps: totalSteps, start: policy, random: random)
    } catch TrainingError.nonFinite(let number) {
      throw DivergedTraining(number: number, kept: checkpoints.present)
    }
    context.profile.add(trainer.phaseSeconds, environmentSteps: trainer.state.environmentSteps - first)
    reportDiverged(trainer.divergedEpisodes, in: "training", to: context.logger)
    return trainer
  }

  /// Plays evaluation episodes of each task with the policy's most likely actions, shape (K, episodes).
  ///
  /// - Throws: `Stopped`, and what `Training.evaluate` throws.
  func evaluate(_ trainer: Trainer, episodes: Int, random: RandomStream) throws -> [[PlayedEpisode]] {
    try play(trainer, "evaluation", \.evaluated) { played, progress in
      try Training.evaluate(
        trainer.trained, tasks: tasks, registry: registry, episodes: episodes, random: random,
        workers: context.workers, played: played, progress: progress)
    }
  }

  /// Plays the same evaluation episodes with random actions, shape (K, episodes).
  ///
  /// - Throws: `Stopped`, and what `playRandomActions` throws.
  func playRandomActions(
    after trainer: Trainer, episodes: Int, random: RandomStream
  ) throws -> [[PlayedEpisode]] {
    try play(trainer, "evaluation of random actions", \.randomlyPlayed) { played, progress in
      try Training.playRandomActions(
        tasks: tasks, registry: registry, episodes: episodes, random: random, workers: context.workers,
        played: played, progress: progress)
    }
  }

  private func play(
    _ trainer: Trainer, _ name: String,
    _ kept: ReferenceWritableKeyPath<ResumableTraining, [PlayedEpisode]>,
    _ body: ([PlayedEpisode], ([PlayedEpisode]) throws -> Void) throws -> [[PlayedEpisode]]
  ) throws -> [[PlayedEpisode]] {
    let played = try context.profile.measure(.evaluation) {
      try body(self[keyPath: kept]) { episodes in
        self[keyPath: kept] = episodes
        try checkpoints.offer(
          "the end of training and \(evaluated.count + randomlyPlayed.count) evaluation episodes"
        ) { checkpoint(trainer.snapshot) }
      }
    }
    context.profile.evaluationSteps += played.stepCount
    reportDiverged(played.divergedCount, in: name, to: context.logger)
    return played
  }

  private func checkpoint(_ snapshot: TrainingSnapshot) -> TrainingCheckpoint {
    TrainingCheckpoint(
      snapshot, tasks: tasks.map(\.name), evaluation: evaluated, randomEvaluation: randomlyPlayed)
  }
}

/// A training met a number that is not finite.
struct DivergedTraining: Error, CustomStringConvertible {
  /// What it was, and when.
  let number: NonFiniteNumber
  /// The checkpoint of the last good state that was saved; nil if none was.
  let kept: String?

  /// One line: the number, the remedy, and what is kept.
  var description: String {
    let place =
      kept.map { "the last good state that was saved is kept in \($0)" } ?? "no state was saved before"
    return "\(TrainingError.nonFinite(number)); \(place)"
  }
}
