internal import Artifacts
internal import Configuration
internal import Environments
internal import Logging
internal import Random
internal import Training
internal import Workers

/// Trains one policy on some tasks, saves where the training stands, and goes on from there.
///
/// - Parameters:
///   - totalSteps: environment steps over all tasks.
///   - inputs: the files that what it starts from is read from, by role.
/// - Returns: the training at its end.
/// - Throws: `ProgramError`, also for a checkpoint of something else that cannot be set aside, and what `Trainer` throws.
func trainResumably<Section>(
  _ context: StageContext<Section>, _ learner: LearnerConfiguration, tasks: [TaskSpecification],
  registry: TaskRegistry, totalSteps: Int, start policy: TrainingStart = .scratch,
  inputs: [String: String] = [:], random: RandomStream
) throws -> Trainer {
  let names = tasks.map(\.name)
  let checkpoints = try Checkpoints<_, TrainingCheckpoint>(context, inputs: inputs)
  var start = try checkpoints.latest { saved in
    saved.tasks == names ? "\(saved.curve.steps.last ?? 0) steps" : nil
  }
  while true {
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
          TrainingCheckpoint(trainer.snapshot, tasks: names)
        }
      }
      context.profile.add(trainer.phaseSeconds, environmentSteps: trainer.state.environmentSteps - first)
      reportDiverged(trainer.divergedEpisodes, in: "training", to: context.logger)
      return trainer
    } catch TrainingError.snapshotDoesNotFit(let reason) {
      try checkpoints.reject(reason)
      start = nil
    } catch TrainingError.nonFinite(let number) {
      throw ProgramError.diverged(number, kept: checkpoints.present)
    }
  }
}
