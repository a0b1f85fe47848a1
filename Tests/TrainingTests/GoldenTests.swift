import Configuration
import Foundation
import Policies
import Random
import TestSupport
import Testing
import Training
import Workers

/// What PyTorch 2.13.0 makes of CleanRL's learner, from scripts/golden/learning.py.
private struct GoldenFile: Decodable {
  /// Advantages of one buffer.
  struct Segments: Decodable {
    var name: String
    var steps: Int
    var environments: Int
    var gamma: Double
    var lambda: Double
    var rewards: [Float]  // (T, E)
    var values: [Float]  // (T + 1, E)
    var truncationValues: [Float]  // (T, E)
    var endings: [UInt8]  // (T, E)
    var advantages: [Double]  // (T, E)
    var valueTargets: [Double]  // (T, E)
    var standardised: [Double]  // (T, E)
  }

  /// A learner, its experience, and the losses of a minibatch or the steps down the loss.
  struct Learner: Decodable {
    var distribution: String
    var activation: Activation
    var policySeesTask: Bool
    var steps: Int
    var environments: Int
    var tasks: Int
    var observationSize: Int
    var actorHidden: [Int]
    var criticHidden: [Int]
    var outputs: Int
    var clipCoef: Double
    var entCoef: Double
    var vfCoef: Double
    var maxGradNorm: Double
    var parameters: [Float]  // (P)
    var observations: [Float]  // (T, E, O)
    var actions: [Float]  // (T, E, A)
    var logProbabilities: [Float]  // (T, E)
    var values: [Float]  // (T, E)
    var advantages: [Float]  // (T, E)
    var valueTargets: [Float]  // (T, E)
    var rows: [Int32]?  // (B)
    var losses: [Loss]?
    var learningRate: Double?
    var gradientNorms: [Double]?  // (steps)
    var parametersAfter: [Parameters]?
  }

  struct Loss: Decodable {
    var clipVloss: Bool
    var loss: Double
    var policyLoss: Double
    var valueLoss: Double
    var entropy: Double
    var approximateKL: Double
    var clipFraction: Double
    var gradient: [Double]  // (P)
  }

  struct Parameters: Decodable {
    var steps: Int
    var parameters: [Double]  // (P)
  }

  var versions: [String: String]
  var advantages: [Segments]
  var losses: [Learner]
  var updates: [Learner]

  init() throws {
    let url = try #require(
      Bundle.module.url(forResource: "training", withExtension: "json", subdirectory: "Fixtures"))
    self = try JSONDecoder().decode(GoldenFile.self, from: Data(contentsOf: url))
  }
}

extension GoldenFile.Learner {
  /// The loss of this learner.
  func loss(clipVloss: Bool) -> PPOLoss {
    func network(told: Bool, _ hidden: [Int], _ outputs: Int) -> MultilayerPerceptron {
      MultilayerPerceptron(
        input: NetworkInput(observationSize: observationSize, taskCount: told ? tasks : 0), hidden: hidden,
        outputs: outputs, activation: activation)
    }
    return PPOLoss(
      policy: Policy(
        network: network(told: policySeesTask, actorHidden, outputs),
        distribution: distribution == "gaussian" ? .gaussian(size: outputs) : .categorical(count: outputs)),
      critic: network(told: true, criticHidden, 1), clipCoef: clipCoef, entCoef: entCoef, vfCoef: vfCoef,
      clipVloss: clipVloss)
  }

  /// The experience of this learner.
  func buffer() -> RolloutBuffer {
    let buffer = RolloutBuffer(
      steps: steps, environments: environments, taskNumbers: Array(0..<tasks),
      observationSize: observationSize,
      actionWidth: actions.count / (steps * environments))
    buffer.observations.update(from: observations, count: observations.count)
    buffer.actions.update(from: actions, count: actions.count)
    buffer.logProbabilities.update(from: logProbabilities, count: buffer.count)
    buffer.values.update(from: values, count: buffer.count)
    buffer.advantages.update(from: advantages, count: buffer.count)
    buffer.valueTargets.update(from: valueTargets, count: buffer.count)
    return buffer
  }
}

@Suite struct GoldenTests {
  @Test("advantages and value targets through terminations, truncations and the cut are PyTorch's")
  func advantages() throws {
    let golden = try GoldenFile()
    #expect(golden.versions["torch"] == "2.13.0" && golden.advantages.count == 4)
    for golden in golden.advantages {
      #expect(Set(golden.endings) == [0, 1, 2])
      let buffer = RolloutBuffer(
        steps: golden.steps, environments: golden.environments, observationSize: 1, actionWidth: 1)
      buffer.rewards.update(from: golden.rewards, count: buffer.count)
      buffer.values.update(from: golden.values, count: buffer.count + golden.environments)
      buffer.truncationValues.update(from: golden.truncationValues, count: buffer.count)
      for (index, ending) in golden.endings.enumerated() {
        buffer.endings[index] = try #require(SegmentEnding(rawValue: ending))
      }
      for environment in 0..<golden.environments {
        buffer.estimateAdvantages(environment: environment, gamma: golden.gamma, lambda: golden.lambda)
      }
      func numbers(_ pointer: UnsafeMutablePointer<Float>) -> [Double] {
        UnsafeBufferPointer(start: pointer, count: buffer.count).map(Double.init)
      }
      // Accumulated in double, so one rounding to single precision of an advantage, two of a target.
      #expect(
        largestRelativeDifference(numbers(buffer.advantages), golden.advantages) < 1e-7, "\(golden.name)")
      #expect(
        largestRelativeDifference(numbers(buffer.valueTargets), golden.valueTargets) < 2e-7, "\(golden.name)")
      for task in 0..<2 {
        let places = (0..<buffer.count).filter { $0 % golden.environments / 2 == task }
        standardise(buffer.advantages, at: places)
      }
      // Again a rounding of numbers up to 4.
      #expect(
        largestRelativeDifference(numbers(buffer.advantages), golden.standardised) < 3e-7, "\(golden.name)")
    }
  }

  @Test("the loss of a minibatch, its parts and its gradient are PyTorch's")
  func losses() throws {
    let learners = try GoldenFile().losses
    #expect(Set(learners.map { "\($0.distribution) \($0.activation)" }).count == 4)
    for golden in learners {
      let buffer = golden.buffer()
      let rows = try #require(golden.rows)
      let losses = try #require(golden.losses)
      #expect(losses.map(\.clipVloss) == [false, true])
      for expected in losses {
        let loss = golden.loss(clipVloss: expected.clipVloss)
        let workspace = PPOLoss.Workspace(loss, capacity: rows.count)
        var gradient = [Float](repeating: 0, count: loss.parameterCount)
        let sums = loss.addGradient(
          rows: rows[...], of: buffer, batchSize: rows.count, parameters: golden.parameters,
          workspace: workspace, to: &gradient)
        let name: Comment = "\(golden.distribution) \(golden.activation), clipped \(expected.clipVloss)"
        let parts = [sums.policyLoss, sums.valueLoss, sums.entropy, sums.divergence, sums.clipped]
        // Single-precision passes through three layers; the reference is in double precision.
        #expect(
          largestRelativeDifference(
            parts.map { $0 / sums.count },
            [
              expected.policyLoss, expected.valueLoss, expected.entropy, expected.approximateKL,
              expected.clipFraction,
            ]) < 1e-6, name)
        let total =
          (sums.policyLoss - golden.entCoef * sums.entropy + golden.vfCoef * sums.valueLoss) / sums.count
        #expect(abs(total - expected.loss) < 1e-6, name)
        #expect(largestRelativeDifference(gradient.map(Double.init), expected.gradient) < 1e-6, name)
        // The minibatch exercises both branches of the clip.
        #expect(sums.clipped > 0 && sums.clipped < sums.count, name)
      }
    }
  }

  @Test("steps of Adam with ε = 1e-5 down gradients clipped by their norm are PyTorch's")
  func updates() throws {
    var clipped = Set<Bool>()
    for golden in try GoldenFile().updates {
      let loss = golden.loss(clipVloss: true)
      let buffer = golden.buffer()
      let norms = try #require(golden.gradientNorms)
      let learningRate = try #require(golden.learningRate)
      clipped.formUnion(norms.map { $0 > golden.maxGradNorm })
      for expected in try #require(golden.parametersAfter) {
        var configuration = PPOConfiguration()
        configuration.numMinibatches = 1
        configuration.updateEpochs = expected.steps
        configuration.maxGradNorm = golden.maxGradNorm
        let workers = WorkerPool(threads: 1)
        let objective = PPOObjective(
          loss: loss, taskNames: (0..<golden.tasks).map { "task \($0)" }, workers: workers)
        var parameters = golden.parameters
        var optimizer = Adam(parameterCount: parameters.count)
        // One minibatch of all rows: their order only moves roundings.
        var random = RandomStream(seed: 1, name: "order")
        _ = try objective.descend(
          on: buffer, &parameters, &optimizer, configuration, learningRate: learningRate, random: &random,
          iteration: 0)
        #expect(optimizer.step == expected.steps)
        // Single precision: PyTorch itself, in single precision, comes within 2.2e-7 of the reference. An ε of
        // 1e-8 would be off by 3e-4 or more.
        #expect(
          largestDifference(parameters.map(Double.init), expected.parameters) < 1e-6,
          "\(golden.distribution) \(golden.activation), \(expected.steps) steps")
      }
    }
    #expect(clipped.count == 2)
  }
}
