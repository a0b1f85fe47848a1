import Configuration
import Environments
import Random
import TestSupport
import Testing
import Training
import Workers

@Suite struct NumericFaultTests {
  /// Two tasks of two environments, 16 steps: iterations of 64 environment steps, with 4 optimiser steps each.
  private static let tasks = ["first", "second"].map {
    TaskSpecification(name: $0, family: "Counting", horizon: 5)
  }
  private static let rows = 4
  private static let iterationSteps = 64
  private static let configuration = {
    var configuration = PPOConfiguration.small
    configuration.numEnvs = 2
    configuration.numSteps = 16
    configuration.updateEpochs = 2
    return configuration
  }()

  /// What two iterations with this fault, or of these tasks, end with.
  private func finding(
    _ fault: WorldFault? = nil, tasks: [TaskSpecification] = Self.tasks, threads: Int
  ) throws -> NonFiniteNumber? {
    var registry = try testRegistry()
    if let fault { registry = try registry.spoilt(by: fault, rows: Self.rows) }
    do {
      _ = try Trainer(
        tasks, Self.configuration, hidden: [4], totalSteps: 2 * Self.iterationSteps, registry: registry,
        threads: threads
      ).finished()
      return nil
    } catch TrainingError.nonFinite(let number) {
      return number
    }
  }

  @Test("a world's fault at any environment step is found as that step's, with its task, on 1 and 2 threads")
  func environmentSteps() throws {
    var count = 0
    for quantity in [WorldFault.Quantity.observation, .reward] {
      // The observations after the last step are looked at too: their values continue the last episodes.
      let end = 2 * Self.iterationSteps + (quantity == .observation ? Self.rows : 0)
      for step in 0..<end {
        let value = [Double.nan, .infinity, -.infinity][step % 3]
        // Every fifth step is the last of an episode that the clock cuts; what is seen then is of use to value it.
        let isLast = quantity == .observation && step >= Self.rows && step / Self.rows % 5 == 0
        let expected: NonFiniteNumber.Quantity =
          quantity == .reward ? .reward : isLast ? .finalObservation(entry: 0) : .observation(entry: 0)
        // What follows an iteration's last step is met by that iteration.
        let met = quantity == .observation ? max(step - Self.rows, 0) : step
        let number = NonFiniteNumber(
          value, in: expected, tasks: [step % Self.rows < 2 ? "first" : "second"],
          at: .environmentStep(isLast ? step - Self.rows : step, iteration: met / Self.iterationSteps))
        for threads in [1, 2] {
          let fault = WorldFault(value, in: quantity, step: step)
          #expect(try finding(fault, threads: threads) == number)
        }
        count += 1
      }
    }
    print(
      "reliability: non-finite numbers put in at every environment step of a training: \(count) of \(count) named"
    )
  }

  @Test("an advantage that overflows is found at any step of a rollout, with its task, on 1 and 2 threads")
  func advantages() throws {
    for step in 0..<Self.iterationSteps {
      let buffer = RolloutBuffer(
        steps: 16, environments: Self.rows, taskNumbers: [0, 1], observationSize: 1, actionWidth: 1)
      // r − V is twice what single precision holds; the steps before see γλ times that, less V.
      buffer.rewards[step] = 3e38
      buffer.values[step] = -3e38
      let expected = NonFiniteNumber(
        .infinity, in: .advantage, tasks: [step % Self.rows < 2 ? "first" : "second"],
        at: .environmentStep(3 * Self.iterationSteps + step, iteration: 3))
      for threads in [1, 2] {
        #expect(throws: TrainingError.nonFinite(expected)) {
          try buffer.estimateAdvantages(
            tasks: ["first", "second"], scales: nil, gamma: 0.99, lambda: 0.95, standardised: true,
            iteration: 3, workers: WorkerPool(threads: threads))
        }
      }
    }
  }

  @Test("a value that overflows is found at the first step, with its task, and so is that of a truncated end")
  func values() throws {
    // One hidden unit counts: the second task's value overflows, or that of the fifth observation, the last one.
    let cases: [(row: [Float], bias: Float, head: Float, NonFiniteNumber.Quantity, String, Int)] = [
      ([0, 0, 10], 0, 3e38, .value, "second", 2), ([10, 0, 0], -45, 2.7e38, .finalValue, "first", 16),
    ]
    for (row, bias, head, quantity, task, step) in cases {
      for threads in [1, 2] {
        let trainer = try Trainer(Self.tasks, Self.configuration, hidden: [4], threads: threads)
        var snapshot = trainer.snapshot
        // The critic: four rows of weights of an observation and two tasks, four biases, four weights, a bias.
        let critic = [row, [Float](repeating: 0, count: 9), [bias, 0, 0, 0], [3e38, 0, 0, 0], [head]].joined()
        snapshot.state.parameters.replaceSubrange(
          (snapshot.state.parameters.count - critic.count)..., with: critic)
        try trainer.restore(snapshot)
        let expected = NonFiniteNumber(
          .infinity, in: quantity, tasks: [task], at: .environmentStep(step, iteration: 0))
        #expect(throws: TrainingError.nonFinite(expected)) { try trainer.runIteration() }
      }
    }
  }

  /// What an update on this buffer ends with, six steps of the optimiser after its start.
  private func finding(
    _ buffer: RolloutBuffer, vfCoef: Double = 0.5, parameter: Float = 0,
    _ optimizer: (Int) -> Adam = { count in
      let zeros = [Float](repeating: 0, count: count)
      return Adam(first: zeros, second: zeros, step: 5)
    }
  ) throws -> NonFiniteNumber? {
    let loss = smallLoss(vfCoef: vfCoef)
    let workers = WorkerPool(threads: 2)
    let objective = PPOObjective(loss: loss, taskNames: ["first", "second"], workers: workers)
    var parameters = [Float](repeating: parameter, count: loss.parameterCount)
    var optimizer = optimizer(parameters.count)
    var random = RandomStream(seed: 1, name: "order")
    do {
      _ = try objective.descend(
        on: buffer, &parameters, &optimizer, Self.configuration, learningRate: 1e-3, random: &random,
        iteration: 7)
      return nil
    } catch TrainingError.nonFinite(let number) {
      // Which of the two minibatches a row falls into is a matter of the shuffle.
      #expect([5, 6].contains { number.moment == .optimizerStep($0, iteration: 7) })
      return number
    }
  }

  @Test("a gradient that overflows where the loss does not is found, with its tensor")
  func gradients() throws {
    for network in ["policy", "critic"] {
      let buffer = RolloutBuffer(
        steps: 8, environments: 4, taskNumbers: [0, 1], observationSize: 1, actionWidth: 1)
      for index in 0..<buffer.count {
        if network == "policy" {
          // Thirty standard deviations off, as likely as ever.
          buffer.advantages[index] = 3e38
          buffer.actions[index] = 30
          buffer.logProbabilities[index] = -450.918_94
        } else {
          buffer.valueTargets[index] = 3e38
        }
      }
      let number = try finding(buffer, vfCoef: 1000)
      #expect(number?.quantity == .gradient(of: "\(network)/layer_0/weight"))
      #expect(number?.tasks == ["first", "second"])
    }
  }

  @Test("a parameter that overflows is found, with its tensor, wherever it is")
  func parameters() throws {
    let buffer = RolloutBuffer(
      steps: 8, environments: 4, taskNumbers: [0, 1], observationSize: 1, actionWidth: 1)
    let loss = smallLoss()
    for index in 0..<loss.parameterCount {
      let number = try finding(buffer) { count in
        var moments = [Float](repeating: 0, count: count)
        moments[index] = 3e38
        return Adam(first: moments, second: .init(repeating: 0, count: count), step: 5)
      }
      #expect(
        number?.quantity == .parameter(loss.tensorName(at: index)) && number?.value == "-inf")
    }
  }

  @Test("without a fault, or with one after the end, a training goes through")
  func soundTraining() throws {
    #expect(try finding(threads: 1) == nil)
    let late = WorldFault(.nan, in: .reward, step: 2 * Self.iterationSteps)
    #expect(try finding(late, threads: 1) == nil)
  }

  /// A task of the counting world.
  private func counting(_ name: String, horizon: Int = 100, _ parameters: [String: Double])
    -> TaskSpecification
  {
    TaskSpecification(
      name: name, family: "Counting", parameters: parameters.mapValues { .number($0) }, horizon: horizon)
  }

  @Test("what a world itself brings that is not finite is found, raw, at the step that brought it")
  func realNumbers() throws {
    let good = counting("good", [:])
    // The third step (counted from 0: 2) of the first environment of the second task: 2 · 4 + 2.
    let cases: [([String: Double], Int, Double, NonFiniteNumber.Quantity, Int)] = [
      (["bad_step": 3], 100, .nan, .reward, 10),
      // Finite in double precision, infinite in single.
      (["bad_step": 3, "bad_reward": 1e39], 100, .infinity, .reward, 10),
      // Clipping, as the normaliser does, would hide an infinity.
      (["bad_observation": 0], 100, .infinity, .observation(entry: 0), 2),
      (["bad_observation": 3], 100, .infinity, .observation(entry: 0), 14),
      // After the last step of the iteration: of use only to value what follows.
      (["bad_observation": 16], 100, .infinity, .observation(entry: 0), 66),
      (["bad_observation": 3], 3, .infinity, .finalObservation(entry: 0), 10),
    ]
    for (parameters, horizon, value, quantity, step) in cases {
      let expected = NonFiniteNumber(
        value, in: quantity, tasks: ["bad"], at: .environmentStep(step, iteration: 0))
      for threads in [1, 2] {
        let tasks = [good, counting("bad", horizon: horizon, parameters)]
        #expect(try finding(tasks: tasks, threads: threads) == expected)
      }
    }
    let far = try #require(try finding(tasks: [good, counting("far", ["scale": 1e200])], threads: 2))
    #expect(far.quantity == .observationVariance(entry: 0) && far.tasks == ["good", "far"])
  }

  @Test("of several, the earliest is named, whichever block of environments and thread met it")
  func earliest() throws {
    let early = counting("early", ["bad_step": 5])
    let late = counting("late", ["bad_step": 6])
    let seen = counting("seen", ["bad_observation": 4])
    for threads in [1, 2, 8] {
      for (tasks, name, step) in [
        ([early, late], "early", 16), ([late, early], "early", 18),
        // Of one step, what is acted on comes before what it brings.
        ([early, seen], "seen", 18), ([seen, early], "seen", 16),
        ([early, early], "early", 16),
      ] {
        let found = try finding(tasks: tasks, threads: threads)
        #expect(found?.tasks == [name] && found?.moment == .environmentStep(step, iteration: 0))
      }
    }
  }

  @Test("a policy whose outputs overflow acts no more: finite parameters, but no finite log-probability")
  func overflowingPolicy() throws {
    var configuration = Self.configuration
    configuration.learningRate = 1e30
    configuration.numMinibatches = 1
    configuration.updateEpochs = 1
    for threads in [1, 2] {
      let error = #expect(throws: TrainingError.self) {
        try Trainer(
          Self.tasks, configuration, hidden: [4], totalSteps: 2 * Self.iterationSteps, threads: threads
        ).finished()
      }
      #expect(
        error
          == .nonFinite(
            NonFiniteNumber(
              .nan, in: .logProbability, tasks: ["first"],
              at: .environmentStep(Self.iterationSteps, iteration: 1))))
    }
  }

  @Test("a loss that is not finite is put down to the task of the first row it comes from")
  func lossOfTask() throws {
    for (quantity, taskIndex) in [("policy loss", 1), ("value loss", 0)] {
      let buffer = RolloutBuffer(
        steps: 8, environments: 4, taskNumbers: [0, 1], observationSize: 1, actionWidth: 1)
      let bad = 5 * 4 + taskIndex * 2
      if quantity == "policy loss" {
        buffer.advantages[bad] = .nan
      } else {
        buffer.valueTargets[bad] = .infinity
      }
      let number = try finding(buffer, parameter: 0.1)
      #expect(number?.quantity == .loss(quantity) && number?.tasks == [["first", "second"][taskIndex]])
    }
  }

  @Test("every tensor has its name in artifacts")
  func tensorNames() {
    let loss = smallLoss()
    // Policy: 1 → 3 → 1 and a log standard deviation; critic: 3 → 2 → 1.
    let expected =
      [("policy/layer_0/weight", 3), ("policy/layer_0/bias", 3), ("policy/layer_1/weight", 3)]
      + [("policy/layer_1/bias", 1), ("policy/log_std", 1)]
      + [("critic/layer_0/weight", 6), ("critic/layer_0/bias", 2), ("critic/layer_1/weight", 2)]
      + [("critic/layer_1/bias", 1)]
    let names = expected.flatMap { [String](repeating: $0.0, count: $0.1) }
    #expect((0..<loss.parameterCount).map(loss.tensorName(at:)) == names)
  }

  @Test("episodes of a trained policy stop at the first number that is not finite: task, episode and step")
  func episodes() throws {
    let registry = try testRegistry()
    let workers = WorkerPool(threads: 2)
    let trained = try Trainer([counting("good", [:])], Self.configuration, hidden: [4]).finished().trained
    let random = RandomStream(seed: 2, name: "episodes")
    let cases: [([String: Double], Double, NonFiniteNumber.Quantity, Int)] = [
      (["bad_step": 3], .nan, .reward, 2), (["bad_observation": 0], .infinity, .observation(entry: 0), 0),
      (["bad_observation": 3], .infinity, .observation(entry: 0), 3),
      (["bad_observation": 9], .infinity, .observation(entry: 0), 9),
    ]
    for (parameters, value, quantity, step) in cases {
      let task = counting("bad", horizon: 9, parameters)
      let expected = TrainingError.nonFinite(
        NonFiniteNumber(value, in: quantity, tasks: ["bad"], at: .episodeStep(step, episode: 0)))
      #expect(throws: expected) {
        try evaluate(
          trained, tasks: [task], registry: registry, episodes: 25, random: random, workers: workers)
      }
      #expect(throws: expected) {
        try evaluate(
          nil, tasks: [task], registry: registry, episodes: 25, random: random, workers: workers)
      }
      #expect(throws: expected) {
        try collectTransitions(
          trained, tasks: [task], registry: registry, transitionsPerTask: 90, gamma: 0.99, gaeLambda: 0.95,
          random: random, workers: workers)
      }
    }
    // Parameters that overflow: the policy's output is met first, then the critic's.
    var overflowing = trained
    overflowing.criticParameters = overflowing.criticParameters.map { _ in 3e38 }
    let value = #expect(throws: TrainingError.self) {
      try collectTransitions(
        overflowing, tasks: [counting("good", [:])], registry: registry, transitionsPerTask: 90, gamma: 0.99,
        gaeLambda: 0.95, random: random, workers: workers)
    }
    #expect("\(String(describing: value))".contains("inf at step 0 of episode 0"))
    overflowing.policyParameters = overflowing.policyParameters.map { _ in 3e38 }
    let action = #expect(throws: TrainingError.self) {
      try collectTransitions(
        overflowing, tasks: [counting("good", [:])], registry: registry, transitionsPerTask: 90, gamma: 0.99,
        gaeLambda: 0.95, random: random, workers: workers)
    }
    #expect("\(String(describing: action))".contains("log-probability of task good"))
  }

  @Test("episodes whose simulation diverged are truncated, counted, and followed by sound ones")
  func divergedEpisodes() throws {
    let registry = try testRegistry()
    let tasks = [counting("good", horizon: 8, [:]), counting("unstable", horizon: 8, ["diverges": 4])]
    for threads in [1, 2] {
      let workers = WorkerPool(threads: threads)
      let result = try Trainer(
        tasks, Self.configuration, hidden: [4], seesTask: true, totalSteps: 2 * Self.iterationSteps,
        threads: threads
      ).finished()
      // Two environments of 32 steps each, cut at every fourth; the step that diverged pays nothing.
      #expect(result.divergedEpisodes == 16)
      #expect(result.state.curveReturns.last == [8, 3])
      let random = RandomStream(seed: 2, name: "diverged")
      let played = try evaluate(
        result.trained, tasks: tasks, registry: registry, episodes: 12, random: random, workers: workers)
      #expect(played.map { $0.map(\.diverged) } == [false, true].map { .init(repeating: $0, count: 12) })
      #expect(played[1].allSatisfy { $0.length == 4 && $0.undiscountedReturn == 3 })
      let atRandom = try evaluate(
        nil, tasks: tasks, registry: registry, episodes: 12, random: random, workers: workers)
      #expect(atRandom == played)
      let batch = try collectTransitions(
        result.trained, tasks: tasks, registry: registry, transitionsPerTask: 32, gamma: 0.99,
        gaeLambda: 0.95,
        random: random, workers: workers)
      #expect(batch.divergedEpisodes == 8)
    }
    print("reliability: diverged simulations truncated and counted: 16 of 16 in training")
  }
}
