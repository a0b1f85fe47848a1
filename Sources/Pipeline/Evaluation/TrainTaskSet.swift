package import Artifacts
package import Configuration
package import Environments
internal import Logging
internal import Random
internal import Training
internal import Workers

/// Trains one policy on one task set from scratch.
///
/// The budget is proportional to the set's size, so that every grouping of the benchmark costs the same. The random
/// numbers are a function of the run's seed and the set's members.
///
/// - Parameter registry: where the tasks' worlds come from; nil for those that the programs ship with.
/// - Throws: for a set with tasks that the benchmark does not have, and when training diverges.
package func trainTaskSet(
  _ context: StageContext<SetTrainingConfiguration>, set: TaskSet, registry: TaskRegistry? = nil
) throws -> TrainedSetArtifact {
  let settings = context.slice.body
  let registry = try registry ?? standardRegistry()
  let all = try registry.resolve(settings.learner.tasks, file: context.configFile)
  guard let last = set.members.last, last < all.count else {
    throw UsageError("\(set.name) names task \(set.members.last ?? 0), but there are only \(all.count) tasks")
  }
  let tasks = set.members.map { all[$0] }
  let total = settings.section.timestepsPerTask * tasks.count
  let trainer = try trainResumably(
    context, settings.learner, tasks: tasks, registry: registry, totalSteps: total,
    random: context.random.derived(set.spelledName))
  return try TrainedSetArtifact {
    $0.tasks = tasks.map(\.name)
    $0.taskIndices = set.members.map { Int32($0) }
    $0.policy = try NetworkParameters(policyOf: trainer.trained)
    $0.normalizer = NormalizerMoments(trainer.trained.normalizer)
    $0.curve = LearningCurve(trainer.state)
    $0.steps = Int64(trainer.state.environmentSteps)
  }
}
