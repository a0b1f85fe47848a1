import Configuration
import Environments
import Policies
import Random
import Testing
import Training
import Workers

@Suite struct TrainerTests {
  @Test("training is equal to the bit on 1, 2 and 8 threads")
  func threads() throws {
    let registry = try testRegistry()
    let tasks = try ["cartpole/default", "cartpole/flip", "cartpole/force-30"].map(registry.task(named:))
    let results = try [1, 2, 8].map { threads in
      try Trainer(tasks, totalSteps: 4000, threads: threads).finished()
    }
    #expect(results[0].trained.policyParameters.allSatisfy { $0.isFinite })
    for result in results.dropFirst() {
      #expect(result.trained == results[0].trained)
      // A NaN, where no episode has ended yet, differs from itself.
      #expect("\(result.state.curveReturns)" == "\(results[0].state.curveReturns)")
    }
  }

  @Test(
    "a training that goes on from a snapshot is equal to the bit to the uninterrupted one",
    arguments: [["cartpole/default", "cartpole/flip"], ["counting"]])
  func resumed(names: [String]) throws {
    let registry = try testRegistry()
    let tasks = try names.map {
      $0 == "counting"
        ? TaskSpecification(name: $0, family: "Counting", horizon: 10) : try registry.task(named: $0)
    }
    func train(
      from start: TrainingSnapshot?, _ progress: (TrainingSnapshot) -> Void
    ) throws -> Trainer {
      let trainer = try Trainer(tasks, seesTask: true, totalSteps: 3000, seed: 5, threads: 2)
      return try trainer.finished(from: start) { _ in progress(trainer.snapshot) }
    }
    var snapshots = [TrainingSnapshot]()
    let whole = try train(from: nil) { snapshots.append($0) }
    #expect(snapshots.count >= 5)
    for (index, snapshot) in snapshots.enumerated() {
      var iterations = 0
      let resumed = try train(from: snapshot) { _ in iterations += 1 }
      #expect(iterations == snapshots.count - 1 - index)
      #expect(resumed.trained == whole.trained)
      // A NaN, where no episode has ended yet, differs from itself.
      #expect("\(resumed.snapshot)" == "\(whole.snapshot)")
    }
  }

  @Test("a snapshot of another training is refused")
  func unfitSnapshot() throws {
    let registry = try testRegistry()
    func trainer(_ names: [String], totalSteps: Int = 2000) throws -> Trainer {
      try Trainer(names.map(registry.task(named:)), totalSteps: totalSteps)
    }
    let two = try trainer(["cartpole/default", "cartpole/flip"])
    for _ in 0..<3 { _ = try two.runIteration() }
    #expect(throws: TrainingError.snapshotDoesNotFit(reason: "it has other sizes or another budget")) {
      try trainer(["cartpole/default"]).restore(two.snapshot)
    }
    // Fewer iterations in all than the snapshot has behind it.
    #expect(throws: TrainingError.snapshotDoesNotFit(reason: "it has other sizes or another budget")) {
      try trainer(["cartpole/default", "cartpole/flip"], totalSteps: 1).restore(two.snapshot)
    }
    var torn = two.snapshot
    torn.state.curveSteps.removeLast()
    #expect(throws: TrainingError.snapshotDoesNotFit(reason: "it has other sizes or another budget")) {
      try two.restore(torn)
    }
  }

  @Test("another stream gives another training")
  func streams() throws {
    let registry = try testRegistry()
    let results = try [UInt64(1), 2].map { seed in
      try Trainer([registry.task(named: "CartPole-v1")], totalSteps: 256, seed: seed).finished()
    }
    #expect(results[0].trained.policyParameters != results[1].trained.policyParameters)
  }

  @Test("CartPole-v1 is learnt: at least 300 of 500 within 60 000 steps")
  func cartPole() throws {
    let registry = try testRegistry()
    let task = try registry.task(named: "CartPole-v1")
    let random = RandomStream(seed: 0, name: "cartpole")
    let workers = WorkerPool(threads: 2)
    var configuration = PPOConfiguration()
    configuration.learningRate = 1e-3
    configuration.updateEpochs = 5
    let result = try Trainer(
      tasks: [task], registry: registry, configuration: configuration, policySeesTask: false,
      totalSteps: 60_000, random: random, workers: workers
    ).finished()
    let played = try evaluate(
      result.trained, tasks: [task], registry: registry, episodes: 20, random: random, workers: workers)
    #expect(played[0].map(\.undiscountedReturn).reduce(0, +) / 20 >= 300)
  }

  @Test(
    "the policy's input has room for the task only if it is told, the critic's always, neither's with one task"
  )
  func inputWidths() throws {
    let registry = try testRegistry()
    let two = try ["cartpole/default", "cartpole/flip"].map(registry.task(named:))
    for (tasks, sees, policyWidth, criticWidth) in [
      (two, false, 4, 6), (two, true, 6, 6), ([two[0]], true, 4, 4), ([two[0]], false, 4, 4),
    ] {
      let trainer = try Trainer(tasks, seesTask: sees)
      _ = try trainer.runIteration()
      #expect(trainer.isFinished)
      #expect(trainer.trained.policy.network.input.width == policyWidth)
      #expect(trainer.trained.critic.input.width == criticWidth)
    }
  }

  @Test("the curve counts steps over all tasks and ends at the budget rounded up to iterations")
  func curve() throws {
    let task = TaskSpecification(name: "counting", family: "Counting", horizon: 10)
    var reports = [TrainingProgress]()
    let result = try Trainer([task, task], totalSteps: 513, threads: 2).finished { report in
      reports.append(report)
    }
    #expect(result.state.curveSteps == [512, 1024] && result.state.environmentSteps == 1024)
    #expect(result.state.curveReturns == [[10, 10], [10, 10]])
    #expect(reports.map(\.environmentSteps) == [512, 1024] && reports.allSatisfy { $0.totalSteps == 1024 })
    #expect(reports.map(\.iteration) == [1, 2] && reports.allSatisfy { $0.iterations == 2 })
    #expect(reports.map { $0.numbers["learning rate"] } == [1e-3, 0.5e-3])
    let seconds = result.phaseSeconds
    for phase in [PhaseSeconds.Phase.physics, .inference, .advantages, .update] {
      #expect(seconds[phase] > 0)
    }
    // Every episode is 0, 1, …, 9; each of 8 environments has 128 observations.
    #expect(result.trained.normalizer.count == 1024)
    #expect(abs(result.trained.normalizer.mean[0] - 4.5) < 0.1)
  }

  @Test("a reward that is not a number ends the training with the task and the first step")
  func nonFiniteReward() throws {
    let tasks = [
      TaskSpecification(name: "good", family: "Counting", horizon: 100),
      TaskSpecification(name: "bad", family: "Counting", parameters: ["bad_step": 70], horizon: 100),
    ]
    let expected = NonFiniteNumber(
      .nan, in: .reward, tasks: ["bad"], at: .environmentStep(69 * 8 + 4, iteration: 1))
    #expect(throws: TrainingError.nonFinite(expected)) {
      try Trainer(tasks, seesTask: true, totalSteps: 2000, threads: 2).finished()
    }
  }

  @Test("parameters that overflow end the training with the quantity")
  func divergence() throws {
    let registry = try testRegistry()
    var configuration = PPOConfiguration.small
    configuration.learningRate = 1e30
    let error = #expect(throws: TrainingError.self) {
      try Trainer([registry.task(named: "CartPole-v1")], configuration, totalSteps: 2000).finished()
    }
    guard case .nonFinite(let number) = error, case .optimizerStep = number.moment else {
      Issue.record("expected a divergence, got \(String(describing: error))")
      return
    }
  }

  @Test("an iteration's epochs end after the first whose divergence is above the target, and not before")
  func targetKL() throws {
    let task = try testRegistry().task(named: "CartPole-v1")
    for (target, epochs) in [(nil, 4), (1e9, 4), (1e-12, 1)] as [(Double?, Int)] {
      var configuration = PPOConfiguration.small
      configuration.targetKL = target
      let trainer = try Trainer([task], configuration)
      _ = try trainer.runIteration()
      #expect(trainer.state.optimizer.step == epochs * configuration.numMinibatches)
    }
  }

  @Test("more minibatches than an iteration has rows per task are refused with the key")
  func settings() throws {
    var configuration = PPOConfiguration.small
    configuration.numMinibatches = 257
    let task = try testRegistry().task(named: "CartPole-v1")
    #expect(
      throws: TrainingError.invalidSetting(
        key: "num_minibatches", value: "257", requirement: "at most num_envs × num_steps")
    ) { try Trainer([task], configuration) }
  }

  @Test("a training starts from a policy with its statistics, tasks known to it by their numbers there")
  func startFromPolicy() throws {
    let registry = try testRegistry()
    let tasks = try ["cartpole/default", "cartpole/flip", "cartpole/force-30"].map(registry.task(named:))
    for seesTask in [false, true] {
      let first = try Trainer(tasks, seesTask: seesTask, totalSteps: 2000).finished().trained
      let some = first.restricted(to: [2, 1])
      let trainer = try Trainer([tasks[2], tasks[1]], totalSteps: 2000, start: .policy(some))
      let start = trainer.trained
      #expect(start.policyParameters == first.policyParameters)
      #expect(start.criticParameters == first.criticParameters && start.normalizer == first.normalizer)
      #expect(start.taskNumbers == [2, 1] && start.policySeesTask == seesTask)
      // It plays as it did among all tasks.
      let random = RandomStream(seed: 3, name: "start")
      let workers = WorkerPool(threads: 1)
      let among = try evaluate(
        first, tasks: tasks, registry: registry, episodes: 5, random: random, workers: workers)
      let alone = try evaluate(
        start, tasks: [tasks[2], tasks[1]], registry: registry, episodes: 5, random: random,
        workers: workers)
      #expect(alone == [among[2], among[1]])
      let result = try trainer.finished().trained
      #expect(result.policyParameters != first.policyParameters)
      #expect(result.normalizer.count == first.normalizer.count + 2048)
      #expect(result.taskNumbers == [2, 1])
    }
    let counting = TaskSpecification(name: "counting", family: "Counting", horizon: 10)
    let trained = try Trainer([tasks[0]]).trained
    let error = #expect(throws: TrainingError.self) { try Trainer([counting], start: .policy(trained)) }
    #expect("\(String(describing: error))".contains("counting"))
  }

  @Test(
    "what is frozen keeps its bits, and all else moves",
    arguments: [
      ["policy"], ["critic"], ["policy/layer_1"], ["policy/layer_0/weight", "critic/layer_2/bias"],
      ["policy", "normalizer"], [],
    ])
  func frozen(names: [String]) throws {
    let tasks = try ["cartpole/default", "cartpole/flip"].map(testRegistry().task(named:))
    let trainer = try Trainer(tasks, totalSteps: 1500, frozen: names)
    let (before, loss) = (trainer.snapshot.state, trainer.objective.loss)
    _ = try trainer.finished()
    let after = trainer.snapshot.state
    for index in before.parameters.indices {
      let tensor = loss.tensorName(at: index)
      let isFrozen = names.contains { "\(tensor)/".hasPrefix("\($0)/") }
      // A weight whose neurons never change the loss may stay; none does here.
      #expect((before.parameters[index] == after.parameters[index]) == isFrozen, "\(tensor)")
    }
    #expect((before.normalizer == after.normalizer) == names.contains("normalizer"))
  }
}
