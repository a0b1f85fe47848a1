package import Artifacts
package import Configuration
package import Environments
internal import Logging
internal import Random
internal import Statistics
internal import Training
internal import Workers

/// Evaluates the policy of a task set: plays its most likely actions, and random ones, in the same episodes.
///
/// The random numbers are a function of the run's seed and the task alone, so that all sets meet the same episodes.
///
/// - Parameter file: what `trainTaskSet` has made of the set.
/// - Throws: for an unfit file, one of another configuration or seed, and what playing throws.
package func evaluateTaskSet(
  _ context: StageContext<FullTrainEvalSection>, policy file: String
) throws -> TrainedSetArtifact {
  let stored = try TrainedSetArtifact(reading: file)
  guard
    try Provenance(reading: file).config == Stage.fullTrainEval.trainingText(of: context.slice.text)
  else {
    throw ArtifactError.mismatch(
      file: file, object: "/provenance@config", expected: "what \(context.configFile) says of training",
      found: "another; train the set again")
  }
  return try evaluateTaskSet(context, trained: stored, file: file)
}

/// Evaluates the policy of a task set that was read from a file, or will be written to it.
///
/// - Parameter registry: where the tasks' worlds come from; nil for those that the programs ship with.
/// - Throws: for a set of other tasks, and what playing throws.
package func evaluateTaskSet(
  _ context: StageContext<FullTrainEvalSection>, trained stored: TrainedSetArtifact, file: String,
  registry: TaskRegistry? = nil
) throws -> TrainedSetArtifact {
  let settings = context.slice.body
  let registry = try registry ?? standardRegistry()
  let all = try registry.resolve(settings.learner.tasks, file: context.configFile)
  let tasks = stored.taskIndices.map { Int($0) }.filter(all.indices.contains).map { all[$0] }
  try requireSameTasks(tasks.map(\.name), from: context.configFile, stored.tasks, from: file)
  let trained = try TrainedPolicy(stored, file: file)
  let (episodes, random) = (settings.section.evaluationEpisodes, context.random.derived("evaluation"))
  func play(_ trained: TrainedPolicy?) throws -> [[PlayedEpisode]] {
    try evaluate(
      trained, tasks: tasks, registry: registry, episodes: episodes, random: random, workers: context.workers)
  }
  let played = try context.playing("evaluation") { try play(trained) }
  let playedRandomly = try context.playing("evaluation of random actions") { try play(nil) }
  let returns = played.map { $0.map(\.undiscountedReturn) }
  context.logger.report("return", of: stored.tasks, returns.map(mean), decimals: 1)
  var evaluated = stored
  evaluated.returns = returns.flatMap { $0 }
  evaluated.randomReturns = playedRandomly.flatMap { $0.map(\.undiscountedReturn) }
  evaluated.success = try registry.success(in: played, of: tasks)
  return evaluated
}
