package import Artifacts
package import Configuration
internal import Environments
internal import Foundation
internal import Logging
internal import Policies
internal import Random
internal import TaskAffinity
package import Training
internal import Workers

/// The stage collect-gradients: on-policy transitions at θ* and the projected gradients of their log-probabilities.
///
/// - Throws: for an unfit file, tasks that differ, and tasks with too few episodes to split.
package func collectGradients(
  _ context: StageContext<CollectGradientsSection>, metaTrain file: String
) throws -> CollectGradientsArtifact {
  let section = context.slice.body.section
  let artifact = try context.profile.measure(.inputOutput) { try MetaTrainArtifact(reading: file) }
  let trained = try TrainedPolicy(artifact, file: file)
  let registry = try standardRegistry()
  let tasks = try registry.resolve(context.slice.body.tasks, file: context.configFile)
  try requireSameTasks(tasks.map(\.name), from: context.configFile, artifact.tasks, from: file)
  let checkpoints = try Checkpoints<_, CollectionCheckpoint>(context, inputs: [Stage.metaTrain.role: file])
  let start = try checkpoints.latest { saved in
    saved.fits(artifact.tasks, trained, dimension: section.projectionDimension) ? progressText(saved) : nil
  }
  var episodes = start?.episodes ?? []
  func checkpoint(_ features: [Float] = []) -> CollectionCheckpoint {
    CollectionCheckpoint(
      episodes, tasks: artifact.tasks, features: features, dimension: section.projectionDimension)
  }
  let batch = try collectTransitions(
    trained, tasks: tasks, registry: registry, transitionsPerTask: section.transitionsPerTask,
    gamma: section.gamma, gaeLambda: section.gaeLambda, random: context.random, workers: context.workers,
    played: start?.episodes,
    progress: {
      episodes = $0
      try checkpoints.offer(progressText(checkpoint()), { checkpoint() })
    }, timing: { context.profile.add($0, environmentSteps: tasks.count * section.transitionsPerTask) })
  context.logger.info("collected \(batch.count) transitions of \(tasks.count) tasks")
  reportDiverged(batch.divergedEpisodes, in: "collection", to: context.logger)
  let held = try namingTasks(artifact.tasks, file: file) {
    try heldOutTransitions(
      task: batch.task, episode: batch.episode, names: artifact.tasks, fraction: section.heldOutFraction,
      random: context.random.derived("split"))
  }
  let projection = GaussianProjection(
    dimension: section.projectionDimension, stream: context.random.derived("projection"))
  let features = try context.profile.measure(.scores) {
    try GradientFeatures(
      policy: trained.policy, parameters: trained.policyParameters, projection: projection
    ).project(
      observations: batch.observations, tasks: batch.task, actions: batch.actions, workers: context.workers,
      known: start?.features ?? []
    ) { features in
      try checkpoints.offer(progressText(checkpoint(features()))) { checkpoint(features()) }
    }
  }
  try requireFinite(features: features, of: batch, tasks: artifact.tasks)
  context.logger.info(
    "projected \(trained.policy.parameterCount) parameters to \(projection.dimension) dimensions")
  let limit = Float(section.advantageClip)
  return try CollectGradientsArtifact {
    $0.tasks = artifact.tasks
    $0.task = batch.task
    $0.episode = batch.episode
    $0.heldOut = held
    $0.advantage = batch.advantage.map { min(max($0, -limit), limit) }
    $0.features = features
    $0.projection = try projection.description(seed: context.slice.seed)
    $0.observations = trained.policy.network.input.vectors(batch.observations, tasks: batch.task)
    switch trained.policy.distribution {
    case .gaussian: $0.continuousActions = batch.actions
    case .categorical: $0.discreteActions = batch.actions.map { Int32($0) }
    }
    $0.logProbability = batch.logProbability
    $0.taskReturn = batch.meanReturns
  }
}

/// How far the collection had come at a checkpoint.
private func progressText(_ checkpoint: CollectionCheckpoint) -> String {
  let features = checkpoint.features.count / checkpoint.dimension
  return "\(checkpoint.rewards.count) transitions of \(checkpoint.episodeTask.count) episodes"
    + (features > 0 ? ", features of \(features)" : "")
}

/// Checks the projected gradients of some transitions, shape (N, d).
///
/// - Throws: `TrainingError.nonFinite` for the first that is not finite.
package func requireFinite(
  features: [Float], of batch: TransitionBatch, tasks: [String]
) throws(TrainingError) {
  guard let index = features.firstIndex(where: { !$0.isFinite }) else { return }
  let dimension = features.count / batch.count
  let transition = index / dimension
  throw .nonFinite(
    NonFiniteNumber(
      Double(features[index]), in: .feature(entry: index % dimension),
      tasks: [tasks[Int(batch.task[transition])]], at: .transition(transition)))
}

extension GaussianProjection {
  /// The attribute `projection`: all that is needed to make P again (docs/artifacts.md).
  fileprivate func description(seed: UInt64) throws -> String {
    struct Description: Codable {
      var definition: String
      var dimension: Int
      var key: [UInt32]
      var kind: String
      var seed: UInt64
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let description = Description(
      definition: Self.definition, dimension: dimension, key: [key[0], key[1]], kind: "gaussian", seed: seed)
    return String(decoding: try encoder.encode(description), as: UTF8.self)
  }
}
