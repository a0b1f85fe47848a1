internal import Artifacts
internal import Configuration
internal import Environments
internal import Random
internal import Statistics
internal import Training
internal import Workers

/// The shares of a training's steps after which its policy is evaluated: before the first step, on the way, and at the end.
package let truthFractions = [0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1]

/// All that the trainings of the truth of one seed share.
struct TruthTrainings: Sendable {
  /// The learner and what the section says.
  let settings: StageSettings<TruthSection>
  /// The benchmark's tasks.
  let tasks: [TaskSpecification]
  /// Where their worlds come from.
  let registry: TaskRegistry
  /// θ*, for trainings that begin with it.
  let meta: TrainedPolicy?
  /// The random numbers of full-train-eval with this seed.
  let random: RandomStream

  /// Environment steps per task of a set.
  func stepsPerTask(_ start: SetTrainingSection.Start) -> Int {
    let steps = settings.section.timestepsPerTask ?? 0
    return start == .scratch ? steps : max(1, Int((Double(steps) * settings.section.metaFraction).rounded()))
  }

  /// Trains a set on the calling thread, and evaluates its policy before, on the way and at the end. At each evaluation
  /// the policy meets the same episodes. The first training with a start is that of full-train-eval with the same seed.
  ///
  /// - Parameter check: called after every iteration; what it throws ends the training.
  /// - Throws: when training diverges, and what the environments throw.
  func train(_ job: TruthJob, check: () throws -> Void) throws -> SetTruthArtifact {
    let workers = WorkerPool(threads: 1)
    let random = job.run.number == 0 ? random : random.derived("repeat-\(job.run.number)")
    let members = job.set.members
    let some = members.map { tasks[$0] }
    let start = meta.map { TrainingStart.policy($0.restricted(to: members)) }
    let trainer = try Trainer(
      tasks: some, registry: registry, configuration: settings.learner.ppo,
      makeNetwork: settings.learner.policy.network, policySeesTask: settings.learner.taskID == .oneHot,
      totalSteps: stepsPerTask(job.run.start) * members.count,
      start: (job.run.start == .meta ? start : nil) ?? .scratch, random: random.derived(job.set.spelledName),
      workers: workers)
    func returns(_ trained: TrainedPolicy?) throws -> [Float] {
      try evaluate(
        trained, tasks: some, registry: registry, episodes: settings.section.evaluationEpisodes,
        random: random.derived("evaluation"), workers: workers
      ).joined().map { Float($0.undiscountedReturn) }
    }
    var made = SetTruthArtifact { _ in }
    func record() throws {
      made.steps.append(Int64(trainer.state.environmentSteps))
      made.returns += try returns(trainer.trained)
    }
    for fraction in truthFractions {
      // An iteration is the least that can be trained, so points at the start of a short training coincide.
      while Double(trainer.state.iteration) < (fraction * Double(trainer.iterations)).rounded() {
        _ = try trainer.runIteration()
        try check()
      }
      try record()
    }
    made.tasks = some.map(\.name)
    made.taskIndices = members.map { Int32($0) }
    made.randomReturns = try returns(nil)
    made.start = job.run.start.rawValue
    made.number = job.run.number
    return made
  }
}
