package import Artifacts
package import Configuration
package import Environments
internal import Logging
internal import Random
internal import Training
internal import Workers

/// Trains one policy on one task set, from scratch or from the policy of meta-train.
///
/// The budget is proportional to the set's size, so that every grouping of the benchmark costs the same. The random
/// numbers are a function of the run's seed and the set's members.
///
/// - Parameters:
///   - metaTrain: the file of meta-train; read where `start` is `meta`.
///   - registry: where the tasks' worlds come from; nil for those that the programs ship with.
/// - Throws: for a set with tasks that the benchmark does not have, for a file of meta-train that is missing or of other
///   tasks, and when training diverges.
package func trainTaskSet(
  _ context: StageContext<SetTrainingSection>, set: TaskSet, metaTrain: String? = nil,
  registry: TaskRegistry? = nil
) throws -> TrainedSetArtifact {
  let settings = context.slice.body
  let registry = try registry ?? standardRegistry()
  let all = try registry.resolve(settings.learner.tasks, file: context.configFile)
  guard let last = set.members.last, last < all.count else {
    throw ProgramError.usage(
      "\(set.name) names task \(set.members.last ?? 0), but there are only \(all.count) tasks")
  }
  let tasks = set.members.map { all[$0] }
  let total = settings.section.timestepsPerTask * tasks.count
  let inputs = try trainingInputs(context, metaTrain: metaTrain)
  let start = try inputs[Stage.metaTrain.role].map { file in
    let meta = try MetaTrainArtifact(reading: file)
    try requireSameTasks(all.map(\.name), from: context.configFile, meta.tasks, from: file)
    return TrainingStart.policy(try TrainedPolicy(meta, file: file).restricted(to: set.members))
  }
  let trainer = try trainResumably(
    context, settings.learner, tasks: tasks, registry: registry, totalSteps: total,
    start: start ?? .scratch, inputs: inputs, random: context.random.derived(set.spelledName))
  return try TrainedSetArtifact {
    $0.tasks = tasks.map(\.name)
    $0.taskIndices = set.members.map { Int32($0) }
    $0.policy = try NetworkParameters(policyOf: trainer.trained)
    $0.normalizer = NormalizerMoments(trainer.trained.normalizer)
    $0.curve = LearningCurve(trainer.state)
    $0.steps = Int64(trainer.state.environmentSteps)
  }
}

/// The files that the training of a set is made from, by role: that of meta-train where the training begins with its policy.
///
/// - Throws: `ProgramError.usage` if it is needed and not given.
package func trainingInputs(
  _ context: StageContext<SetTrainingSection>, metaTrain: String?
) throws -> [String: String] {
  guard context.slice.body.section.start == .meta else { return [:] }
  guard let metaTrain else {
    throw ProgramError.usage(
      "full-train-eval.start is meta in \(context.configFile); name the file by --meta-train")
  }
  return [Stage.metaTrain.role: metaTrain]
}
