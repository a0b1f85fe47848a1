internal import Foundation
internal import LinearAlgebra
internal import Policies
internal import Random
internal import TaskAffinity
internal import Workers

/// The projection of scores beside matrix products of its own shapes, and its memory at growing p.
func projectionBenchmarks(threads: Int) -> [Benchmark] {
  let sample = ProjectionSample(hidden: [64, 64], transitions: 8192)
  let operations = 2.0 * Double(sample.count * sample.policy.parameterCount * ProjectionSample.dimension)
  let workers = WorkerPool(threads: threads)
  return [
    Benchmark(
      name: "projection",
      title:
        "scores of HalfCheetah's policy, p = \(sample.policy.parameterCount), to d = 400, \(threads) threads",
      quantity: .rate("flop/s"),
      contestants: [
        Contestant("ours, scores and P made on the way") {
          operations / (try meanSeconds { _ = try sample.project(workers) })
        },
        Contestant("sgemm (\(openBLASCoreName()) kernels) of given matrices") {
          operations / (try meanSeconds { try sample.multiply(workers) })
        },
      ],
      targets: [Target(contestant: "sgemm (\(openBLASCoreName()) kernels) of given matrices", ratio: 0.6)]),
    Benchmark(
      name: "projection-memory", title: "peak memory of a process that projects 4096 scores to d = 400",
      quantity: .bytes,
      contestants: [666, 190, 45].map { width in
        let p = ProjectionSample(hidden: [width, width], transitions: 1).policy.parameterCount
        return Contestant(String(format: "p = %d, P of %.0f MB", p, Double(p) * 400 * 4 / 1e6)) {
          try run([CommandLine.arguments[0], "--project", "\(width)", "--threads", "\(threads)"]).peakBytes
        }
      }, targets: []),
  ]
}

/// A policy with 17 inputs and 6 actions, and transitions that are drawn.
struct ProjectionSample {
  /// d.
  static let dimension = 400

  /// The policy.
  let policy: Policy
  /// The number of transitions (N).
  let count: Int

  private let features: GradientFeatures
  private let observations: [Float]
  private let actions: [Float]

  /// A sample of a policy with these hidden layers.
  init(hidden: [Int], transitions: Int) {
    var random = RandomStream(seed: 0, name: "projection")
    policy = Policy(
      network: MultilayerPerceptron(
        input: NetworkInput(observationSize: 17, taskCount: 0), hidden: hidden, outputs: 6, activation: .tanh),
      distribution: .gaussian(size: 6))
    count = transitions
    observations = (0..<17 * transitions).map { _ in Float(random.gaussian()) }
    actions = (0..<6 * transitions).map { _ in Float(random.gaussian()) }
    features = GradientFeatures(
      policy: policy, parameters: policy.initialParameters(using: &random),
      projection: GaussianProjection(dimension: Self.dimension, stream: random))
  }

  /// The features, shape (N, d).
  func project(_ workers: WorkerPool) throws -> [Float] {
    try features.project(
      observations: observations, tasks: [Int32](repeating: 0, count: count), actions: actions,
      workers: workers)
  }

  /// Products of as many operations, m = 256, k = 512, n = d, on matrices that are there and stay in the caches.
  func multiply(_ workers: WorkerPool) throws {
    let (m, k, n) = (256, 512, Self.dimension)
    let scores = [Float](repeating: 1, count: m * k)
    let rows = [Float](repeating: 1, count: k * n)
    try workers.run((count + m - 1) / m) { _, _ in
      var product = [Float](repeating: 0, count: m * n)
      for start in stride(from: 0, to: policy.parameterCount, by: k) {
        gemm(
          .no, .no, m: m, n: n, k: min(k, policy.parameterCount - start), scores, lda: k, rows, ldb: n,
          beta: 1,
          &product, ldc: n)
      }
    }
  }
}
