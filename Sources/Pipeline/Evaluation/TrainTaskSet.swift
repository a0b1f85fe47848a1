package import Artifacts
package import Configuration
internal import Environments
internal import Logging
internal import Random
internal import Statistics
internal import Training
internal import Workers

/// Trains one policy on one task set from scratch, and evaluates it.
///
/// The budget is proportional to the set's size, so that every grouping of the benchmark costs the same. The random
/// numbers are a function of the run's seed and the set's name; the evaluation's of the seed and the task alone, so
/// that all sets meet the same episodes.
///
/// - Throws: for a set with tasks that the benchmark does not have, and when training diverges.
package func trainTaskSet(
  _ context: StageContext<FullTrainEvalConfiguration>, set: TaskSet
) throws -> TrainedSetArtifact {
  let settings = context.slice.body
  let registry = try standardRegistry()
  let all = try registry.resolve(settings.learner.tasks, file: context.configFile)
  guard let last = set.members.last, last < all.count else {
    throw UsageError("\(set.name) names task \(set.members.last ?? 0), but there are only \(all.count) tasks")
  }
  let tasks = set.members.map { all[$0] }
  let total = settings.section.timestepsPerTask * tasks.count
  var progress = ProgressReporter(context.logger, unit: "step")
  let result = try trainMultiTask(
    tasks: tasks, registry: registry, configuration: PPOConfiguration(settings.learner),
    policySeesTask: settings.learner.taskID == .oneHot && tasks.count > 1, totalSteps: total,
    random: context.random.derived(set.name), workers: context.workers
  ) { report in
    progress.update(report.environmentSteps, of: report.totalSteps, trainingDetail(report))
  }
  report(result, to: context.logger, context.profile)
  let episodes = settings.section.evaluationEpisodes
  let evaluation = context.random.derived("evaluation")
  let (played, randomReturns) = try context.profile.measure(\.evaluation) {
    (
      try evaluate(
        result.trained, tasks: tasks, registry: registry, episodes: episodes, random: evaluation,
        workers: context.workers),
      try randomActionReturns(
        tasks: tasks, registry: registry, episodes: episodes, random: evaluation, workers: context.workers)
    )
  }
  let returns = played.map { $0.map(\.undiscountedReturn) }
  let means = returns.map { fixed(mean($0), 1) }
  context.logger.info("\(zip(tasks, means).map { "\($0.name) \($1)" }.joined(separator: ", "))")
  return TrainedSetArtifact(
    tasks: tasks.map(\.name), taskIndices: set.members.map { Int32($0) },
    policy: try NetworkParameters(policyOf: result.trained),
    normalizer: NormalizerMoments(result.trained.normalizer), curve: LearningCurve(result),
    returns: returns.flatMap { $0 }, randomReturns: randomReturns.flatMap { $0 }, success: nil,
    steps: Int64(result.environmentSteps))
}
