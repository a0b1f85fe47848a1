internal import Environments
internal import Random
internal import Workers

/// Environments stepped with random actions; observations, rewards and endings are there after every step.
func steppingBenchmarks(threads: Int, peers: Peers) throws -> [Benchmark] {
  let workers = WorkerPool(threads: threads)
  let registry = try worlds()
  let bare = Contestant("bare mj_step loop") {
    let cheetahs = try BareCheetahs(workers)
    return try rate { try cheetahs.run(steps: 1000) }
  }
  let cheetahs = [16, 64].map { count in
    Benchmark(
      name: "halfcheetah-\(count)",
      title: "HalfCheetah-v5 stepped together, \(count) environments, \(threads) threads",
      quantity: .rate("env steps/s"),
      contestants: [
        together("HalfCheetah-v5", count, registry, workers), bare,
        Contestant("bare mj_step, all together") {
          let cheetahs = try BareCheetahs(workers, count: count)
          return try rate { try cheetahs.runTogether(steps: 1000) }
        },
        apart("HalfCheetah-v5", count, registry, workers),
      ] + peers.contestant("EnvPool", "envpool_stepping.py", ["HalfCheetah-v5", "\(count)", "\(threads)"])
        + peers.contestant("Gymnasium, one thread", "gymnasium_stepping.py", ["HalfCheetah-v5"]),
      targets: [
        Target(contestant: "bare mj_step loop", ratio: 0.85), Target(contestant: "EnvPool", ratio: 1),
      ])
  }
  let poles = [16, 256, 4096].map { count in
    Benchmark(
      name: "cartpole-\(count)",
      title: "CartPole-v1 stepped together, \(count) environments, \(threads) threads",
      quantity: .rate("env steps/s"),
      contestants: [
        together("CartPole-v1", count, registry, workers), apart("CartPole-v1", count, registry, workers),
      ] + peers.contestant("EnvPool", "envpool_stepping.py", ["CartPole-v1", "\(count)", "\(threads)"]),
      targets: [Target(contestant: "EnvPool", ratio: 50)])
  }
  return cheetahs + poles
}

/// Every step waits for all environments, as when actions depend on the observations of all.
private func together(
  _ task: String, _ count: Int, _ registry: TaskRegistry, _ workers: WorkerPool
) -> Contestant {
  Contestant("all together") {
    let batch = try makeBatch(task, count, registry)
    let actions = DrawnActions(batch.actionSpace)
    var step = 0
    return try rate {
      for _ in 0..<1000 {
        actions.copy(step: step, rows: 0..<count, into: batch.actions)
        try batch.step(on: workers)
        step += 1
      }
      return 1000 * count
    }
  }
}

/// Blocks of environments are stepped without waiting for other blocks, as in training's rollouts.
private func apart(
  _ task: String, _ count: Int, _ registry: TaskRegistry, _ workers: WorkerPool
) -> Contestant {
  Contestant("block by block") {
    let batch = try makeBatch(task, count, registry)
    let actions = DrawnActions(batch.actionSpace)
    let blocks = 4 * workers.threads
    return try rate {
      try workers.run(blocks) { block, _ in
        let rows = count * block / blocks..<count * (block + 1) / blocks
        for step in 0..<500 {
          actions.copy(step: step, rows: rows, into: batch.actions)
          try batch.step(rows)
        }
      }
      return 500 * count
    }
  }
}

private func makeBatch(_ task: String, _ count: Int, _ registry: TaskRegistry) throws -> EnvironmentBatch {
  let tasks = [TaskSpecification](repeating: try registry.task(named: task), count: count)
  let batch = try EnvironmentBatch(
    tasks: tasks, registry: registry, random: RandomStream(seed: 0, name: "benchmark"))
  try batch.reset()
  return batch
}
