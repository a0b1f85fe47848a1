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
  ///   - policySeesTask: whether it is told the task.
  ///   - totalSteps: environment steps over all tasks.
  ///   - random: the training's stream.
  /// - Throws: `Stopped`, `DivergedTraining`, and what `trainMultiTask` throws.
  func train(
    _ learner: LearnerConfiguration, policySeesTask: Bool, totalSteps: Int, random: RandomStream
  ) throws -> TrainingResult {
    let first = start.map { Int($0.curve.steps.last ?? 0) } ?? 0
    var progress = ProgressReporter(context.logger, unit: "step", from: first)
    let result: TrainingResult
    do {
      result = try trainMultiTask(
        tasks: tasks, registry: registry, configuration: PPOConfiguration(learner),
        policySeesTask: policySeesTask, totalSteps: totalSteps, random: random, workers: context.workers,
        from: start.map(TrainingSnapshot.init)
      ) { report, snapshot in
        progress.update(report.environmentSteps, of: report.totalSteps, trainingDetail(report))
        try checkpoints.offer("\(report.environmentSteps) of \(report.totalSteps) steps") {
          checkpoint(snapshot())
        }
      }
    } catch TrainingError.snapshotDoesNotFit(let reason) {
      try checkpoints.reject(reason)
      (start, evaluated, randomlyPlayed) = (nil, [], [])
      return try train(
        learner, policySeesTask: policySeesTask, totalSteps: totalSteps, random: random)
    } catch TrainingError.nonFinite(let number) {
      throw DivergedTraining(number: number, kept: checkpoints.present)
    }
    context.profile.add(result.phaseSeconds, environmentSteps: result.environmentSteps - first)
    reportDiverged(result.divergedEpisodes, in: "training", to: context.logger)
    return result
  }

  /// Plays evaluation episodes of each task with the policy's most likely actions, shape (K, episodes).
  ///
  /// - Throws: `Stopped`, and what `Training.evaluate` throws.
  func evaluate(_ result: TrainingResult, episodes: Int, random: RandomStream) throws -> [[PlayedEpisode]] {
    let played = try context.profile.measure(\.evaluation) {
      try Training.evaluate(
        result.trained, tasks: tasks, registry: registry, episodes: episodes, random: random,
        workers: context.workers, played: evaluated
      ) {
        evaluated = $0
        try offer(result, episodes)
      }
    }
    context.profile.evaluationSteps += played.stepCount
    reportDiverged(played.divergedCount, in: "evaluation", to: context.logger)
    return played
  }

  /// Plays the same evaluation episodes with random actions, shape (K, episodes).
  ///
  /// - Throws: `Stopped`, and what `playRandomActions` throws.
  func playRandomActions(
    after result: TrainingResult, episodes: Int, random: RandomStream
  ) throws -> [[PlayedEpisode]] {
    let played = try context.profile.measure(\.evaluation) {
      try Training.playRandomActions(
        tasks: tasks, registry: registry, episodes: episodes, random: random, workers: context.workers,
        played: randomlyPlayed
      ) {
        randomlyPlayed = $0
        try offer(result, episodes)
      }
    }
    context.profile.evaluationSteps += played.stepCount
    reportDiverged(played.divergedCount, in: "evaluation of random actions", to: context.logger)
    return played
  }

  private func offer(_ result: TrainingResult, _ episodes: Int) throws {
    try checkpoints.offer(
      "the end of training and \(evaluated.count + randomlyPlayed.count) evaluation episodes"
    ) { checkpoint(result.snapshot) }
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
