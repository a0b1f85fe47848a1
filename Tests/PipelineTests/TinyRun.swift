import Foundation
import TestSupport
import Testing

/// Four cart-poles with budgets of a few hundred steps: every stage runs, in a second or two for all of them.
let tinyBenchmark = """
  tasks: [cartpole/default, cartpole/flip, cartpole/length-1.5, cartpole/force-30]
  task_id: hidden
  policy: {hidden_sizes: [8]}
  ppo: {num_envs: 2, num_steps: 32, num_minibatches: 2, update_epochs: 1}
  meta-train:
    total_timesteps: 384
  collect-gradients: {transitions_per_task: 128, projection_dimension: 16}
  sample-subsets: {size: 2}
  score:
    bootstrap_replicates: 20
  cluster:
    k: 2
    random_groupings: 1
  full-train-eval: {timesteps_per_task: 64, evaluation_episodes: 2}

  """

/// A benchmark file and a runs folder of its own, driven through the Makefile.
struct TinyRun {
  /// The folder that holds both.
  let folder: String

  /// The benchmark file.
  var config: String { folder + "/tiny.yaml" }

  /// The run of a seed.
  func run(_ seed: Int = 0) -> String { "\(folder)/runs/tiny/seed-\(seed)" }

  /// Writes the benchmark file.
  func write(_ text: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: config)) }

  /// Calls make for this benchmark.
  func make(_ arguments: String...) throws -> Finished {
    try Programs.make(
      ["benchmark=tiny", "CONFIG=\(config)", "runs=\(folder)/runs", "threads=2"] + arguments)
  }

  /// Starts make, the leader of a group of processes, without waiting for it.
  func start(_ arguments: String...) throws -> Process {
    try Programs.startMake(
      ["benchmark=tiny", "CONFIG=\(config)", "runs=\(folder)/runs", "threads=2"] + arguments)
  }

  /// Calls make and requires that it succeeds.
  @discardableResult
  func made(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) throws -> Finished {
    let finished = try Programs.make(
      ["benchmark=tiny", "CONFIG=\(config)", "runs=\(folder)/runs", "threads=2"] + arguments)
    try #require(finished.status == 0, "\(finished.output)\(finished.errors)", sourceLocation: sourceLocation)
    return finished
  }

  /// When each artifact of a seed was last written, by its path below the run.
  func artifactTimes(_ seed: Int = 0) throws -> [String: Date] {
    var times: [String: Date] = [:]
    for file in files(below: run(seed)) where file.hasSuffix(".h5") {
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(run(seed))/\(file)")
      times[file] = attributes[.modificationDate] as? Date
    }
    return times
  }
}

/// Calls `body` with a tiny benchmark in a folder that is removed afterwards; nothing has run yet.
func withTinyRun<R>(_ text: String = tinyBenchmark, _ body: (TinyRun) throws -> R) throws -> R {
  try withTemporaryDirectory { folder in
    let run = TinyRun(folder: folder)
    try run.write(text)
    return try body(run)
  }
}
