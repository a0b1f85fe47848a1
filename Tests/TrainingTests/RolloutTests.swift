import Configuration
import Environments
import Foundation
import Policies
import Random
import TestSupport
import Testing
import Training
import Workers

/// One environment played step by step in double precision, as the definitions say.
private struct ObviousRollout {
  let environment: any Environment
  let horizon: Int
  let task: Int
  let sigma: Double
  let policy: any Network
  let critic: any Network
  var generator: NumPyGenerator
  var elapsed = 0
  /// R of the reward scaling.
  var discounted = 0.0

  /// What a step brings.
  struct Step {
    var observation: [Double]
    var action = 0.0
    var logProbability = 0.0
    var reward = 0.0
    var ending = SegmentEnding.continuing
    var value = 0.0
    /// V of the last observation, where the episode was truncated.
    var truncationValue: Double?
    var discounted = 0.0
  }

  /// The raw observation.
  func seen() -> [Double] {
    var observation = [Double](repeating: 0, count: environment.observationSize)
    observation.withUnsafeMutableBufferPointer { environment.observe(into: $0) }
    return observation
  }

  /// Plays so many steps; the raw observations that were acted on, and the steps with one more that holds the value of
  /// what would have come.
  mutating func play(
    _ count: Int, parameters: [Double], normalizer: RunningNormalizer, gamma: Double, noise: RandomStream
  ) throws -> (raw: [[Double]], steps: [Step]) {
    var noise = noise
    let split = policy.parameterCount + 1
    func normalised(_ raw: [Double]) -> [Double] {
      raw.indices.map {
        min(max((raw[$0] - normalizer.mean[$0]) / (normalizer.variance[$0] + 1e-8).squareRoot(), -10), 10)
      }
    }
    func value(_ raw: [Double]) -> Double {
      obviousOutput(critic, parameters[split...], normalised(raw), task: task)[0]
    }
    var (raws, steps) = ([[Double]](), [Step]())
    for _ in 0..<count {
      let raw = seen()
      raws.append(raw)
      var step = Step(observation: normalised(raw))
      step.value = value(raw)
      let mean = obviousOutput(policy, parameters[...], step.observation, task: task)[0]
      let logStd = parameters[policy.parameterCount]
      let z = Double(Float(noise.gaussian()))
      step.action = mean + exp(logStd) * z
      step.logProbability = -0.5 * z * z - logStd - 0.5 * log(2 * Double.pi)
      let clipped = [Float(min(max(step.action, -0.5), 0.5))]
      let outcome = try clipped.withUnsafeBufferPointer { try environment.step(action: $0) }
      elapsed += 1
      step.reward = outcome.reward
      discounted = gamma * discounted + outcome.reward
      step.discounted = discounted
      if outcome.terminated {
        step.ending = .terminated
      } else if elapsed == horizon {
        step.ending = .truncated
        step.truncationValue = value(seen())
      }
      if step.ending != .continuing {
        (elapsed, discounted) = (0, 0)
        try environment.reset(using: &generator)
      }
      steps.append(step)
    }
    var next = Step(observation: normalised(seen()))
    next.value = value(seen())
    return (raws, steps + [next])
  }
}

/// A_t = Σ_k (γλ)^k δ_{t+k} to the episode's end, as it is written.
private func obviousAdvantages(
  _ steps: [ObviousRollout.Step], rewards: [Double], gamma: Double, lambda: Double
) -> [Double] {
  rewards.indices.map { t in
    var (sum, weight) = (0.0, 1.0)
    for k in t..<rewards.count {
      let next =
        switch steps[k].ending {
        case .terminated: 0.0
        case .truncated: steps[k].truncationValue ?? .nan
        case .continuing: steps[k + 1].value
        }
      sum += weight * (rewards[k] + gamma * next - steps[k].value)
      weight *= gamma * lambda
      if steps[k].ending != .continuing { break }
    }
    return sum
  }
}

@Suite struct RolloutTests {
  @Test(
    "two rollouts of two tasks are those of single environments in double precision, hidden and one-hot",
    arguments: [false, true])
  func rollout(seesTask: Bool) throws {
    let registry = try testRegistry()
    let tasks = [
      TaskSpecification(name: "right", family: "Drift", parameters: ["drift": 0.3], horizon: 9),
      TaskSpecification(name: "left", family: "Drift", parameters: ["drift": -0.08], horizon: 7),
    ]
    var configuration = PPOConfiguration.small
    configuration.numEnvs = 3
    configuration.numSteps = 40
    configuration.numMinibatches = 1
    configuration.updateEpochs = 1
    configuration.gamma = 0.9
    configuration.gaeLambda = 0.8
    let (gamma, lambda) = (configuration.gamma, configuration.gaeLambda)
    let random = RandomStream(seed: 7, name: "rollout")
    let trainer = try Trainer(
      tasks: tasks, registry: registry, configuration: configuration,
      makeNetwork: { MultilayerPerceptron(input: $0, hidden: [6, 5], outputs: $1, activation: .tanh) },
      policySeesTask: seesTask, totalSteps: 480, random: random, workers: WorkerPool(threads: 2))
    let loss = trainer.objective.loss
    var rows = try (0..<6).map { row in
      let seed = random.derived("environments").derived("environment-\(row)")
      var generator = NumPyGenerator(seededBy: seed)
      let environment = try registry.makeEnvironment(tasks[row / 3])
      try environment.reset(using: &generator)
      return ObviousRollout(
        environment: environment, horizon: tasks[row / 3].horizon, task: row / 3, sigma: 0,
        policy: loss.policy.network, critic: loss.critic, generator: generator)
    }
    var seen = [[Double]]()
    var discounted = [[Double]](repeating: [], count: 2)
    for iteration in 0..<2 {
      let before = trainer.snapshot.state
      let progress = try trainer.runIteration()
      let buffer = trainer.buffer
      let played = try rows.indices.map { row in
        try rows[row].play(
          40, parameters: before.parameters.map(Double.init), normalizer: before.normalizer, gamma: gamma,
          noise: random.derived("iteration-\(iteration)").derived("action-noise-\(row)"))
      }
      for (row, played) in played.enumerated() {
        seen += played.raw
        discounted[row / 3] += played.steps.dropLast().map(\.discounted)
      }
      // The reward scales: the deviation of all discounted returns so far.
      let scales = discounted.map { all in
        let mean = all.reduce(0, +) / Double(all.count)
        return (all.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(all.count) + 1e-8).squareRoot()
      }
      var endings = Set<SegmentEnding>()
      for task in 0..<2 {
        var advantages = [[Double]]()
        for row in task * 3..<task * 3 + 3 {
          let steps = played[row].steps
          let rewards = steps.dropLast().map { min(max($0.reward / scales[task], -10), 10) }
          advantages.append(obviousAdvantages(steps, rewards: rewards, gamma: gamma, lambda: lambda))
          for t in 0..<40 {
            let (index, step) = (t * 6 + row, steps[t])
            endings.insert(step.ending)
            let found = [
              buffer.observations[2 * index], buffer.observations[2 * index + 1], buffer.actions[index],
              buffer.logProbabilities[index], buffer.rewards[index], buffer.values[index],
            ].map(Double.init)
            let expected = step.observation + [step.action, step.logProbability, rewards[t], step.value]
            // Forty steps of single-precision actions, and numbers of order 1.
            #expect(largestDifference(found, expected) < 2e-4, "row \(row), step \(t)")
            #expect(buffer.endings[index] == step.ending, "row \(row), step \(t)")
            if let value = step.truncationValue {
              #expect(abs(Double(buffer.truncationValues[index]) - value) < 2e-4)
            }
          }
          // What would be acted on next, and its value.
          #expect(abs(Double(buffer.values[240 + row]) - steps[40].value) < 2e-4)
          #expect(abs(Double(buffer.observations[2 * (240 + row)]) - steps[40].observation[0]) < 2e-4)
        }
        let all = advantages.joined()
        let mean = all.reduce(0, +) / 120
        let deviation = (all.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 120).squareRoot()
        for (row, advantages) in advantages.enumerated() {
          for (t, advantage) in advantages.enumerated() {
            let index = t * 6 + task * 3 + row
            #expect(abs(Double(buffer.advantages[index]) - (advantage - mean) / deviation) < 2e-3)
            // The target is A + V before A is standardised.
            let target = advantage + played[task * 3 + row].steps[t].value
            #expect(abs(Double(buffer.valueTargets[index]) - target) < 1e-3)
          }
        }
      }
      #expect(endings == [.continuing, .terminated, .truncated])
      // The normaliser: mean and variance of all that was acted on so far.
      let after = trainer.snapshot.state.normalizer
      for entry in 0..<2 {
        let all = seen.map { $0[entry] }
        let mean = all.reduce(0, +) / Double(all.count)
        let variance = all.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(all.count)
        #expect(abs(after.mean[entry] - mean) < 1e-4 && abs(after.variance[entry] - variance) < 1e-3)
      }
      // One minibatch of all rows, before any step: the policy is still the one that acted.
      #expect(progress.numbers["KL"] == 0 && progress.numbers["clipped"] == 0)
      let mean = (0..<240).map { Double(buffer.advantages[$0]) }.reduce(0, +) / 240
      #expect(abs((progress.numbers["policy loss"] ?? .nan) + mean) < 1e-7)
    }
  }
}
