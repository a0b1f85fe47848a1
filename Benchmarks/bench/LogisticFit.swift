internal import Configuration
internal import Environments
internal import Policies
internal import Random
internal import TaskAffinity
internal import Training
internal import Workers

/// One subset's surrogate fit beside scikit-learn's, at objectives within 10⁻⁸ of the least, on what the pipeline fits:
/// the projected scores of a policy's own transitions in the ten HalfCheetah tasks, at the ridge of the trust region, and
/// at that of one ten times as wide, where scikit-learn needs more steps.
func logisticFitBenchmarks(threads: Int, peers: Peers) -> [Benchmark] {
  [("", 2048, 0.03), ("", 4096, 0.03), ("-wide", 2048, 0.3)].map { suffix, transitions, margin in
    let sample = FitSample(transitions: transitions, margin: margin, workers: WorkerPool(threads: threads))
    let peer = peers.logisticFit(sample.firstSubset)
    return Benchmark(
      name: "fit-\(transitions)\(suffix)",
      title:
        "one subset's logistic fit, 3 HalfCheetah tasks of \(transitions) transitions, d = \(FitSample.dimension), mean |margin| \(margin), \(threads) threads",
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
      ] + peer,
      targets: peer.map { Target(contestant: $0.name, ratio: 100) })
  }
}

/// Transitions of a briefly trained policy in ten tasks, collected when they are first needed, and all subsets of three.
private final class FitSample {
  /// d.
  static let dimension = 400
  private static let names = [
    "fwd", "fwd-gravity-1.5", "fwd-torso-2", "velocity-3", "bwd", "bwd-gravity-1.5", "velocity-minus-3",
    "velocity-1", "velocity-0.5", "velocity-minus-1",
  ]
  /// Iterations of PPO before the collection: the policy moves, and is far from any optimum.
  private static let iterations = 10

  private let transitionsPerTask: Int
  /// The mean |margin| by which the ridge is chosen.
  private let margin: Double
  private let workers: WorkerPool
  private var problem: (transitions: ProjectedTransitions, subsets: [[Int]], ridge: Double)?

  init(transitions: Int, margin: Double, workers: WorkerPool) {
    transitionsPerTask = transitions
    self.margin = margin
    self.workers = workers
  }

  /// Seconds of fitting the first `count` subsets, Gram matrices included.
  ///
  /// - Parameter gradientTolerance: by default the one that brings the objective within 10⁻⁸ of the least, which is
  ///   what the peer does: by strong convexity it is at most ‖gradient‖² / 4λ above, and it is about log 2.
  func time(_ count: Int, gradientTolerance: Double? = nil) throws -> Double {
    let (transitions, subsets, ridge) = try prepared()
    var options = FitOptions()
    options.ridge = ridge
    options.gradientTolerance = gradientTolerance ?? (4 * ridge * 0.69e-8).squareRoot()
    return try meanSeconds {
      _ = try fitSubsets(
        transitions, subsets: Array(subsets.prefix(count)), options: options, workers: workers)
    }
  }

  /// The transitions of the first subset's tasks, which are the first three, and the ridge.
  func firstSubset() throws -> (transitions: ProjectedTransitions, ridge: Double) {
    let (all, subsets, ridge) = try prepared()
    let tasks = subsets[0].count
    let count = tasks * transitionsPerTask
    let transitions = ProjectedTransitions(
      taskCount: tasks, dimension: all.dimension, features: Array(all.features.prefix(count * all.dimension)),
      advantage: Array(all.advantage.prefix(count)), task: Array(all.task.prefix(count)),
      episode: Array(all.episode.prefix(count)), heldOut: Array(all.heldOut.prefix(count)))
    return (transitions, ridge)
  }

  private func prepared() throws -> (transitions: ProjectedTransitions, subsets: [[Int]], ridge: Double) {
    if let problem { return problem }
    var random = RandomStream(seed: 0, name: "subsets")
    let subsets = try sampleSubsets(taskCount: Self.names.count, size: 3, count: nil, random: &random)
    let transitions = try collect()
    var options = FitOptions()
    options.meanAbsMargin = margin
    let ridge = try fitSubsets(transitions, subsets: subsets, options: options, workers: workers).ridge
    problem = (transitions, subsets, ridge)
    return (transitions, subsets, ridge)
  }

  /// What collect-gradients makes of a policy; nothing is held out.
  private func collect() throws -> ProjectedTransitions {
    let registry = try worlds()
    let tasks = try Self.names.map { try registry.task(named: "halfcheetah/\($0)") }
    let random = RandomStream(seed: 0, name: "fit")
    var configuration = PPOConfiguration()
    configuration.numEnvs = 8
    configuration.numSteps = 128
    configuration.logStdInit = -1
    let trainer = try Trainer(
      tasks: tasks, registry: registry, configuration: configuration, policySeesTask: false,
      totalSteps: 1_000_000, random: random.derived("training"), workers: workers)
    for _ in 0..<Self.iterations { _ = try trainer.runIteration() }
    let trained = trainer.trained
    let batch = try collectTransitions(
      trained, tasks: tasks, registry: registry, transitionsPerTask: transitionsPerTask, gamma: 0.99,
      gaeLambda: 0.8, random: random.derived("collection"), workers: workers)
    let features = try GradientFeatures(
      policy: trained.policy, parameters: trained.policyParameters,
      projection: GaussianProjection(dimension: Self.dimension, stream: random.derived("projection"))
    ).project(
      observations: batch.observations, tasks: batch.task, actions: batch.actions, workers: workers)
    return ProjectedTransitions(
      taskCount: tasks.count, dimension: Self.dimension, features: features, advantage: batch.advantage,
      task: batch.task, episode: batch.episode, heldOut: [Bool](repeating: false, count: batch.count))
  }
}
