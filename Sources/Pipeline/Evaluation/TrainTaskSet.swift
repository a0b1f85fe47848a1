package import Artifacts
package import Configuration
internal import Environments
internal import Logging
internal import Random
internal import Spelling
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
  let training = try ResumableTraining(context, tasks: tasks, registry: registry)
  let trainer = try training.train(
    settings.learner, totalSteps: total, random: context.random.derived(set.name))
  let episodes = settings.section.evaluationEpisodes
  let evaluation = context.random.derived("evaluation")
  let played = try training.evaluate(trainer, episodes: episodes, random: evaluation)
  let playedRandomly = try training.playRandomActions(after: trainer, episodes: episodes, random: evaluation)
  let returns = played.map { $0.map(\.undiscountedReturn) }
  context.logger.report("return", of: tasks.map(\.name), returns.map(mean), decimals: 1)
  return try TrainedSetArtifact {
    $0.tasks = tasks.map(\.name)
    $0.taskIndices = set.members.map { Int32($0) }
    $0.policy = try NetworkParameters(policyOf: trainer.trained)
    $0.normalizer = NormalizerMoments(trainer.trained.normalizer)
    $0.curve = LearningCurve(trainer.state)
    $0.returns = returns.flatMap { $0 }
    $0.randomReturns = playedRandomly.flatMap { $0.map(\.undiscountedReturn) }
    $0.steps = Int64(trainer.state.environmentSteps)
  }
}
