internal import Random
internal import TaskAffinity
internal import Workers

/// One subset's surrogate fit beside scikit-learn's, at objectives within 10⁻⁸ of the least.
func logisticFitBenchmarks(threads: Int, peers: Peers) -> [Benchmark] {
  [2048, 4096].map { transitions in
    let sample = FitSample(transitions: transitions, workers: WorkerPool(threads: threads))
    let peer = "scikit-learn, lbfgs"
    return Benchmark(
      name: "fit-\(transitions)",
      title:
        "one subset's logistic fit, 3 tasks of \(transitions) transitions, d = 400, λ = \(FitSample.ridge), \(threads) threads",
      quantity: .seconds,
      contestants: [
        Contestant("ours, a share of all 120 subsets with their Gram matrices") {
          try sample.time(120) / 120
        },
        Contestant("ours, one subset more") { try (sample.time(120) - sample.time(60)) / 60 },
        Contestant("ours, a share, to a gradient of 10⁻⁸") {
          try sample.time(120, gradientTolerance: 1e-8) / 120
        },
        Contestant("ours, one subset alone with all Gram matrices") { try sample.time(1) },
      ]
        + peers.contestant(
          peer, "sklearn_fit.py", ["random \(3 * transitions) 400 3 \(FitSample.ridge) 0"]),
      targets: [Target(contestant: peer, ratio: 100)])
  }
}

/// The transitions of ten tasks, drawn when they are first needed, and all subsets of three.
private final class FitSample {
  /// λ, which gives a mean |margin| of about 0.03.
  static let ridge = 4.0
  private static let dimension = 400
  private static let tasks = 10

  private let transitionsPerTask: Int
  private let workers: WorkerPool
  private lazy var transitions = draw()

  init(transitions: Int, workers: WorkerPool) {
    transitionsPerTask = transitions
    self.workers = workers
  }

  /// Seconds of fitting the first `count` subsets, Gram matrices included.
  ///
  /// - Parameter gradientTolerance: by default the one that brings the objective within 10⁻⁸ of the least, which is
  ///   what the peer does: by strong convexity it is at most ‖gradient‖² / 4λ above, and it is about log 2.
  func time(_ count: Int, gradientTolerance: Double = (4 * ridge * 0.69e-8).squareRoot()) throws -> Double {
    var random = RandomStream(seed: 0, name: "subsets")
    let subsets = try sampleSubsets(taskCount: Self.tasks, size: 3, count: nil, random: &random)
    var options = FitOptions()
    options.ridge = Self.ridge
    options.gradientTolerance = gradientTolerance
    let transitions = transitions
    return try meanSeconds {
      _ = try fitSubsets(
        transitions, subsets: Array(subsets.prefix(count)), options: options, workers: workers)
    }
  }

  /// Normal features and advantages; nothing is held out.
  private func draw() -> ProjectedTransitions {
    var random = RandomStream(seed: 0, name: "transitions")
    let count = Self.tasks * transitionsPerTask
    let task = (0..<count).map { Int32($0 / transitionsPerTask) }
    return ProjectedTransitions(
      taskCount: Self.tasks, dimension: Self.dimension,
      features: (0..<count * Self.dimension).map { _ in Float(random.gaussian()) },
      advantage: (0..<count).map { _ in Float(random.gaussian()) }, task: task, episode: task,
      heldOut: [Bool](repeating: false, count: count))
  }
}
