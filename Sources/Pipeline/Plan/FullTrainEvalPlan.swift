internal import Artifacts
internal import Configuration
internal import Environments
internal import Random
internal import Training

extension Forecast {
  /// Full-train-eval of all seeds: the sets of all of them are trained side by side, then merged.
  ///
  /// - Throws: `ArtifactError`, also for a cluster file that cannot be read.
  func fullTrainEval(seeds: [UInt64], files: [RunFiles], folder: String) throws -> StagePlan {
    var plan = StagePlan(.fullTrainEval)
    var (jobs, jobsLeft, memory) = ([Double](), [Double](), [Int]())
    var sizes: [Int: Int] = [:]
    for (seed, files) in zip(seeds, files) {
      // What there is already tells which sets there will be; else they are expected.
      let isClustered = files.isUpToDate(.cluster)
      let sets =
        isClustered
        ? try distinctTaskSets(cluster: files.artifact(.cluster))
        : workload.expectedSets(random: RandomStream(seed: seed, name: Stage.cluster.rawValue))
      for set in sets {
        let training = training(set)
        let bytes = try sizes[set.members.count] ?? setBytes(set, folder)
        sizes[set.members.count] = bytes
        let isUpToDate = isClustered && files.isUpToDate(set)
        plan.add(
          steps: training.steps, evaluation: training.evaluation, seconds: 0, memory: 0, bytes: bytes,
          isUpToDate: isUpToDate)
        jobs.append(training.seconds)
        if !isUpToDate { jobsLeft.append(training.seconds) }
        memory.append(training.memory)
      }
      let merging = merging()
      plan.add(
        seconds: merging.seconds, memory: merging.memory,
        bytes: try tableBytes(sets, folder),
        isUpToDate: files.isUpToDate(.fullTrainEval) && sets.allSatisfy { files.isUpToDate($0) })
    }
    plan.seconds += makespan(jobs, workers: threads)
    plan.secondsLeft += makespan(jobsLeft, workers: threads)
    // The largest sets are trained first, and at once.
    plan.memory = max(plan.memory, memory.sorted(by: >).prefix(threads).reduce(0, +))
    return plan
  }

  /// The size of meta-train's artifact, bytes.
  func metaTrainBytes(_ folder: String) throws -> Int {
    let points = min(workload.metaTrainIterations, Self.mostPoints)
    return try size(
      of: rehearsal.workload.metaTrainArtifact(probe.trained, points: points),
      provenance: workload.provenance(of: .metaTrain, inputs: []), folder,
      lengths: [
        "point": workload.metaTrainIterations, "task": workload.taskCount,
        "policy_units_0": probe.policyWidth(tasks: workload.taskCount),
        "critic_units_0": probe.trained.inputs.observationSize + workload.taskCount,
      ])
  }

  /// The size of a task set's artifact, bytes.
  private func setBytes(_ set: TaskSet, _ folder: String) throws -> Int {
    let episodes = workload.configuration.fullTrainEval.evaluationEpisodes
    let points = workload.setIterations
    return try size(
      of: workload.setArtifact(
        probe.trained, set, points: min(points, Self.mostPoints), episodes: min(episodes, Self.mostPoints)),
      provenance: workload.provenance(of: .fullTrainEval, inputs: []), folder,
      lengths: [
        "point": points, "episode": episodes,
        "policy_units_0": probe.policyWidth(tasks: set.members.count),
      ])
  }

  /// The size of the table's artifact, bytes.
  private func tableBytes(_ sets: [TaskSet], _ folder: String) throws -> Int {
    let (rows, columns) = (workload.groupingCount, workload.taskCount)
    let zeros = { [Double](repeating: 0, count: $0) }
    let names = (0..<workload.configuration.cluster.randomGroupings).map { "random-\($0)" }
    let name = sets.map(\.name).max { $0.count < $1.count } ?? ""
    let table = EvaluationArtifact {
      $0.tasks = workload.tasks.map(\.name)
      $0.groupings = ["policygradex", "gradient-similarity"] + names + ["single", "separate"]
      $0.returns = zeros(rows * columns)
      $0.normalised = zeros(rows * columns)
      $0.normalisedMean = zeros(rows)
      $0.normalisedLow = zeros(rows)
      $0.normalisedHigh = zeros(rows)
      $0.worstNormalised = zeros(rows)
      $0.totalSteps = [Int64](repeating: 0, count: rows)
      $0.sets = [String](repeating: name, count: rows * columns)
      $0.referenceLow = zeros(columns)
      $0.referenceHigh = zeros(columns)
      $0.verdict = "structure"
    }
    return try size(
      of: table,
      provenance: workload.provenance(of: .fullTrainEval, inputs: ["cluster"] + sets.map(\.name)), folder,
      lengths: [:])
  }

  /// More points or episodes than this are not written out to see how large they are.
  private static let mostPoints = 4096

  /// The size of an artifact with some other lengths, seen by writing it.
  private func size(
    of artifact: some Artifact, provenance: Provenance, _ folder: String, lengths: [String: Int]
  ) throws -> Int {
    let file = "\(folder)/size.h5"
    try artifact.write(to: file, provenance: provenance)
    return try artifactSize(like: file, bytes: fileSize(file), lengths: lengths)
  }
}
