import Environments
import Random
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
    configuration.hiddenSizes = [4]
    configuration.updateEpochs = 2
    return configuration
  }()

  /// What two iterations with this fault, or of these tasks, end with.
  private func finding(
    _ fault: NumericFault?, tasks: [TaskSpecification] = Self.tasks, threads: Int
  ) throws -> NonFiniteNumber? {
    do {
      _ = try trainMultiTask(
        tasks: tasks, registry: testRegistry(), configuration: Self.configuration, policySeesTask: false,
        totalSteps: 2 * Self.iterationSteps, random: RandomStream(seed: 1, name: "fault"), fault: fault,
        workers: WorkerPool(threads: threads))
      return nil
    } catch TrainingError.nonFinite(let number) {
      return number
    }
  }

  @Test("a fault at any environment step is found as that step's, with its task, on 1 and 2 threads")
  func environmentSteps() throws {
    var count = 0
    for quantity in [NumericFault.Quantity.observation, .reward, .advantage] {
      // The observations after the last step are looked at too: their values continue the last episodes.
      let end = 2 * Self.iterationSteps + (quantity == .observation ? Self.rows : 0)
      for step in 0..<end {
        let value = NonFiniteValue.allCases[step % 3]
        let expected: NonFiniteNumber.Quantity =
          switch quantity {
          case .observation: .observation(entry: 0)
          case .reward: .reward
          default: .advantage
          }
        // What follows an iteration's last step is met by that iteration.
        let met = quantity == .observation ? max(step - Self.rows, 0) : step
        let number = NonFiniteNumber(
          value, in: expected, tasks: [step % Self.rows < 2 ? "first" : "second"],
          at: .environmentStep(step, iteration: met / Self.iterationSteps))
        for threads in [1, 2] {
          let found = try finding(NumericFault(value, in: quantity, step: step), threads: threads)
          #expect(found == number)
        }
        count += 1
      }
    }
    print(
      "reliability: non-finite numbers put in at every environment step of a training: \(count) of \(count) named"
    )
  }

  @Test("a fault at any step of the optimiser is found as that step's, with its tensor, on 1 and 2 threads")
  func optimizerSteps() throws {
    for quantity in [NumericFault.Quantity.loss, .gradient, .parameter] {
      for step in 0..<8 {
        let value = NonFiniteValue.allCases[step % 3]
        // The policy's first layer has 4 weights: entries 0 to 3; then 4 biases.
        let tensor = step < 4 ? "policy/layer_0/weight" : "policy/layer_0/bias"
        let expected: NonFiniteNumber.Quantity =
          switch quantity {
          case .loss: .loss("policy loss")
          case .gradient: .gradient(of: tensor)
          default: .parameter(tensor)
          }
        let number = NonFiniteNumber(
          value, in: expected, tasks: ["first", "second"], at: .optimizerStep(step, iteration: step / 4))
        for threads in [1, 2] {
          #expect(try finding(NumericFault(value, in: quantity, step: step), threads: threads) == number)
        }
      }
    }
  }

  @Test("without a fault, or with one after the end, a training goes through")
  func soundTraining() throws {
    #expect(try finding(nil, threads: 1) == nil)
    #expect(try finding(NumericFault(.nan, in: .reward, step: 2 * Self.iterationSteps), threads: 1) == nil)
    #expect(try finding(NumericFault(.nan, in: .parameter, step: 8), threads: 1) == nil)
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
    let cases: [([String: Double], Int, NonFiniteValue, NonFiniteNumber.Quantity, Int)] = [
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
        #expect(try finding(nil, tasks: tasks, threads: threads) == expected)
      }
    }
    let far = try #require(try finding(nil, tasks: [good, counting("far", ["scale": 1e200])], threads: 2))
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
        let found = try finding(nil, tasks: tasks, threads: threads)
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
        try trainMultiTask(
          tasks: Self.tasks, registry: testRegistry(), configuration: configuration, policySeesTask: false,
          totalSteps: 2 * Self.iterationSteps, random: RandomStream(seed: 1, name: "overflow"),
          workers: WorkerPool(threads: threads))
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
      let buffer = RolloutBuffer(steps: 8, environments: 4, observationSize: 1, actionWidth: 1)
      let bad = 5 * 4 + taskIndex * 2
      if quantity == "policy loss" {
        buffer.advantages[bad] = .nan
      } else {
        buffer.valueTargets[bad] = .infinity
      }
      let inputs = NetworkInputs(observationSize: 1, taskCount: 2, policySeesTask: false)
      let loss = smallLoss(inputs)
      let workers = WorkerPool(threads: 2)
      let update = PPOUpdate(
        loss: loss, configuration: Self.configuration, taskNames: ["first", "second"], workers: workers)
      var parameters = [Float](repeating: 0.1, count: loss.parameterCount)
      var optimizer = Adam(parameterCount: parameters.count)
      var random = RandomStream(seed: 1, name: "order")
      let error = #expect(throws: TrainingError.self) {
        try update.run(
          on: buffer, parameters: &parameters, optimizer: &optimizer, learningRate: 1e-3, random: &random,
          iteration: 7, workers: workers)
      }
      guard case .nonFinite(let number) = error, case .optimizerStep(_, iteration: 7) = number.moment else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(number.quantity == .loss(quantity) && number.tasks == [["first", "second"][taskIndex]])
    }
  }

  @Test("every tensor has its name in artifacts")
  func tensorNames() {
    let loss = smallLoss(NetworkInputs(observationSize: 1, taskCount: 2, policySeesTask: false))
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
    let trained = try trainMultiTask(
      tasks: [counting("good", [:])], registry: registry, configuration: Self.configuration,
      policySeesTask: false, totalSteps: 1, random: RandomStream(seed: 1, name: "sound"), workers: workers
    ).trained
    let random = RandomStream(seed: 2, name: "episodes")
    let cases: [([String: Double], NonFiniteValue, NonFiniteNumber.Quantity, Int)] = [
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
        try playRandomActions(
          tasks: [task], registry: registry, episodes: 25, random: random, workers: workers)
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
      let result = try trainMultiTask(
        tasks: tasks, registry: registry, configuration: Self.configuration, policySeesTask: true,
        totalSteps: 2 * Self.iterationSteps, random: RandomStream(seed: 1, name: "diverged"), workers: workers
      )
      // Two environments of 32 steps each, cut at every fourth; the step that diverged pays nothing.
      #expect(result.divergedEpisodes == 16)
      #expect(result.curveReturns.last == [8, 3])
      let random = RandomStream(seed: 2, name: "diverged")
      let played = try evaluate(
        result.trained, tasks: tasks, registry: registry, episodes: 12, random: random, workers: workers)
      #expect(played.map { $0.map(\.diverged) } == [false, true].map { .init(repeating: $0, count: 12) })
      #expect(played[1].allSatisfy { $0.length == 4 && $0.undiscountedReturn == 3 })
      let atRandom = try playRandomActions(
        tasks: tasks, registry: registry, episodes: 12, random: random, workers: workers)
      #expect(atRandom == played)
      let batch = try collectTransitions(
        result.trained, tasks: tasks, registry: registry, transitionsPerTask: 32, gamma: 0.99,
        gaeLambda: 0.95,
        random: random, workers: workers)
      #expect(batch.divergedEpisodes == 8)
    }
    print("reliability: diverged simulations truncated and counted: 16 of 16 in training")
  }

  @Test(
    "a fault is read from its text",
    arguments: [
      ("nan@reward:1234", NumericFault(.nan, in: .reward, step: 1234)),
      ("inf@observation:0", NumericFault(.infinity, in: .observation, step: 0)),
      ("-inf@advantage:1", NumericFault(.negativeInfinity, in: .advantage, step: 1)),
      ("nan@loss:2", NumericFault(.nan, in: .loss, step: 2)),
      ("nan@gradient:30", NumericFault(.nan, in: .gradient, step: 30)),
      ("inf@parameter:9223372036854775807", NumericFault(.infinity, in: .parameter, step: .max)),
    ])
  func parsing(text: String, fault: NumericFault) throws {
    #expect(try NumericFault(parsing: text) == fault)
  }

  @Test(
    "a text that is no fault is refused with what is wrong in it",
    arguments: [
      ("", "value@quantity:step"), ("nan", "value@quantity:step"), ("nan@reward", "value@quantity:step"),
      ("nan:1", "value@quantity:step"), ("@:", "the value \"\""), ("NaN@reward:1", "the value \"NaN\""),
      ("+inf@reward:1", "the value \"+inf\""), (" nan@reward:1", "the value \" nan\""),
      ("1@reward:1", "nan, inf, -inf"), ("nan@rewards:1", "the quantity \"rewards\""),
      ("nan@:1", "observation, reward, advantage, loss, gradient, parameter"),
      ("nan@@reward:1", "the quantity \"@reward\""), ("nan@reward:", "the step \"\""),
      ("nan@reward:-1", "the step \"-1\""), ("nan@reward:+1", "the step \"+1\""),
      ("nan@reward:01", "the step \"01\""), ("nan@reward:1.5", "the step \"1.5\""),
      ("nan@reward:1:2", "the step \"1:2\""), ("nan@reward:1 ", "the step \"1 \""),
      ("nan@reward:9223372036854775808", "the step \"9223372036854775808\""),
    ])
  func badTexts(text: String, reason: String) {
    let error = #expect(throws: TrainingError.self) { try NumericFault(parsing: text) }
    guard case .invalidFault(text, let found) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(found.contains(reason), "\(found)")
  }
}
