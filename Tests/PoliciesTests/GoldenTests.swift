import Foundation
import Policies
import TestSupport
import Testing

/// Policies of PyTorch 2.13.0, made by scripts/golden/learning.py.
private struct GoldenFile: Decodable {
  struct Case: Decodable {
    var distribution: String
    var activation: Activation
    var sizes: [Int]
    var count: Int
    var parameters: [Float]  // (P)
    var inputs: [Float]  // (B, I)
    var actions: [Float]  // (B, A)
    var logProbabilities: [Double]  // (B)
    var entropies: [Double]  // (B)
    var scores: [[Double]]  // (B, P)

    /// The policy that the case is of.
    var policy: Policy {
      let outputs = sizes[sizes.count - 1]
      return Policy(
        network: MultilayerPerceptron(sizes: sizes, activation: activation),
        distribution: distribution == "gaussian" ? .gaussian(size: outputs) : .categorical(count: outputs))
    }
  }

  var versions: [String: String]
  var policies: [Case]

  init() throws {
    let url = try #require(
      Bundle.module.url(forResource: "policies", withExtension: "json", subdirectory: "Fixtures"))
    self = try JSONDecoder().decode(GoldenFile.self, from: Data(contentsOf: url))
  }
}

@Suite struct GoldenTests {
  /// The reference is in double precision, so what is left is single precision's: a score is a product of at
  /// most five factors, each a sum of at most seven terms of order 1 with an error of some 1e-7.
  private static let tolerance = 2e-6

  @Test("log-probabilities and entropies are PyTorch's")
  func likelihood() throws {
    let golden = try GoldenFile()
    #expect(golden.versions["torch"] == "2.13.0")
    #expect(Set(golden.policies.map { "\($0.distribution) \($0.activation)" }).count == 4)
    for golden in golden.policies {
      let policy = golden.policy
      let workspace = Policy.Workspace(policy, capacity: golden.count)
      policy.forward(golden.parameters, golden.inputs, workspace: workspace)
      var logProbabilities = [Float](repeating: .nan, count: golden.count)
      var entropies = logProbabilities
      policy.logProbabilities(
        actions: golden.actions, count: golden.count, workspace: workspace, into: &logProbabilities)
      policy.entropies(count: golden.count, workspace: workspace, into: &entropies)
      #expect(
        largestRelativeDifference(logProbabilities.map(Double.init), golden.logProbabilities)
          < Self.tolerance)
      #expect(largestRelativeDifference(entropies.map(Double.init), golden.entropies) < Self.tolerance)
    }
  }

  @Test("per-sample scores are PyTorch's gradients of log π")
  func scores() throws {
    for golden in try GoldenFile().policies {
      let policy = golden.policy
      let workspace = Policy.Workspace(policy, capacity: golden.count)
      policy.load(golden.parameters, into: workspace)
      policy.scoreFactors(
        observations: golden.inputs, tasks: [Int32](repeating: 0, count: golden.count),
        actions: golden.actions, count: golden.count, workspace: workspace)
      #expect(golden.scores.count == golden.count)
      for (row, expected) in golden.scores.enumerated() {
        var score = [Float](repeating: .nan, count: policy.parameterCount)
        policy.assembleScore(row: row, workspace: workspace, into: &score)
        #expect(
          largestRelativeDifference(score.map(Double.init), expected) < Self.tolerance,
          "\(golden.distribution) \(golden.activation), row \(row)")
      }
    }
  }

  @Test("the batch gradient is the weighted sum of PyTorch's scores")
  func batchGradient() throws {
    for golden in try GoldenFile().policies {
      let policy = golden.policy
      let workspace = Policy.Workspace(policy, capacity: golden.count)
      policy.forward(golden.parameters, golden.inputs, workspace: workspace)
      let coefficients = (0..<golden.count).map { Float($0) / 4 - 0.5 }
      var gradient = [Float](repeating: 0, count: policy.parameterCount)
      policy.addGradient(
        actions: golden.actions, coefficients: coefficients, entropyCoefficient: 0, count: golden.count,
        workspace: workspace, to: &gradient)
      let expected = (0..<policy.parameterCount).map { index in
        zip(coefficients, golden.scores).reduce(0) { $0 + Double($1.0) * $1.1[index] }
      }
      #expect(largestRelativeDifference(gradient.map(Double.init), expected) < Self.tolerance)
    }
  }
}
