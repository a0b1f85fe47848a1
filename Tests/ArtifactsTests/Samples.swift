import Artifacts
import Foundation
import TestSupport

/// Small valid artifacts, one of every stage.
enum Samples {
  static let tasks = ["cartpole/short", "cartpole/long", "cartpole/heavy"]

  static let provenance = Provenance {
    $0.stage = "score"
    $0.stageVersion = 3
    $0.gitCommit = "0123abc"
    $0.gitDirty = 1
    $0.toolchain = "Swift 6.3.1"
    $0.libraries = ["OpenBLAS": "0.3.21", "HDF5": "1.10.8"]
    $0.seed = 7
    $0.config = "score:\n  bootstrap: 200  # é\n"
    $0.inputs = [
      "subsets": String(repeating: "ab", count: 32), "meta_train": String(repeating: "cd", count: 32),
    ]
  }

  static let policy = NetworkParameters(
    architecture: #"{"kind": "mlp", "sizes": [4, 3, 2]}"#, sizes: [4, 3, 2], actionSize: 2,
    flat: (0..<25).map { Float($0) / 8 })

  static let metaTrain = MetaTrainArtifact {
    $0.tasks = tasks
    $0.policy = policy
    $0.critic = NetworkParameters(architecture: "{}", sizes: [7, 1], flat: [1, 2, 3, 4, 5, 6, 7, 8])
    $0.normalizer = NormalizerMoments(mean: [0, 1, 2, 3], variance: [1, 1, 0.5, 0], count: 100)
    $0.curve = LearningCurve(steps: [0, 100], returns: [1, 2, 3, 4, 5, 6])
    $0.taskReturn = [10, 20, 30]
    $0.rewardScale = [1, 2.5, 0.5]
  }

  static let collectGradients = CollectGradientsArtifact {
    $0.tasks = tasks
    $0.task = [0, 0, 1, 1, 2, 2]
    $0.episode = [0, 1, 0, 1, 0, 1]
    $0.heldOut = [false, true, false, true, true, false]
    $0.advantage = [1, -1, 1, -1, 0.5, -0.5]
    $0.features = (0..<12).map(Float.init)
    $0.projection = #"{"kind": "gaussian"}"#
    $0.observations = (0..<24).map { -Float($0) }
    $0.discreteActions = [0, 1, 1, 0, 1, 0]
    $0.logProbability = [-0.1, -0.2, -0.3, -0.4, -0.5, -0.6]
    $0.taskReturn = [1, 2, 3]
  }

  static let sampleSubsets = SampleSubsetsArtifact {
    $0.tasks = tasks
    $0.subsets = [[0, 1], [0, 2], [1, 2], [0, 1, 2]]
  }

  static let linearizedAdapt = LinearizedAdaptArtifact {
    $0.tasks = tasks
    $0.subsets = sampleSubsets.subsets
    $0.solution = (0..<8).map(Double.init)
    $0.loss = [0.6, 0.5, 0.4, 0.3]
    $0.gradientNorm = [1e-9, 0, 1e-10, 1e-12]
    $0.iterations = [3, 4, 5, 6]
    $0.meanAbsoluteMargin = [0.1, 0.2, 0.3, 0.4]
    $0.ridge = 0.125
  }

  static func score(gain: [Double] = [0.1, 0.2, -0.1], affinity: [Double]? = nil) -> ScoreArtifact {
    let matrix = affinity ?? [1, 0.5, 0.2, 0.5, 1, 0.1, 0.2, 0.1, 1]
    return ScoreArtifact {
      $0.tasks = tasks
      $0.performance = [1, 2, .nan, 3, .nan, 4, .nan, 5, 6, 7, 8, 9]
      $0.subsetPerformance = [1.5, 3.5, 5.5, 8]
      $0.affinity = matrix
      $0.affinityLow = matrix.map { $0 - 0.1 }
      $0.affinityHigh = matrix.map { $0 + 0.1 }
      $0.affinityResidual = matrix
      $0.affinityResidualLow = matrix.map { $0 - 0.2 }
      $0.affinityResidualHigh = matrix.map { $0 + 0.2 }
      $0.affinityTask = matrix
      $0.pairCount = [3, 2, 2, 2, 3, 2, 2, 2, 3]
      $0.gradientCosine = matrix
      $0.sets = [[0], [1], [2], [0, 2]]
      $0.retained = [1, .nan, .nan, .nan, 1, .nan, .nan, .nan, 1, 0.75, .nan, 0.5]
      $0.retainedReplicates = $0.retained.map { Float($0) } + $0.retained.map { Float($0 / 2) }
      $0.ownGain = [0.1, 0.2, 0.3]
      $0.ownGainError = [0.01, 0, 0.5]
      $0.gain = gain
      $0.gainLow = gain.map { $0 - 0.05 }
      $0.gainHigh = gain.map { $0 + 0.05 }
      $0.reliableTasks = 2
      $0.verdict = "2 of 3 tasks gain reliably"
    }
  }

  static let cluster = ClusterArtifact {
    $0.tasks = tasks
    $0.relaxation = [1, 0, 0, 0, 1, 0, 0, 0, 1]
    $0.objective = 3
    $0.dualBound = 3.0001
    $0.exactObjective = 3
    $0.roundingLoss = 0
    $0.selectionPenalty = [0.1, 1]
    $0.selectionTrace = [3, 2]
    $0.selectionGroupCount = [3, 2]
    $0.curve = [0.5, 0.75, 1]
    $0.curveLow = [0.25, 0.5, 1]
    $0.curveHigh = [0.75, 1, 1]
    $0.curveLabels = [0, 0, 0, 0, 0, 1, 0, 1, 2]
    $0.k = 2
    $0.groupings = [
      .init(name: "policygradex", labels: [0, 0, 1]), .init(name: "single", labels: [0, 0, 0]),
      .init(name: "random-0", labels: [0, 1, 1]),
    ]
    $0.verdict = "structure: 2 of 3 tasks gain reliably"
  }

  static let trainedSet = TrainedSetArtifact {
    $0.tasks = [tasks[0], tasks[2]]
    $0.taskIndices = [0, 2]
    $0.policy = policy
    $0.normalizer = NormalizerMoments(mean: [0, 0, 0, 0], variance: [1, 1, 1, 1], count: 5)
    $0.curve = LearningCurve(steps: [0, 50, 90], returns: [.nan, .nan, 1, 2, 3, 4])
    $0.returns = [1, 2, 3, 4, 5, 6]
    $0.randomReturns = [0, 0, 0, 1, 1, 1]
    $0.success = [true, false, true, true, true, false]
    $0.steps = 90
  }

  static let evaluation = EvaluationArtifact {
    $0.tasks = tasks
    $0.groupings = ["policygradex", "single"]
    $0.returns = [1, 2, 3, 4, 5, 6]
    $0.normalised = [0, 0.5, 1, 0.1, 0.2, 0.3]
    $0.normalisedMean = [0.5, 0.2]
    $0.normalisedLow = [0.4, 0.1]
    $0.normalisedHigh = [0.6, 0.3]
    $0.worstNormalised = [0, 0.1]
    $0.totalSteps = [300, 300]
    $0.sets = ["tasks-0-1", "tasks-0-1", "tasks-2", "tasks-0-1-2", "tasks-0-1-2", "tasks-0-1-2"]
    $0.referenceLow = [0, 0, 0]
    $0.referenceHigh = [10, 10, 10]
    $0.verdict = "no reliable structure: 1 of 3 tasks gains reliably"
  }

  static let trainingCheckpoint = TrainingCheckpoint {
    $0.tasks = tasks
    $0.parameters = [1, -2, 0.5]
    $0.firstMoment = [0, 1, 2]
    $0.secondMoment = [0, 0, 1]
    $0.optimizerSteps = 17
    $0.normalizer = NormalizerMoments(mean: [0, 1], variance: [1, 2], count: 64)
    $0.discountedReturns = [1, 2, 3, 4, 5, 6]
    $0.rewardMean = [0, 1, 2]
    $0.rewardVariance = [1, 0, 3]
    $0.rewardCount = [8, 8, 8]
    $0.recentReturns = [[1, 2, 3], [], [-4]]
    $0.curve = LearningCurve(steps: [6, 12], returns: [1, 2, 3, 4, 5, 6])
    $0.worlds = [[0, 1, 2], [3], [], [4, 5], [6, 7, 8, 9], [10]]
    $0.episodeMetrics = (0..<12).map(Double.init)
    $0.generators = (0..<36).map { $0 % 2 == 0 ? Int.min + $0 : $0 }
    $0.elapsedSteps = [0, 1, 2, 3, 4, 5]
    $0.episodeReturns = [0, 1, 2, 3, 4, 5]
    $0.divergedEpisodes = [0, 0, 0, 0, 0, 1]
  }

  static let collectionCheckpoint = CollectionCheckpoint {
    $0.tasks = tasks
    $0.episodeTask = [0, 0, 2]
    $0.episodeLength = [2, 1, 3]
    $0.terminated = [true, false, true]
    $0.diverged = [false, true, false]
    $0.finalObservations = [1, 2, 3, 4, 5, 6]
    $0.observations = (0..<12).map(Float.init)
    $0.actions = [0, 1, 0, 1, 1, 0]
    $0.logProbabilities = [-1, -2, -3, -1, -2, -3]
    $0.rewards = [1, 1, 1, 1, 1, 0.5]
    $0.features = [1, 2, 3, 4]
    $0.dimension = 2
  }

  static let setTruth = SetTruthArtifact {
    $0.tasks = [tasks[0], tasks[2]]
    $0.taskIndices = [0, 2]
    $0.steps = [0, 64]
    $0.returns = [1, 2, 3, 4, 5, 6, 7, 8]
    $0.randomReturns = [0, 1, 2, 3]
    $0.start = "meta"
    $0.number = 1
  }

  static let truth = TruthArtifact {
    $0.tasks = tasks
    $0.subsets = [[0], [0, 2]]
    $0.starts = ["scratch", "meta"]
    $0.seeds = [0, 0]
    $0.numbers = [0, 2]
    $0.stepsPerTask = [64, 32]
    $0.entrySubset = [0, 1, 1]
    $0.entryTask = [0, 0, 2]
    $0.fractions = [0, 1]
    $0.returns = [1, 2, 3, 4, 5, 6, .nan, .nan, 3, 4, 5, 6]
    $0.curve = [0, 1.5, 0, 3.5, 0, 5.5, .nan, .nan, 0, 3.5, 0, 5.5]
    $0.randomReturns = [0.5, .nan, 2.5, 0.5, .nan, 2.5]
  }

  static let audit = AuditArtifact {
    $0.tasks = tasks
    $0.predictors = ["retained gain", "gradient cosine"]
    $0.starts = ["scratch", "meta"]
    $0.sets = ["sets of 2", "all sets"]
    $0.counts = [3, 7]
    $0.correlation = [0.5, -0.25]
    $0.low = [0.25, -1]
    $0.high = [0.75, 1]
    $0.betweenRuns = [0.5, 1]
    $0.ceiling = [0.75, 1]
    $0.groupings = ["best with 2 groups"]
    $0.groupingStarts = ["scratch"]
    $0.labels = [0, 1, 1]
    $0.values = [0.75]
    $0.regret = [0]
    $0.rank = [0]
  }

  /// All of them, in the order of the stages.
  static let all: [any Artifact] = [
    metaTrain, collectGradients, sampleSubsets, linearizedAdapt, score(), cluster, trainedSet, evaluation,
    setTruth, truth, audit, trainingCheckpoint, collectionCheckpoint,
  ]
}

/// The bytes of a file.
func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

/// The names of the files in a folder, sorted.
func files(_ folder: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
}
