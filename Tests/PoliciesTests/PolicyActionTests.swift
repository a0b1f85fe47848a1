import Foundation
import Policies
import Random
import TestSupport
import Testing

@Suite struct PolicyActionTests {
  @Test(
    "Gaussian actions have the mean and deviation of the policy, and the log-probability returned is theirs")
  func gaussianSampling() {
    var random = RandomStream(seed: 4, name: "gaussian")
    let policy = Policy(
      network: MultilayerPerceptron(sizes: [2, 2], activation: .tanh), distribution: .gaussian(size: 2))
    // Identity weights, so that the means are the inputs; σ = (½, 2).
    let parameters: [Float] = [1, 0, 0, 1, 0, 0, log(0.5), log(2)]
    let workspace = Policy.Workspace(policy, capacity: 1)
    policy.forward(parameters, [1, -3], workspace: workspace)
    let count = 40_000
    var sums = [Double](repeating: 0, count: 4)
    for _ in 0..<count {
      var action: [Float] = [0, 0]
      var recomputed: [Float] = [0]
      let logProbability = policy.sample(
        row: 0, workspace: workspace, using: &random, action: &action)
      policy.logProbabilities(actions: action, count: 1, workspace: workspace, into: &recomputed)
      #expect(logProbability == recomputed[0])
      let z = [Double(action[0] - 1) / 0.5, Double(action[1] + 3) / 2]
      sums[0] += z[0]
      sums[1] += z[1]
      sums[2] += z[0] * z[0]
      sums[3] += z[1] * z[1]
    }
    let n = Double(count)
    // Five standard errors.
    #expect(abs(sums[0] / n) < 5 / n.squareRoot() && abs(sums[1] / n) < 5 / n.squareRoot())
    #expect(
      abs(sums[2] / n - 1) < 5 * (2 / n).squareRoot() && abs(sums[3] / n - 1) < 5 * (2 / n).squareRoot())
    var mode: [Float] = [0, 0]
    let logProbability = policy.mode(row: 0, workspace: workspace, action: &mode)
    // Both deviations are 0, and log ½ and log 2 cancel.
    #expect(mode == [1, -3] && abs(Double(logProbability) + log(2 * Double.pi)) < 1e-6)
  }

  @Test(
    "categorical actions come as often as the softmax says, whatever constant the logits carry",
    arguments: [Float(0), 500])
  func categoricalSampling(shift: Float) {
    var random = RandomStream(seed: 5, name: "categorical")
    let policy = Policy(
      network: MultilayerPerceptron(sizes: [1, 3], activation: .tanh), distribution: .categorical(count: 3))
    let probabilities = [0.2, 0.7, 0.1]
    // Zero weights: the logits are the biases.
    let parameters = [Float](repeating: 0, count: 3) + probabilities.map { Float(log($0)) + shift }
    let workspace = Policy.Workspace(policy, capacity: 1)
    policy.forward(parameters, [0], workspace: workspace)
    let count = 40_000
    var counts = [0, 0, 0]
    for _ in 0..<count {
      var action: [Float] = [0]
      let logProbability = policy.sample(
        row: 0, workspace: workspace, using: &random, action: &action)
      counts[Int(action[0])] += 1
      // Logits of size 500 leave five digits.
      #expect(abs(exp(Double(logProbability)) - probabilities[Int(action[0])]) < 1e-4)
    }
    for (index, probability) in probabilities.enumerated() {
      let error = (probability * (1 - probability) / Double(count)).squareRoot()
      // Five standard errors and the logits' rounding.
      #expect(abs(Double(counts[index]) / Double(count) - probability) < 5 * error + 1e-4)
    }
    var mode: [Float] = [0]
    let logProbability = policy.mode(row: 0, workspace: workspace, action: &mode)
    #expect(mode == [1] && abs(exp(Double(logProbability)) - 0.7) < 1e-4)
  }
}
