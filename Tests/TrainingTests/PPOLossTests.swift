import Configuration
import Foundation
import Policies
import Random
import TestSupport
import Testing
import Training
import Workers

/// A tiny learner on a buffer of random numbers: two tasks with two environments each.
private struct Example {
  let loss: PPOLoss
  let clipVloss: Bool
  let buffer: RolloutBuffer
  let parameters: [Float]

  init(clipVloss: Bool, _ network: NetworkCase, steps: Int = 5) {
    self.clipVloss = clipVloss
    buffer = RolloutBuffer(
      steps: steps, environments: 4, taskNumbers: [0, 1], observationSize: 3, actionWidth: 2)
    var random = RandomStream(seed: 5, name: "loss")
    let input = NetworkInput(observationSize: 3, taskCount: 2)
    loss = PPOLoss(
      policy: Policy(network: network.make(input, 2), distribution: .gaussian(size: 2)),
      critic: network.make(input, 1), clipCoef: 0.25, entCoef: 0.03, vfCoef: 0.5, clipVloss: clipVloss)
    parameters = (0..<loss.parameterCount).map { _ in Float(0.5 * random.gaussian()) }
    for index in 0..<buffer.count * 3 { buffer.observations[index] = Float(random.gaussian()) }
    for index in 0..<buffer.count * 2 { buffer.actions[index] = Float(random.gaussian()) }
    for index in 0..<buffer.count {
      buffer.advantages[index] = Float(random.gaussian())
      // Ratios on both sides of the clip range, values likewise.
      let ratio = logRatioFreeLogProbability(index)
      buffer.logProbabilities[index] = Float(ratio + 0.3 * random.gaussian())
      buffer.values[index] = Float(value(index, parameters.map(Double.init)) + 0.3 * random.gaussian())
      buffer.valueTargets[index] = Float(random.gaussian())
    }
  }

  private func input(_ index: Int) -> [Double] {
    (0..<3).map { Double(buffer.observations[index * 3 + $0]) }
  }

  /// Rows 0 and 1 of four environments are the first task's.
  private func task(_ index: Int) -> Int { index % 4 / 2 }

  private func logRatioFreeLogProbability(_ index: Int) -> Double {
    logProbability(index, parameters.map(Double.init))
  }

  private func logProbability(_ index: Int, _ parameters: [Double]) -> Double {
    let mean = obviousOutput(loss.policy.network, parameters[...], input(index), task: task(index))
    return (0..<2).map { j in
      let logStd = parameters[loss.policy.logStdOffset + j]
      let z = (Double(buffer.actions[index * 2 + j]) - mean[j]) / exp(logStd)
      return -0.5 * z * z - logStd - 0.5 * log(2 * Double.pi)
    }.reduce(0, +)
  }

  private func value(_ index: Int, _ parameters: [Double]) -> Double {
    obviousOutput(
      loss.critic, parameters[loss.policy.parameterCount...], input(index), task: task(index))[0]
  }

  /// The scalar loss over some rows, as it is written.
  func scalarLoss(_ rows: [Int32], _ parameters: [Double]) -> Double {
    var sum = 0.0
    for row in rows.map(Int.init) {
      let advantage = Double(buffer.advantages[row])
      let ratio = exp(logProbability(row, parameters) - Double(buffer.logProbabilities[row]))
      sum += max(-advantage * ratio, -advantage * min(max(ratio, 0.75), 1.25))
      for j in 0..<2 {
        sum -= 0.03 * (parameters[loss.policy.logStdOffset + j] + 0.5 * log(2 * Double.pi * M_E))
      }
      let value = value(row, parameters)
      let target = Double(buffer.valueTargets[row])
      var square = (value - target) * (value - target)
      if clipVloss {
        let old = Double(buffer.values[row])
        let clipped = old + min(max(value - old, -0.25), 0.25) - target
        square = max(square, clipped * clipped)
      }
      sum += 0.5 * 0.5 * square
    }
    return sum / Double(rows.count)
  }

  /// Its gradient by central differences.
  func gradient(_ rows: [Int32], _ parameters: [Double]) -> [Double] {
    var moved = parameters
    return moved.indices.map { index in
      moved[index] = parameters[index] + 1e-5
      let above = scalarLoss(rows, moved)
      moved[index] = parameters[index] - 1e-5
      let below = scalarLoss(rows, moved)
      moved[index] = parameters[index]
      return (above - below) / 2e-5
    }
  }
}

@Suite struct PPOLossTests {
  @Test(
    "the gradient is that of the scalar loss by central differences", arguments: [false, true],
    NetworkCase.all)
  func gradient(clipVloss: Bool, network: NetworkCase) {
    let example = Example(clipVloss: clipVloss, network)
    let loss = example.loss
    let rows: [Int32] = [3, 0, 19, 7, 8, 12, 5, 16, 2, 11, 17]
    var gradient = [Float](repeating: 0, count: loss.parameterCount)
    // A workspace smaller than the batch, so that it is handled in parts.
    let workspace = PPOLoss.Workspace(loss, capacity: 4)
    let sums = loss.addGradient(
      rows: rows[...], of: example.buffer, batchSize: rows.count, parameters: example.parameters,
      workspace: workspace, to: &gradient)
    let moved = example.parameters.map(Double.init)
    let expected = example.gradient(rows, moved)
    // Gradients of order 1 in single precision.
    #expect(largestRelativeDifference(gradient.map(Double.init), expected) < 1e-5)
    let total = (sums.policyLoss - 0.03 * sums.entropy + 0.5 * sums.valueLoss) / sums.count
    #expect(abs(total - example.scalarLoss(rows, moved)) < 1e-5)
    // The example must exercise both branches of the clip.
    #expect(sums.clipped > 0 && sums.clipped < sums.count)
  }

  @Test("shares of a minibatch sum to its gradient")
  func shards() {
    let example = Example(clipVloss: true, NetworkCase.all[1])
    let loss = example.loss
    let rows = (0..<Int32(20)).map { $0 }
    let workspace = PPOLoss.Workspace(loss, capacity: 32)
    func gradient(_ parts: [Range<Int>]) -> [Float] {
      var gradient = [Float](repeating: 0, count: loss.parameterCount)
      for part in parts {
        _ = loss.addGradient(
          rows: rows[part], of: example.buffer, batchSize: 20, parameters: example.parameters,
          workspace: workspace, to: &gradient)
      }
      return gradient
    }
    // Sums of twenty terms of order 1 in another order.
    #expect(largestDifference(gradient([0..<20]), gradient([0..<7, 7..<8, 8..<20])) < 1e-6)
  }

  @Test(
    "epochs of minibatches of several shards are steps of Adam down the scalar loss in double precision",
    arguments: [1, 2])
  func update(threads: Int) throws {
    // 300 rows in minibatches of 150, each of three shards.
    let example = Example(clipVloss: true, NetworkCase.all[1], steps: 75)
    var configuration = PPOConfiguration()
    configuration.numMinibatches = 2
    configuration.updateEpochs = 2
    configuration.maxGradNorm = 0.3
    let workers = WorkerPool(threads: threads)
    let objective = PPOObjective(loss: example.loss, taskNames: ["a", "b"], workers: workers)
    var parameters = example.parameters
    var optimizer = Adam(parameterCount: parameters.count)
    var random = RandomStream(seed: 9, name: "shards")
    var shuffling = random
    _ = try objective.descend(
      on: example.buffer, &parameters, &optimizer, configuration, learningRate: 1e-2, random: &random,
      iteration: 0)
    var expected = example.parameters.map(Double.init)
    var (m, v) = (
      [Double](repeating: 0, count: expected.count), [Double](repeating: 0, count: expected.count)
    )
    var rows = (0..<Int32(300)).map { $0 }
    var step = 0.0
    for _ in 0..<2 {
      shuffling.shuffle(count: rows.count) { rows.swapAt($0, $1) }
      for minibatch in [rows[..<150], rows[150...]] {
        step += 1
        let gradient = example.gradient(Array(minibatch), expected)
        let norm = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(norm > 0.3)
        for index in expected.indices {
          let g = gradient[index] * 0.3 / (norm + 1e-6)
          m[index] = 0.9 * m[index] + 0.1 * g
          v[index] = 0.999 * v[index] + 0.001 * g * g
          let (first, second) = (m[index] / (1 - pow(0.9, step)), v[index] / (1 - pow(0.999, step)))
          expected[index] -= 1e-2 * first / (second.squareRoot() + 1e-5)
        }
      }
    }
    // Gradients to 1e-5 of their size, and steps of 1e-2 whose direction they decide.
    #expect(largestDifference(parameters.map(Double.init), expected) < 1e-5)
  }
}
