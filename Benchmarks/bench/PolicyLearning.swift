internal import Configuration
internal import Environments
internal import LinearAlgebra
internal import Policies
internal import Random
internal import Training
internal import Workers

/// Proximal policy optimisation with the settings that Stable-Baselines3 has by default.
func learningBenchmarks(threads: Int, peers: Peers) throws -> [Benchmark] {
  let workers = WorkerPool(threads: threads)
  let registry = try worlds()
  let tasks = [try registry.task(named: "HalfCheetah-v5")]
  return [
    Benchmark(
      name: "ppo",
      title: "PPO on HalfCheetah-v5, 8 environments × 512 steps, minibatches of 64, 10 epochs, 64-64 tanh, "
        + "\(threads) threads",
      quantity: .rate("env steps/s"),
      contestants: [
        Contestant("ours") {
          let trainer = try Trainer(
            tasks: tasks, registry: registry, configuration: .stableBaselines, policySeesTask: false,
            totalSteps: 1_000_000, random: RandomStream(seed: 0, name: "benchmark"), workers: workers)
          return try rate {
            _ = try trainer.runIteration()
            return PPOConfiguration.stableBaselines.numEnvs * PPOConfiguration.stableBaselines.numSteps
          }
        },
        Contestant("bound: engine and matrix products alone") { try learningBound(workers) },
      ] + peers.contestant("Stable-Baselines3", "sb3_ppo.py", ["\(threads)"]),
      targets: [
        Target(contestant: "bound: engine and matrix products alone", ratio: 0.6),
        Target(contestant: "Stable-Baselines3", ratio: 8),
      ])
  ]
}

extension PPOConfiguration {
  /// Eight environments, 512 steps, minibatches of 64 rows, ten epochs, two tanh layers of 64.
  fileprivate static var stableBaselines: PPOConfiguration {
    var configuration = PPOConfiguration()
    configuration.numEnvs = 8
    configuration.numSteps = 512
    configuration.numMinibatches = 64
    return configuration
  }
}

/// What could be reached if nothing took time but the engine's steps and the matrix products:
/// 1 / (seconds of mj_step per step + seconds of OpenBLAS per step), each measured with all threads at work.
///
/// The products are those of one iteration at their shapes: the policy's forward pass on 8 rows in each of 512
/// steps, the critic's on all rows in batches of 256, and of both networks, in each of 640 minibatches of 64
/// rows, the forward pass, the deltas of all layers but the first, and the gradients of all weights.
private func learningBound(_ workers: WorkerPool) throws -> Double {
  let configuration = PPOConfiguration.stableBaselines
  let steps = configuration.numEnvs * configuration.numSteps
  let cheetahs = try BareCheetahs(workers)
  let engine = try 1 / rate { try cheetahs.run(steps: 1000) }
  let products = PerWorker(workers) { IterationProducts(configuration) }
  let algebra =
    try 1
    / rate {
      try workers.run(workers.threads) { _, worker in products[worker].run() }
      return steps * workers.threads
    }
  return 1 / (engine + algebra)
}

/// The matrix products of one iteration, on matrices of zeros.
private final class IterationProducts {
  private let configuration: PPOConfiguration
  private let buffer: UnsafeMutablePointer<Float>
  private static let region = 256 * 64

  /// Room for three matrices.
  init(_ configuration: PPOConfiguration) {
    self.configuration = configuration
    buffer = .allocate(capacity: 3 * Self.region)
    buffer.initialize(repeating: 0, count: 3 * Self.region)
  }

  deinit { buffer.deallocate() }

  /// Computes all of them once.
  func run() {
    let policy = [17] + [64, 64] + [6]
    let critic = [17] + [64, 64] + [1]
    let rows = configuration.numEnvs * configuration.numSteps
    for _ in 0..<configuration.numSteps { forward(policy, rows: configuration.numEnvs) }
    for _ in 0..<rows / 256 { forward(critic, rows: 256) }
    for _ in 0..<configuration.updateEpochs * configuration.numMinibatches {
      for sizes in [policy, critic] {
        forward(sizes, rows: rows / configuration.numMinibatches)
        backward(sizes, rows: rows / configuration.numMinibatches)
      }
    }
  }

  private func forward(_ sizes: [Int], rows: Int) {
    for (inputs, outputs) in zip(sizes, sizes.dropFirst()) {
      gemm(
        .no, .yes, m: rows, n: outputs, k: inputs, buffer, lda: inputs, buffer + Self.region, ldb: inputs,
        buffer + 2 * Self.region, ldc: outputs)
    }
  }

  private func backward(_ sizes: [Int], rows: Int) {
    for (layer, (inputs, outputs)) in zip(sizes, sizes.dropFirst()).enumerated() {
      gemm(
        .yes, .no, m: outputs, n: inputs, k: rows, buffer, lda: outputs, buffer + Self.region, ldb: inputs,
        buffer + 2 * Self.region, ldc: inputs)
      guard layer > 0 else { continue }
      gemm(
        .no, .no, m: rows, n: inputs, k: outputs, buffer, lda: outputs, buffer + Self.region, ldb: inputs,
        buffer + 2 * Self.region, ldc: inputs)
    }
  }
}
