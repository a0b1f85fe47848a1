internal import Foundation

/// Whether the resident memory of meta-train grows with the number of its steps: ours are the peaks (VmHWM) of the
/// stage's own program at ten times the steps, beside those at the steps. A ratio of 1 / 1.05 is growth of 5 %.
///
/// What grows by design is the learning curve, 8 bytes for each task, iteration and series.
func memoryBenchmarks(threads: Int) -> [Benchmark] {
  [
    ("cartpole", "cartpole/default, cartpole/flip, cartpole/length-1.5, cartpole/force-30", 100_000),
    ("halfcheetah", "halfcheetah/fwd, halfcheetah/bwd", 20_480),
  ].map { family, tasks, steps in
    func contestant(_ name: String, _ factor: Int) -> Contestant {
      Contestant(name) { try peakOfMetaTrain(tasks: tasks, steps: factor * steps, threads: threads) }
    }
    return Benchmark(
      name: "memory-\(family)",
      title: "resident memory of meta-train on \(tasks), peak of the whole program, \(threads) threads",
      quantity: .bytes,
      contestants: [contestant("\(10 * steps) steps", 10), contestant("\(steps) steps", 1)],
      targets: [Target(contestant: "\(steps) steps", ratio: 1 / 1.05)])
  }
}

/// The largest resident memory of a run of the program meta-train, bytes.
private func peakOfMetaTrain(tasks: String, steps: Int, threads: Int) throws -> Double {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
    "pgx-memory-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
  try """
  tasks: [\(tasks)]
  task_id: one_hot
  policy: {hidden_sizes: [64, 64]}
  ppo: {num_envs: 8, num_steps: 128}
  meta-train: {total_timesteps: \(steps)}
  sample-subsets: {size: 2}
  full-train-eval: {timesteps_per_task: 1, evaluation_episodes: 2}

  """.write(toFile: path("memory.yaml"), atomically: true, encoding: .utf8)
  let programs = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
  func program(_ name: String) -> String { programs.appendingPathComponent(name).path }
  _ = try bench.run([program("pgx"), "config", path("memory.yaml"), "--output", path("run")])
  return try bench.run(
    [
      program("meta-train"), "--quiet", "--config", path("run/seed-0/config/meta-train.yaml"), "--output",
      path("meta-train.h5"), "--threads", "\(threads)",
    ], environment: ["OPENBLAS_NUM_THREADS": "1"]
  ).peakBytes
}
