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
      try trainMultiTask(
        tasks: tasks, registry: registry, configuration: .small, policySeesTask: false, totalSteps: 4000,
        random: RandomStream(seed: 1, name: "threads"), workers: WorkerPool(threads: threads))
    }
    #expect(results[0].trained.policyParameters.allSatisfy { $0.isFinite })
    for result in results.dropFirst() {
      #expect(result.trained == results[0].trained)
      // A NaN, where no episode has ended yet, differs from itself.
      #expect("\(result.curveReturns)" == "\(results[0].curveReturns)")
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
      from start: TrainingSnapshot?, _ progress: (TrainingProgress, () -> TrainingSnapshot) -> Void
    ) throws -> TrainingResult {
      try trainMultiTask(
        tasks: tasks, registry: registry, configuration: .small, policySeesTask: true, totalSteps: 3000,
        random: RandomStream(seed: 5, name: "resumed"), workers: WorkerPool(threads: 2), from: start,
        progress: progress)
    }
    var snapshots = [TrainingSnapshot]()
    let whole = try train(from: nil) { snapshots.append($1()) }
    #expect(snapshots.count >= 5)
    for (index, snapshot) in snapshots.enumerated() {
      var iterations = 0
      let resumed = try train(from: snapshot) { _, _ in iterations += 1 }
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
      try Trainer(
        tasks: names.map(registry.task(named:)), registry: registry, configuration: .small,
        policySeesTask: false, totalSteps: totalSteps, random: RandomStream(seed: 6, name: "unfit"),
        workers: WorkerPool(threads: 1))
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
      try trainMultiTask(
        tasks: [registry.task(named: "CartPole-v1")], registry: registry, configuration: .small,
        policySeesTask: false, totalSteps: 256, random: RandomStream(seed: seed, name: "streams"),
        workers: WorkerPool(threads: 1))
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
    let result = try trainMultiTask(
      tasks: [task], registry: registry, configuration: configuration, policySeesTask: false,
      totalSteps: 60_000, random: random, workers: workers)
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
      let trainer = try Trainer(
        tasks: tasks, registry: registry, configuration: .small, policySeesTask: sees, totalSteps: 1,
        random: RandomStream(seed: 2, name: "widths"), workers: WorkerPool(threads: 1))
      _ = try trainer.runIteration()
      #expect(trainer.isFinished)
      #expect(trainer.trained.policy.network.inputCount == policyWidth)
      #expect(trainer.trained.critic.inputCount == criticWidth)
    }
  }

  @Test("the curve counts steps over all tasks and ends at the budget rounded up to iterations")
  func curve() throws {
    let registry = try testRegistry()
    let task = TaskSpecification(name: "counting", family: "Counting", horizon: 10)
    var reports = [TrainingProgress]()
    let result = try trainMultiTask(
      tasks: [task, task], registry: registry, configuration: .small, policySeesTask: false, totalSteps: 513,
      random: RandomStream(seed: 3, name: "curve"), workers: WorkerPool(threads: 2)
    ) { report, _ in reports.append(report) }
    #expect(result.curveSteps == [512, 1024] && result.environmentSteps == 1024)
    #expect(result.curveReturns == [[10, 10], [10, 10]])
    #expect(reports.map(\.environmentSteps) == [512, 1024] && reports.allSatisfy { $0.totalSteps == 1024 })
    #expect(reports.map(\.iteration) == [1, 2] && reports.allSatisfy { $0.iterations == 2 })
    #expect(reports.map(\.learningRate) == [1e-3, 0.5e-3])
    let seconds = result.phaseSeconds
    for phase in [seconds.physics, seconds.inference, seconds.advantages, seconds.update] {
      #expect(phase > 0)
    }
    // Every episode is 0, 1, …, 9; each of 8 environments has 128 observations.
    #expect(result.trained.normalizer.count == 1024)
    #expect(abs(result.trained.normalizer.mean[0] - 4.5) < 0.1)
  }

  @Test("a reward that is not a number ends the training with the task and the first step")
  func nonFiniteReward() throws {
    let registry = try testRegistry()
    let tasks = [
      TaskSpecification(name: "good", family: "Counting", horizon: 100),
      TaskSpecification(name: "bad", family: "Counting", parameters: ["bad_step": 70], horizon: 100),
    ]
    let expected = NonFiniteNumber(
      .nan, in: .reward, tasks: ["bad"], at: .environmentStep(69 * 8 + 4, iteration: 1))
    #expect(throws: TrainingError.nonFinite(expected)) {
      try trainMultiTask(
        tasks: tasks, registry: registry, configuration: .small, policySeesTask: true, totalSteps: 2000,
        random: RandomStream(seed: 4, name: "nan"), workers: WorkerPool(threads: 2))
    }
  }

  @Test("parameters that overflow end the training with the quantity")
  func divergence() throws {
    let registry = try testRegistry()
    var configuration = PPOConfiguration.small
    configuration.learningRate = 1e30
    let error = #expect(throws: TrainingError.self) {
      try trainMultiTask(
        tasks: [registry.task(named: "CartPole-v1")], registry: registry, configuration: configuration,
        policySeesTask: false, totalSteps: 2000, random: RandomStream(seed: 5, name: "overflow"),
        workers: WorkerPool(threads: 1))
    }
    guard case .nonFinite(let number) = error, case .optimizerStep = number.moment else {
      Issue.record("expected a divergence, got \(String(describing: error))")
      return
    }
  }

  @Test("a setting out of range is named with its key")
  func settings() throws {
    var configuration = PPOConfiguration()
    configuration.gaeLambda = 1.5
    #expect(
      throws: TrainingError.invalidSetting(key: "gae_lambda", value: "1.5", requirement: "in [0, 1]")
    ) { try configuration.validate() }
    try PPOConfiguration().validate()
  }
}
