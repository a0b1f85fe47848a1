import Environments
import Random
import Testing
import Training
import Workers

@Suite struct EvaluationTests {
  @Test("evaluation is a function of policy and stream, on any number of threads, with drawn actions too")
  func evaluation() throws {
    let registry = try testRegistry()
    let tasks = try ["cartpole/default", "cartpole/flip"].map(registry.task(named:))
    let trainer = try Trainer(tasks, seesTask: true)
    _ = try trainer.runIteration()
    let returns = try [1, 2, 8].map {
      try evaluate(
        trainer.trained, tasks: tasks, registry: registry, episodes: 23,
        random: RandomStream(seed: 2, name: "episodes"), workers: WorkerPool(threads: $0))
    }
    #expect(returns[0].map(\.count) == [23, 23])
    #expect(returns[1] == returns[0] && returns[2] == returns[0])
    #expect(Set(returns[0][0].map(\.undiscountedReturn)).count > 1)
    let other = try evaluate(
      trainer.trained, tasks: tasks, registry: registry, episodes: 23,
      random: RandomStream(seed: 3, name: "episodes"), workers: WorkerPool(threads: 2))
    #expect(other != returns[0])
    // CartPole pays 1 per step.
    #expect(returns[0].joined().allSatisfy { $0.undiscountedReturn == Double($0.length) })
    let sampled = try [1, 2].map {
      try evaluate(
        trainer.trained, tasks: tasks, registry: registry, episodes: 23, sampled: true,
        random: RandomStream(seed: 2, name: "episodes"), workers: WorkerPool(threads: $0))
    }
    #expect(sampled[0] == sampled[1] && sampled[0] != returns[0])
  }

  @Test("random actions hold CartPole up for about 22 steps, whatever else is played beside it")
  func randomActions() throws {
    let registry = try testRegistry()
    let task = try registry.task(named: "CartPole-v1")
    let random = RandomStream(seed: 4, name: "random")
    let played = try evaluate(
      nil, tasks: [task], registry: registry, episodes: 400, random: random, workers: WorkerPool(threads: 2))
    let returns = played[0].map(\.undiscountedReturn)
    // The known mean is 22.2 with a standard deviation of 12: four standard errors of 400 episodes.
    #expect(abs(returns.reduce(0, +) / 400 - 22.2) < 2.4)
    let fewer = try evaluate(
      nil, tasks: [registry.task(named: "cartpole/flip"), task], registry: registry, episodes: 15,
      random: random, workers: WorkerPool(threads: 2))
    #expect(fewer[1] == Array(played[0].prefix(15)))
  }

  @Test("random actions are drawn uniformly between the ends of the action space")
  func uniform() throws {
    let task = TaskSpecification(
      name: "echo", family: "Counting", parameters: ["pays_action": 1], horizon: 1)
    let played = try evaluate(
      nil, tasks: [task], registry: testRegistry(), episodes: 2000,
      random: RandomStream(seed: 5, name: "echo"),
      workers: WorkerPool(threads: 2))
    let actions = played[0].map(\.undiscountedReturn)
    // Four standard errors of 2000 draws from U(−0.25, 0.5).
    #expect(abs(actions.reduce(0, +) / 2000 - 0.125) < 0.02)
    #expect(actions.count { $0 < -0.1 } > 300 && actions.count { $0 > 0.35 } > 300)
  }

  @Test("a policy for other spaces is refused with the task's name")
  func spaces() throws {
    let registry = try testRegistry()
    let trainer = try Trainer([registry.task(named: "CartPole-v1")], seesTask: true)
    let task = TaskSpecification(name: "counting", family: "Counting", horizon: 10)
    let error = #expect(throws: TrainingError.self) {
      try evaluate(
        trainer.trained, tasks: [task], registry: registry, episodes: 1,
        random: RandomStream(seed: 2, name: "spaces"), workers: WorkerPool(threads: 1))
    }
    #expect("\(String(describing: error))".contains("counting"))
  }
}
