import Environments
import Policies
import Random
import TestSupport
import Testing
import Training
import Workers

@Suite struct CollectionTests {
  /// A policy for some tasks after one iteration.
  private func policy(_ tasks: [TaskSpecification], _ registry: TaskRegistry) throws -> TrainedPolicy {
    let trainer = try Trainer(tasks, seesTask: true)
    _ = try trainer.runIteration()
    return trainer.trained
  }

  private func collect(
    _ trained: TrainedPolicy, _ tasks: [TaskSpecification], _ registry: TaskRegistry, count: Int,
    threads: Int = 2, lambda: Double = 0.95
  ) throws -> TransitionBatch {
    try collectTransitions(
      trained, tasks: tasks, registry: registry, transitionsPerTask: count, gamma: 0.99, gaeLambda: lambda,
      random: RandomStream(seed: 2, name: "collect"), workers: WorkerPool(threads: threads))
  }

  @Test("a collection that goes on from any point gives what the whole one gives")
  func resumed() throws {
    let registry = try testRegistry()
    let tasks = try ["cartpole/default", "cartpole/flip", "cartpole/force-30"].map(registry.task(named:))
    let trained = try policy(tasks, registry)
    struct Stop: Error {}
    func collected(from start: [[Episode]]?, stopAfter: Int?) throws -> (TransitionBatch?, [[Episode]]) {
      var episodes = start ?? []
      var reports = 0
      do {
        let batch = try collectTransitions(
          trained, tasks: tasks, registry: registry, transitionsPerTask: 999, gamma: 0.99, gaeLambda: 0.95,
          random: RandomStream(seed: 2, name: "collect"), workers: WorkerPool(threads: 1), played: start,
          progress: {
            episodes = $0
            reports += 1
            if reports == stopAfter { throw Stop() }
          })
        return (batch, episodes)
      } catch is Stop {
        return (nil, episodes)
      }
    }
    let whole = try #require(collected(from: nil, stopAfter: nil).0)
    for stop in [1, 2, 3] {
      let (batch, episodes) = try collected(from: nil, stopAfter: stop)
      #expect(batch == nil && episodes.contains { !$0.isEmpty })
      #expect(try collected(from: episodes, stopAfter: nil).0 == whole)
    }
  }

  @Test("every task gets exactly its number, in whole episodes but the last, on any number of threads")
  func counts() throws {
    let registry = try testRegistry()
    let tasks = try ["cartpole/default", "cartpole/flip", "cartpole/force-30"].map(registry.task(named:))
    let trained = try policy(tasks, registry)
    let batch = try collect(trained, tasks, registry, count: 333)
    #expect(batch.count == 999)
    #expect(batch.observations.count == 999 * 4 && batch.observationSize == 4)
    #expect(batch.actions.count == 999 && batch.actionWidth == 1)
    #expect(batch.advantage.count == 999 && batch.logProbability.count == 999)
    #expect(batch.task == (0..<3).flatMap { [Int32](repeating: Int32($0), count: 333) })
    // Episodes are numbered through: each number belongs to one task, and they rise one by one.
    for (before, after) in zip(batch.episode, batch.episode.dropFirst()) {
      #expect(after == before || after == before + 1)
    }
    #expect(batch.episode[332] + 1 == batch.episode[333] && batch.episode[665] + 1 == batch.episode[666])
    for threads in [1, 8] {
      #expect(try collect(trained, tasks, registry, count: 333, threads: threads) == batch)
    }
  }

  @Test("log-probabilities are those of the actions under the policy")
  func logProbabilities() throws {
    let registry = try testRegistry()
    let tasks = [TaskSpecification(name: "counting", family: "Counting", horizon: 17)]
    let trained = try policy(tasks, registry)
    let batch = try collect(trained, tasks, registry, count: 200)
    let workspace = Policy.Workspace(trained.policy, capacity: 200)
    trained.policy.forward(trained.policyParameters, batch.observations, workspace: workspace)
    var expected = [Float](repeating: 0, count: 200)
    trained.policy.logProbabilities(
      actions: batch.actions, count: 200, workspace: workspace, into: &expected)
    // Matrix products of other sizes round differently.
    #expect(largestDifference(batch.logProbability, expected) < 1e-5)
    // As drawn, not clipped to [−0.25, 0.5].
    #expect(batch.actions.contains { $0 > 0.5 } && batch.actions.contains { $0 < -0.25 })
  }

  @Test("advantages are standardised per task, and at λ = 0 are the critic's one-step differences")
  func advantages() throws {
    let registry = try testRegistry()
    // The first terminates at step 7, the second is truncated at step 9; 40 cuts the last episode of both.
    let tasks = [
      TaskSpecification(name: "ends", family: "Counting", parameters: ["end": 7], horizon: 50),
      TaskSpecification(
        name: "is cut", family: "Counting", parameters: ["bad_step": 3, "bad_reward": 5], horizon: 9),
    ]
    var trained = try policy(tasks, registry)
    trained.rewardScales = [0.5, 3]
    let batch = try collect(trained, tasks, registry, count: 40, lambda: 0)
    func value(_ count: Int, _ task: Int) -> Double {
      let workspace = NetworkWorkspace(trained.critic, capacity: 1)
      var observation: [Float] = [0]
      trained.normalizer.normalise([Double(count)], into: &observation)
      trained.critic.load(trained.criticParameters, into: workspace)
      trained.critic.feed(observation, task: task, row: 0, workspace: workspace)
      trained.critic.forward(count: 1, workspace: workspace)
      return Double(workspace.output[0])
    }
    for (task, length) in [7, 9].enumerated() {
      var expected = (0..<40).map { row in
        let step = row % length
        let next = task == 0 && step == 6 ? 0 : value(step + 1, task)
        let reward = task == 1 && step == 2 ? 5.0 : 1
        return reward / trained.rewardScales[task] + 0.99 * next - value(step, task)
      }
      let mean = expected.reduce(0, +) / 40
      let deviation = (expected.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 40).squareRoot()
      expected = expected.map { ($0 - mean) / deviation }
      let found = batch.advantage[task * 40..<task * 40 + 40].map(Double.init)
      // Single-precision values divided by a small standard deviation.
      #expect(largestRelativeDifference(found, expected) < 1e-3)
      #expect(batch.meanReturns[task] == Double(task == 0 ? length : length + 4))
    }
  }
}
