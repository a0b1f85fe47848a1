internal import Artifacts
internal import Clustering
internal import Configuration
internal import Environments
internal import Foundation
internal import HDF5
internal import LinearAlgebra
internal import MuJoCo
internal import Training

extension Workload {
  /// This workload with as many of its tasks, steps of their episodes and transitions of each as can be played in a
  /// fraction of a second; everything else stays.
  func rehearsed() -> Workload {
    let horizon = min(tasks.map(\.horizon).max() ?? 1, 1000)
    let most = min(16_384 / stepsPerTaskAndIteration, 20_000 / horizon)
    let least = max(configuration.sampleSubsets.size, 3)
    let some = tasks.prefix(max(most, least)).map { task in
      var task = task
      task.horizon = min(task.horizon, horizon)
      return task
    }
    // Rows enough for the projection to be itself, as far as that goes fast, and more than an episode: a task needs two,
    // one to fit and one to score.
    let perRow = 2 * networkSize * configuration.collectGradients.projectionDimension
    let rows = min(8_000, 40_000_000_000 / perRow) / some.count
    return Workload(
      configuration: configuration, tasks: some,
      transitionsPerTask: max(horizon + horizon / 4 + 1, min(transitionsPerTask, rows)))
  }

  /// The policy's weights, about: those of its hidden layers.
  var networkSize: Int {
    let sizes = configuration.learner.policy.hiddenSizes
    return zip([32] + sizes, sizes + [8]).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// The slice of a stage for this workload's tasks and transitions.
  func slice(of stage: Stage, seed: UInt64 = 0) -> String {
    let entries = tasks.map(\.entry)
    var changes: [String: ResolvedValue] = [:]
    switch stage {
    case .collectGradients where transitionsPerTask != configuration.collectGradients.transitionsPerTask:
      changes["transitions_per_task"] = .integer(transitionsPerTask)
    case .sampleSubsets where taskCount < configuration.learner.tasks.count:
      changes["count"] = .string("auto")
    case .cluster where (configuration.cluster.k ?? 1) > taskCount: changes["k"] = .integer(taskCount)
    default: break
    }
    return configuration.slice(for: stage, seed: seed, tasks: entries, changes: changes)
  }

  /// The provenance of a stage's artifact, with a digest in the place of each input's.
  func provenance(of stage: Stage, inputs: [String]) -> Provenance {
    let digest = String(repeating: "0", count: 64)
    return Provenance(
      stage: stage.rawValue, stageVersion: stage.version, gitCommit: String(digest.prefix(40)),
      gitDirty: false,
      toolchain: "Swift 6.3",
      libraries: [
        "HDF5": HDF5File.libraryVersion, "MuJoCo": muJoCoVersion(), "OpenBLAS": openBLASVersion(),
        "OpenBLAS core": openBLASCoreName(),
      ],
      seed: 0, config: slice(of: stage), inputs: Dictionary(uniqueKeysWithValues: inputs.map { ($0, digest) })
    )
  }

  /// What meta-train would write of a policy, with so many points of the learning curve and zeros in it.
  func metaTrainArtifact(_ trained: TrainedPolicy, points: Int) throws -> MetaTrainArtifact {
    try MetaTrainArtifact {
      $0.tasks = tasks.map(\.name)
      $0.policy = try NetworkParameters(policyOf: trained)
      $0.critic = try NetworkParameters(criticOf: trained)
      $0.normalizer = NormalizerMoments(trained.normalizer)
      $0.curve = emptyCurve(points: points, tasks: taskCount)
      $0.taskReturn = zeros(taskCount)
      $0.rewardScale = trained.rewardScales
    }
  }

  /// What cluster would write of a grouping, with zeros for the numbers that only the sizes count of.
  func clusterArtifact(_ result: ClusteringResult) -> ClusterArtifact {
    let names =
      ["policygradex", "gradient-similarity"]
      + (0..<configuration.cluster.randomGroupings).map { "random-\($0)" } + ["single", "separate"]
    return ClusterArtifact {
      $0.tasks = tasks.map(\.name)
      $0.relaxation = result.relaxation.matrix.elements
      $0.objective = 0
      $0.dualBound = 0
      $0.exactObjective = result.exactOptimum.map { _ in 0 }
      $0.roundingLoss = result.roundingLoss.map { _ in 0 }
      $0.selectionPenalty = result.selection?.penalties
      $0.selectionTrace = result.selection?.traces
      $0.selectionGroupCount = result.selection?.groupCounts.map { Int32($0) }
      $0.k = result.groupCount
      $0.groupings = names.map { .init(name: $0, labels: result.grouping.labels.map { Int32($0) }) }
      $0.verdict = "structure: all tasks gain on held-out episodes (two or more, interval above 0)"
    }
  }

  /// What full-train-eval would write of a set's policy, with so many points and episodes.
  func setArtifact(
    _ trained: TrainedPolicy, _ set: TaskSet, points: Int, episodes: Int
  ) throws -> TrainedSetArtifact {
    let size = set.members.count
    return try TrainedSetArtifact {
      $0.tasks = set.members.map { tasks[$0].name }
      $0.taskIndices = set.members.map { Int32($0) }
      $0.policy = try NetworkParameters(policyOf: trained)
      $0.normalizer = NormalizerMoments(trained.normalizer)
      $0.curve = emptyCurve(points: points, tasks: size)
      $0.returns = zeros(size * episodes)
      $0.randomReturns = zeros(size * episodes)
      $0.steps = Int64(setSteps(size))
    }
  }

  private func emptyCurve(points: Int, tasks: Int) -> LearningCurve {
    LearningCurve(steps: [Int64](repeating: 0, count: points), returns: zeros(points * tasks))
  }

  private func zeros(_ count: Int) -> [Double] { [Double](repeating: 0, count: count) }
}

/// The size of a file, bytes.
///
/// - Throws: `InputError` if it is not there.
func fileSize(_ path: String) throws -> Int {
  let attributes = try? FileManager.default.attributesOfItem(atPath: path)
  guard let size = attributes?[.size] as? Int else { throw InputError(file: path, reason: "is not there") }
  return size
}
