internal import Artifacts
package import Configuration
internal import Environments
internal import Foundation
internal import Logging
internal import Random
internal import Spelling
internal import Synchronization
internal import Training
internal import Workers

/// Trains what one shard of the truth still lacks, as many sets at once as there are threads, and writes a file for each.
///
/// What stands in the folder from the same configuration, seed and θ* is kept, so the same command goes on where it was
/// stopped; two shards, or one shard on two machines, write the same bytes.
///
/// - Parameters:
///   - options: the slice, and the folder that receives `scratch-0/<set>.h5`, `meta-0/<set>.h5` and so on.
///   - starts: what the trainings begin with.
///   - metaTrain: the file of meta-train; read where a training begins with its policy.
/// - Throws: `ProgramError.stopped` after a signal, `.usage` without the file of meta-train, `.held` if another process
///   trains the shard, what training throws.
package func trainTruth(
  _ options: StageOptions, threads: Int, shard: Shard, starts: [SetTrainingSection.Start], metaTrain: String?
) throws {
  let folder = options.output
  do {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  } catch {
    throw ProgramError.output(file: folder, reason: error.localizedDescription)
  }
  // What is locked is the shard.
  var lock = options
  lock.output = "\(folder)/shard-\(shard.number)-of-\(shard.count)"
  let context = try StageContext<TruthSection>(lock, threads: threads)
  let settings = context.slice.body
  let registry = try standardRegistry()
  let tasks = try registry.resolve(settings.learner.tasks, file: context.configFile)
  var meta: TrainedPolicy?
  if starts.contains(.meta) {
    guard let metaTrain else {
      throw ProgramError.usage(
        "trainings that begin with θ* need the file of meta-train; name it by --meta-train")
    }
    let artifact = try MetaTrainArtifact(reading: metaTrain)
    try requireSameTasks(tasks.map(\.name), from: context.configFile, artifact.tasks, from: metaTrain)
    meta = try TrainedPolicy(artifact, file: metaTrain)
  }
  let trainings = TruthTrainings(
    settings: settings, tasks: tasks, registry: registry, meta: meta,
    random: RandomStream(seed: context.slice.seed, name: Stage.fullTrainEval.rawValue))
  let digests = try Provenance.digests(of: metaTrain.map { [Stage.metaTrain.role: $0] } ?? [:])
  // All trainings with one start have one provenance, which costs digests of files and of the C library's functions.
  let provenances = Dictionary(
    uniqueKeysWithValues: starts.map { start in
      var provenance = context.provenance(inputs: start == .meta ? digests : [:])
      provenance.config = Stage.truth.trainingText(of: context.slice.text)
      return (start, provenance)
    })
  let kinds = TruthRunKind.all(settings.section, starts: starts)
  for kind in kinds {
    try FileManager.default.createDirectory(
      atPath: "\(folder)/\(kind.folder)", withIntermediateDirectories: true)
  }
  // The largest first, so that the last ones end together.
  let sets = try truthSets(settings.section, taskCount: tasks.count).reversed()
  let all = shard.part(of: Array(sets)).flatMap { set in kinds.map { TruthJob(run: $0, set: set) } }
  let jobs = all.filter { job in
    provenances[job.run.start].map { !isMade("\(folder)/\(job.fileName)", under: $0) } ?? false
  }
  let steps = jobs.map { trainings.stepsPerTask($0.run.start) * $0.set.members.count }
  let total = steps.reduce(0, +)
  context.logger.info(
    "shard \(shard.number)/\(shard.count): \(jobs.count) of \(all.count) trainings to do, \(grouped(total)) steps"
  )
  context.interruption.becomePatient()
  let progress = Mutex((reporter: ProgressReporter(context.logger, unit: "step"), done: 0, sets: 0))
  let isStopped = context.interruption.inquiry
  try context.workers.run(jobs.count) { index, _ in
    let job = jobs[index]
    guard let provenance = provenances[job.run.start] else { return }
    func check() throws {
      guard isStopped() else { return }
      throw ProgramError.stopped("truth: stopped; the same command goes on with the sets that are left")
    }
    try check()
    let made = try trainings.train(job, check: check)
    try made.write(to: "\(folder)/\(job.fileName)", provenance: provenance)
    progress.withLock {
      $0.done += steps[index]
      $0.sets += 1
      $0.reporter.update($0.done, of: total, ", \($0.sets) of \(jobs.count) trainings")
    }
  }
  context.logger.info("shard \(shard.number)/\(shard.count): all \(all.count) trainings are done")
}

/// Whether a file holds what a training with this provenance would make; the source's commit does not count.
func isMade(_ file: String, under expected: Provenance) -> Bool {
  guard let found = try? Provenance(reading: file) else { return false }
  return (found.stage, found.stageVersion, found.seed, found.config)
    == (expected.stage, expected.stageVersion, expected.seed, expected.config)
    && found.inputs == expected.inputs
}
