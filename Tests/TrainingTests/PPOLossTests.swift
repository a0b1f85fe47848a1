import Foundation
import Policies
import Random
import TestSupport
import Testing
import Training

/// A network's outputs in double precision, one entry at a time.
private func obviousOutput(
  _ network: MultilayerPerceptron, _ parameters: ArraySlice<Double>, _ input: [Double]
) -> [Double] {
  let parameters = Array(parameters)
  var values = input
  for layer in 0..<network.layerCount {
    values = (0..<network.outputs(layer)).map { i in
      var sum = parameters[network.biasOffset(layer) + i]
      for (j, value) in values.enumerated() {
        sum += parameters[network.weightOffset(layer) + i * values.count + j] * value
      }
      return layer < network.layerCount - 1 ? tanh(sum) : sum
    }
  }
  return values
}

/// A tiny learner on a buffer of random numbers: two tasks with two environments each.
private struct Example {
  let loss: PPOLoss
  let buffer = RolloutBuffer(steps: 5, environments: 4, observationSize: 3, actionWidth: 2)
  let parameters: [Float]

  init(clipVloss: Bool) {
    var random = RandomStream(seed: 5, name: "loss")
    let inputs = NetworkInputs(observationSize: 3, taskCount: 2, policySeesTask: true)
    loss = PPOLoss(
      policy: Policy(
        network: MultilayerPerceptron(sizes: [inputs.policyWidth, 6, 2], activation: .tanh),
        distribution: .gaussian(size: 2)),
      critic: MultilayerPerceptron(sizes: [inputs.criticWidth, 5, 1], activation: .tanh), inputs: inputs,
      clipCoef: 0.2, entCoef: 0.03, vfCoef: 0.5, clipVloss: clipVloss)
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
    (0..<3).map { Double(buffer.observations[index * 3 + $0]) } + (index % 4 < 2 ? [1, 0] : [0, 1])
  }

  private func logRatioFreeLogProbability(_ index: Int) -> Double {
    logProbability(index, parameters.map(Double.init))
  }

  private func logProbability(_ index: Int, _ parameters: [Double]) -> Double {
    let mean = obviousOutput(loss.policy.network, parameters[...], input(index))
    return (0..<2).map { j in
      let logStd = parameters[loss.policy.logStdOffset + j]
      let z = (Double(buffer.actions[index * 2 + j]) - mean[j]) / exp(logStd)
      return -0.5 * z * z - logStd - 0.5 * log(2 * Double.pi)
    }.reduce(0, +)
  }

  private func value(_ index: Int, _ parameters: [Double]) -> Double {
    obviousOutput(loss.critic, parameters[loss.policy.parameterCount...], input(index))[0]
  }

  /// The scalar loss over some rows, as it is written.
  func scalarLoss(_ rows: [Int32], _ parameters: [Double]) -> Double {
    var sum = 0.0
    for row in rows.map(Int.init) {
      let advantage = Double(buffer.advantages[row])
      let ratio = exp(logProbability(row, parameters) - Double(buffer.logProbabilities[row]))
      sum += max(-advantage * ratio, -advantage * min(max(ratio, 0.8), 1.2))
      for j in 0..<2 {
        sum -= 0.03 * (parameters[loss.policy.logStdOffset + j] + 0.5 * log(2 * Double.pi * M_E))
      }
      let value = value(row, parameters)
      let target = Double(buffer.valueTargets[row])
      var square = (value - target) * (value - target)
      if loss.clipVloss {
        let old = Double(buffer.values[row])
        let clipped = old + min(max(value - old, -0.2), 0.2) - target
        square = max(square, clipped * clipped)
      }
      sum += 0.5 * 0.5 * square
    }
    return sum / Double(rows.count)
  }
}

@Suite struct PPOLossTests {
  @Test("the gradient is that of the scalar loss by central differences", arguments: [false, true])
  func gradient(clipVloss: Bool) {
    let example = Example(clipVloss: clipVloss)
    let loss = example.loss
    let rows: [Int32] = [3, 0, 19, 7, 8, 12, 5, 16, 2, 11, 17]
    var gradient = [Float](repeating: 0, count: loss.parameterCount)
    // A workspace smaller than the batch, so that it is handled in parts.
    let workspace = PPOLoss.Workspace(loss, capacity: 4)
    let sums = rows.withUnsafeBufferPointer {
      loss.addGradient(
        rows: $0, of: example.buffer, batchSize: rows.count, parameters: example.parameters,
        workspace: workspace, to: &gradient)
    }
    var moved = example.parameters.map(Double.init)
    let expected = moved.indices.map { index in
      let middle = moved[index]
      moved[index] = middle + 1e-5
      let above = example.scalarLoss(rows, moved)
      moved[index] = middle - 1e-5
      let below = example.scalarLoss(rows, moved)
      moved[index] = middle
      return (above - below) / 2e-5
    }
    // Gradients of order 1 in single precision.
    #expect(largestRelativeDifference(gradient.map(Double.init), expected) < 1e-5)
    let total = (sums.policyLoss - 0.03 * sums.entropy + 0.5 * sums.valueLoss) / sums.count
    #expect(abs(total - example.scalarLoss(rows, moved)) < 1e-5)
    // The example must exercise both branches of the clip.
    #expect(sums.clipped > 0 && sums.clipped < sums.count)
  }

  @Test("shares of a minibatch sum to its gradient")
  func shards() {
    let example = Example(clipVloss: true)
    let loss = example.loss
    let rows = (0..<Int32(20)).map { $0 }
    let workspace = PPOLoss.Workspace(loss, capacity: 32)
    func gradient(_ parts: [Range<Int>]) -> [Float] {
      var gradient = [Float](repeating: 0, count: loss.parameterCount)
      for part in parts {
        rows[part].withUnsafeBufferPointer {
          _ = loss.addGradient(
            rows: $0, of: example.buffer, batchSize: 20, parameters: example.parameters, workspace: workspace,
            to: &gradient)
        }
      }
      return gradient
    }
    // Sums of twenty terms of order 1 in another order.
    #expect(largestDifference(gradient([0..<20]), gradient([0..<7, 7..<8, 8..<20])) < 1e-6)
  }
}
