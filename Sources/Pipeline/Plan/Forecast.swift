internal import Configuration
internal import Environments
internal import Foundation
internal import Random
internal import Statistics
internal import Training

/// Predicts the stages of a run from its workload, a rehearsal and a probe.
///
/// A stage of the estimate takes what its rehearsal took, times the ratio of the operations that grow with the workload.
/// Trainings take their iterations. On top comes what every program takes: to start, to ask git, to flush its artifact.
struct Forecast {
  /// The whole work.
  let workload: Workload
  /// The estimate, played small.
  let rehearsal: Rehearsal
  /// The trainings' speed.
  let probe: TrainingProbe
  /// The number of threads.
  let threads: Int
  /// Seconds of one resample of one grouping's interval.
  let resampling: Double

  /// What every program takes.
  var overhead: Double { rehearsal.start + rehearsal.writing }

  private var section: FullTrainEvalSection { workload.configuration.fullTrainEval }

  /// Meta-train of one seed per element, whether it is up to date.
  func metaTrain(upToDate: [Bool], bytes: Int) -> StagePlan {
    let share = Double(workload.taskCount) / Double(probe.taskCount)
    let evaluation = workload.evaluationSteps(Array(workload.tasks.indices), episodes: evaluationEpisodes)
    var plan = StagePlan(.metaTrain)
    for isUpToDate in upToDate {
      plan.add(
        steps: workload.metaTrainSteps, evaluation: evaluation,
        seconds: overhead + Double(workload.metaTrainIterations) * probe.metaTrainIteration * share
          + Double(evaluation) * probe.evaluationStep / Double(threads),
        memory: rehearsal.baseBytes + trainerBytes(workload.taskCount), bytes: bytes,
        isUpToDate: isUpToDate)
    }
    return plan
  }

  /// A stage of the estimate, of one seed per element, whether it is up to date.
  ///
  /// - Throws: `HDF5Error`.
  func estimate(_ stage: Stage, upToDate: [Bool]) throws -> StagePlan {
    var plan = StagePlan(stage)
    guard let played = rehearsal.stages[stage] else { return plan }
    let lengths = [
      "task": workload.taskCount, "sample": workload.transitions, "subset": workload.subsetCount,
      "policy_input": probe.policyWidth(tasks: workload.taskCount),
    ]
    let bytes = try artifactSize(like: played.file, bytes: played.bytes, lengths: lengths)
    let ratio = operations(of: stage, workload) / operations(of: stage, rehearsal.workload)
    for isUpToDate in upToDate {
      plan.add(
        steps: stage == .collectGradients ? workload.transitions : 0,
        seconds: overhead + max(played.seconds - rehearsal.writing, 0) * ratio,
        memory: rehearsal.baseBytes + workingBytes(of: stage), bytes: bytes, isUpToDate: isUpToDate)
    }
    return plan
  }

  /// The training and evaluation of one task set.
  func training(_ set: TaskSet) -> (steps: Int, evaluation: Int, seconds: Double, memory: Int) {
    let size = set.members.count
    let evaluation = workload.evaluationSteps(set.members, episodes: section.evaluationEpisodes)
    let seconds =
      overhead + Double(workload.setIterations) * probe.setIteration(size)
      + Double(evaluation) * probe.evaluationStep
      + Double(size * section.evaluationEpisodes) * probe.randomEpisode * longerEpisodes
    return (workload.setSteps(size), evaluation, seconds, rehearsal.baseBytes + trainerBytes(size))
  }

  /// What training a number of tasks holds, bytes.
  private func trainerBytes(_ count: Int) -> Int {
    probe.trainerBytes(tasks: count, environments: workload.configuration.learner.ppo.numEnvs)
  }

  /// How much longer the benchmark's longest episode is than the rehearsal's.
  private var longerEpisodes: Double {
    func longest(_ work: Workload) -> Int { work.tasks.map(\.horizon).max() ?? 1 }
    return Double(longest(workload)) / Double(longest(rehearsal.workload))
  }

  /// Merging the sets of one seed: seconds and bytes of memory.
  func merging() -> (seconds: Double, memory: Int) {
    let draws = evaluationReplicates * workload.taskCount * section.evaluationEpisodes
    return (
      overhead + Double(workload.groupingCount * evaluationReplicates) * resampling,
      rehearsal.baseBytes + draws * MemoryLayout<Int>.stride
    )
  }

  /// The operations of a stage that grow with the workload, in arbitrary units; only ratios count.
  private func operations(of stage: Stage, _ work: Workload) -> Double {
    let configuration = work.configuration
    let (n, m) = (Double(work.transitions), Double(work.subsetCount))
    let (k, d) = (Double(work.taskCount), Double(configuration.collectGradients.projectionDimension))
    // Every subset visits the transitions of its tasks, (s/K) N of them.
    let visits = m * Double(min(configuration.sampleSubsets.size, work.taskCount)) / k * n
    return switch stage {
    case .collectGradients: n
    // The tasks' Gram matrices; some ten passes of margins and gradients; some ten conjugate-gradient solutions.
    case .linearizedAdapt: n * d * d + 40 * visits * d + 400 * m * d * d
    // Reading and checking the features, some fifty operations each; margins; resampled gains.
    case .score:
      50 * n * d + 2 * visits * d + Double(configuration.score.bootstrapReplicates) * (m + k) * k
    case .cluster: k * k
    case .metaTrain, .sampleSubsets, .fullTrainEval: m
    }
  }

  /// What a stage of the estimate holds besides the program itself: its files' contents once read or made, and copies.
  /// The factors are measured (halfcheetah, and 500 tasks).
  private func workingBytes(of stage: Stage) -> Int {
    let d = workload.configuration.collectGradients.projectionDimension
    let features = Double(4 * workload.transitions * d)
    let solutions = Double(8 * workload.subsetCount * d)
    let table = Double(8 * workload.subsetCount * workload.taskCount)
    return switch stage {
    case .collectGradients: Int(2.2 * features)
    case .linearizedAdapt: Int(1.5 * features + 3 * solutions)
    case .score: Int(1.2 * features + solutions + 2 * table)
    case .metaTrain, .sampleSubsets, .cluster, .fullTrainEval: 0
    }
  }
}

/// The seconds of one resample of the interval of one grouping's mean.
func secondsPerResample(tasks: Int, episodes: Int) -> Double {
  let (replicates, most) = (100, 100_000)
  let strata = [[Double]](
    repeating: [Double](repeating: 1, count: min(episodes, max(most / tasks, 1))), count: tasks)
  var watch = Stopwatch()
  _ = bootstrapMeanInterval(
    strata: strata, replicates: replicates, random: RandomStream(seed: 0, name: "plan"))
  return watch.lap() / Double(replicates) * Double(episodes) / Double(strata[0].count)
}
