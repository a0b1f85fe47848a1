package import Artifacts
package import Configuration
package import Environments
internal import Logging
internal import Random
internal import Spelling
internal import Statistics
internal import Training
internal import Workers

/// The stage meta-train: one policy for all tasks, by multi-task PPO (θ*).
///
/// - Parameter registry: where the tasks' worlds come from; nil for those that the programs ship with.
/// - Returns: the policy with its critic, statistics and learning curve, and its mean return on each task over
///   deterministic evaluation episodes.
/// - Throws: for tasks that do not exist or fit together, and when training diverges.
package func metaTrain(
  _ context: StageContext<MetaTrainSection>, registry: TaskRegistry? = nil
) throws -> MetaTrainArtifact {
  let settings = context.slice.body
  let registry = try registry ?? standardRegistry()
  let tasks = try registry.resolve(settings.learner.tasks, file: context.configFile)
  let total = settings.section.totalTimesteps
  context.logger.info("\(tasks.count) tasks, \(total) steps, task \(settings.learner.taskID.rawValue)")
  let trainer = try trainResumably(
    context, settings.learner, tasks: tasks, registry: registry, totalSteps: total,
    random: context.random.derived("training"))
  let played = try context.playing("evaluation") {
    try evaluate(
      trainer.trained, tasks: tasks, registry: registry, episodes: evaluationEpisodes, random: context.random,
      workers: context.workers)
  }
  let means = played.map { mean($0.map(\.undiscountedReturn)) }
  context.logger.report("return", of: tasks.map(\.name), means, decimals: 1)
  return try MetaTrainArtifact {
    $0.tasks = tasks.map(\.name)
    $0.policy = try NetworkParameters(policyOf: trainer.trained)
    $0.critic = try NetworkParameters(criticOf: trainer.trained)
    $0.normalizer = NormalizerMoments(trainer.trained.normalizer)
    $0.curve = LearningCurve(trainer.state)
    $0.taskReturn = means
    $0.rewardScale = trainer.trained.rewardScales
  }
}

/// Episodes per task behind the returns that meta-train reports.
let evaluationEpisodes = 10
