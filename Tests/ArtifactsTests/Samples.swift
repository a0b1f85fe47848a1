import Artifacts
import Foundation
import TestSupport

/// Small valid artifacts, one of every stage.
enum Samples {
  static let tasks = ["cartpole/short", "cartpole/long", "cartpole/heavy"]

  static let provenance = Provenance(
    stage: "score", stageVersion: 3, gitCommit: "0123abc", gitDirty: true, toolchain: "Swift 6.3.1",
    libraries: ["OpenBLAS": "0.3.21", "HDF5": "1.10.8"], seed: 7,
    config: "score:\n  bootstrap: 200  # é\n",
    inputs: ["subsets": String(repeating: "ab", count: 32), "meta_train": String(repeating: "cd", count: 32)])

  static let policy = NetworkParameters(
    architecture: #"{"kind": "mlp", "sizes": [4, 3, 2]}"#, sizes: [4, 3, 2], actionSize: 2,
    flat: (0..<25).map { Float($0) / 8 })

  static let metaTrain = MetaTrainArtifact(
    tasks: tasks, policy: policy,
    critic: NetworkParameters(architecture: "{}", sizes: [7, 1], flat: [1, 2, 3, 4, 5, 6, 7, 8]),
    normalizer: NormalizerMoments(mean: [0, 1, 2, 3], variance: [1, 1, 0.5, 0], count: 100),
    curve: LearningCurve(steps: [0, 100], returns: [1, 2, 3, 4, 5, 6]), taskReturn: [10, 20, 30],
    rewardScale: [1, 2.5, 0.5])

  static let collectGradients = CollectGradientsArtifact(
    tasks: tasks, task: [0, 0, 1, 1, 2, 2], episode: [0, 1, 0, 1, 0, 1],
    heldOut: [false, true, false, true, true, false], advantage: [1, -1, 1, -1, 0.5, -0.5],
    features: (0..<12).map(Float.init), dimension: 2, projection: #"{"kind": "gaussian"}"#,
    transitions: .init(
      observations: (0..<24).map { -Float($0) }, inputSize: 4, actions: .discrete([0, 1, 1, 0, 1, 0]),
      logProbability: [-0.1, -0.2, -0.3, -0.4, -0.5, -0.6]),
    taskReturn: [1, 2, 3])

  static let sampleSubsets = SampleSubsetsArtifact(
    tasks: tasks, subsets: [[0, 1], [0, 2], [1, 2], [0, 1, 2]])

  static let linearizedAdapt = LinearizedAdaptArtifact(
    tasks: tasks, subsets: sampleSubsets.subsets, solution: (0..<8).map(Double.init), dimension: 2,
    loss: [0.6, 0.5, 0.4, 0.3], gradientNorm: [1e-9, 0, 1e-10, 1e-12], iterations: [3, 4, 5, 6],
    meanAbsoluteMargin: [0.1, 0.2, 0.3, 0.4], ridge: 0.125)

  static func score(gain: [Double] = [0.1, 0.2, -0.1], affinity: [Double]? = nil) -> ScoreArtifact {
    let matrix = affinity ?? [1, 0.5, 0.2, 0.5, 1, 0.1, 0.2, 0.1, 1]
    return ScoreArtifact(
      tasks: tasks, performance: [1, 2, .nan, 3, .nan, 4, .nan, 5, 6, 7, 8, 9],
      subsetPerformance: [1.5, 3.5, 5.5, 8], affinity: matrix, affinityLow: matrix.map { $0 - 0.1 },
      affinityHigh: matrix.map { $0 + 0.1 }, affinityResidual: matrix,
      affinityResidualLow: matrix.map { $0 - 0.2 }, affinityResidualHigh: matrix.map { $0 + 0.2 },
      affinityTask: matrix,
      pairCount: [3, 2, 2, 2, 3, 2, 2, 2, 3], gradientCosine: matrix, gain: gain,
      gainLow: gain.map { $0 - 0.05 }, gainHigh: gain.map { $0 + 0.05 }, reliableTasks: 2,
      verdict: "2 of 3 tasks gain reliably")
  }

  static let cluster = ClusterArtifact(
    tasks: tasks, relaxation: [1, 0, 0, 0, 1, 0, 0, 0, 1], objective: 3, dualBound: 3.0001, exactObjective: 3,
    roundingLoss: 0, selection: .init(penalty: [0.1, 1], trace: [3, 2], groupCount: [3, 2]), k: 2,
    groupings: [
      .init(name: "policygradex", labels: [0, 0, 1]), .init(name: "single", labels: [0, 0, 0]),
      .init(name: "random-0", labels: [0, 1, 1]),
    ], verdict: "structure: 2 of 3 tasks gain reliably")

  static let trainedSet = TrainedSetArtifact(
    tasks: [tasks[0], tasks[2]], taskIndices: [0, 2], policy: policy,
    normalizer: NormalizerMoments(mean: [0, 0, 0, 0], variance: [1, 1, 1, 1], count: 5),
    curve: LearningCurve(steps: [0, 50, 90], returns: [.nan, .nan, 1, 2, 3, 4]), returns: [1, 2, 3, 4, 5, 6],
    randomReturns: [0, 0, 0, 1, 1, 1], success: [true, false, true, true, true, false], steps: 90)

  static let evaluation = EvaluationArtifact(
    tasks: tasks, groupings: ["policygradex", "single"], returns: [1, 2, 3, 4, 5, 6],
    normalised: [0, 0.5, 1, 0.1, 0.2, 0.3], normalisedMean: [0.5, 0.2], normalisedLow: [0.4, 0.1],
    normalisedHigh: [0.6, 0.3], worstNormalised: [0, 0.1], totalSteps: [300, 300],
    sets: ["tasks-0-1", "tasks-0-1", "tasks-2", "tasks-0-1-2", "tasks-0-1-2", "tasks-0-1-2"],
    referenceLow: [0, 0, 0], referenceHigh: [10, 10, 10],
    verdict: "no reliable structure: 1 of 3 tasks gains reliably")

  static let trainingCheckpoint = TrainingCheckpoint(
    tasks: tasks, parameters: [1, -2, 0.5], optimizer: .init(first: [0, 1, 2], second: [0, 0, 1], step: 17),
    normalizer: NormalizerMoments(mean: [0, 1], variance: [1, 2], count: 64),
    rewardScaling: .init(
      discountedReturns: [1, 2, 3, 4, 5, 6], mean: [0, 1, 2], variance: [1, 0, 3], count: [8, 8, 8]),
    recentReturns: [[1, 2, 3], [], [-4]], curve: LearningCurve(steps: [6, 12], returns: [1, 2, 3, 4, 5, 6]),
    environments: .init(
      worlds: (0..<18).map(Double.init), generators: (0..<36).map { $0 % 2 == 0 ? Int64.min + $0 : $0 },
      elapsedSteps: [0, 1, 2, 3, 4, 5], episodeReturns: [0, 1, 2, 3, 4, 5],
      divergedEpisodes: [0, 0, 0, 0, 0, 1]),
    evaluation: .init(returns: [7, 8], lengths: [70, 80], diverged: [false, true]),
    randomEvaluation: .init(returns: [], lengths: [], diverged: []))

  static let collectionCheckpoint = CollectionCheckpoint(
    tasks: tasks, episodeTask: [0, 0, 2], episodeLength: [2, 1, 3], terminated: [true, false, true],
    diverged: [false, true, false],
    finalObservations: [1, 2, 3, 4, 5, 6], observations: (0..<12).map(Float.init),
    actions: [0, 1, 0, 1, 1, 0],
    logProbabilities: [-1, -2, -3, -1, -2, -3], rewards: [1, 1, 1, 1, 1, 0.5], features: [1, 2, 3, 4],
    dimension: 2)

  /// All of them, in the order of the stages.
  static let all: [any Artifact] = [
    metaTrain, collectGradients, sampleSubsets, linearizedAdapt, score(), cluster, trainedSet, evaluation,
    trainingCheckpoint, collectionCheckpoint,
  ]
}

/// The bytes of a file.
func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

/// The names of the files in a folder, sorted.
func files(_ folder: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
}
