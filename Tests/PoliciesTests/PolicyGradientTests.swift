import Policies
import Random
import TestSupport
import Testing

/// A policy with parameters and a batch to try it on.
private struct Example {
  let policy: Policy
  let parameters: [Float]
  let inputs: [Float]
  let actions: [Float]
  let count = 6

  init(_ distribution: ActionDistribution, hidden: [Int], activation: Activation) {
    var random = RandomStream(seed: 3, name: "example")
    let network = MultilayerPerceptron(
      sizes: [4] + hidden + [distribution.outputCount], activation: activation)
    policy = Policy(network: network, distribution: distribution)
    parameters = (0..<policy.parameterCount).map { _ in Float(0.5 * random.gaussian()) }
    inputs = (0..<count * 4).map { _ in Float(random.gaussian()) }
    actions = (0..<count * policy.actionWidth).map { _ in
      switch distribution {
      case .gaussian: Float(random.gaussian())
      case .categorical(let count): Float(random.index(below: count))
      }
    }
  }

  func input(_ row: Int) -> [Double] { inputs[row * 4..<row * 4 + 4].map(Double.init) }
  func action(_ row: Int) -> [Double] {
    actions[row * policy.actionWidth..<(row + 1) * policy.actionWidth].map(Double.init)
  }
}

private let distributions: [ActionDistribution] = [.gaussian(size: 3), .categorical(count: 4)]
private let shapes: [(hidden: [Int], activation: Activation)] = [
  ([], .tanh), ([7], .tanh), ([6, 5], .tanh), ([6, 5], .relu), ([5, 4, 5, 4], .tanh),
]

@Suite struct PolicyGradientTests {
  @Test("log-probabilities and entropies are those of the obvious policy", arguments: distributions, shapes)
  func likelihood(distribution: ActionDistribution, shape: (hidden: [Int], activation: Activation)) {
    let example = Example(distribution, hidden: shape.hidden, activation: shape.activation)
    let policy = example.policy
    let workspace = NetworkWorkspace(policy.network, capacity: example.count)
    workspace.layerInput(0).update(from: example.inputs, count: example.inputs.count)
    policy.forward(parameters: example.parameters, count: example.count, workspace: workspace)
    var logProbabilities = [Float](repeating: 0, count: example.count)
    var entropies = logProbabilities
    policy.logProbabilities(
      parameters: example.parameters, actions: example.actions, count: example.count, workspace: workspace,
      into: &logProbabilities)
    policy.entropies(
      parameters: example.parameters, count: example.count, workspace: workspace, into: &entropies)
    let oracle = ObviousPolicy(policy: policy)
    let parameters = example.parameters.map(Double.init)
    // Single-precision forward passes with z² up to about 50.
    #expect(
      largestRelativeDifference(
        logProbabilities.map(Double.init),
        (0..<example.count).map { oracle.logProbability(parameters, example.input($0), example.action($0)) })
        < 1e-5)
    #expect(
      largestRelativeDifference(
        entropies.map(Double.init), (0..<example.count).map { oracle.entropy(parameters, example.input($0)) })
        < 1e-5)
  }

  @Test(
    "the batch gradient is that of Σ c log π + β Σ H by central differences", arguments: distributions, shapes
  )
  func batchGradient(distribution: ActionDistribution, shape: (hidden: [Int], activation: Activation)) {
    let example = Example(distribution, hidden: shape.hidden, activation: shape.activation)
    let policy = example.policy
    let coefficients: [Float] = [0.5, -1, 2, 0, 0.25, -0.75]
    let workspace = NetworkWorkspace(policy.network, capacity: example.count)
    workspace.layerInput(0).update(from: example.inputs, count: example.inputs.count)
    policy.forward(parameters: example.parameters, count: example.count, workspace: workspace)
    var gradient = [Float](repeating: 0, count: policy.parameterCount)
    policy.addGradient(
      parameters: example.parameters, actions: example.actions, coefficients: coefficients,
      entropyCoefficient: 0.3, count: example.count, workspace: workspace, to: &gradient)
    let oracle = ObviousPolicy(policy: policy)
    let expected = centralDifferences(example.parameters.map(Double.init)) { parameters in
      (0..<example.count).map { row in
        Double(coefficients[row]) * oracle.logProbability(parameters, example.input(row), example.action(row))
          + 0.3 * oracle.entropy(parameters, example.input(row))
      }.reduce(0, +)
    }
    // The gradient's entries reach about 50; single precision leaves 1e-5 of that.
    #expect(largestRelativeDifference(gradient.map(Double.init), expected) < 2e-5)
  }

  @Test(
    "each row's assembled score is its gradient, and the scores sum to the batch gradient",
    arguments: distributions, shapes)
  func scores(distribution: ActionDistribution, shape: (hidden: [Int], activation: Activation)) {
    let example = Example(distribution, hidden: shape.hidden, activation: shape.activation)
    let policy = example.policy
    let workspace = NetworkWorkspace(policy.network, capacity: example.count)
    policy.scoreFactors(
      parameters: example.parameters, inputs: example.inputs, actions: example.actions, count: example.count,
      workspace: workspace)
    let oracle = ObviousPolicy(policy: policy)
    var sum = [Double](repeating: 0, count: policy.parameterCount)
    for row in 0..<example.count {
      var score = [Float](repeating: .nan, count: policy.parameterCount)
      policy.assembleScore(row: row, workspace: workspace, into: &score)
      let expected = centralDifferences(example.parameters.map(Double.init)) {
        oracle.logProbability($0, example.input(row), example.action(row))
      }
      #expect(largestRelativeDifference(score.map(Double.init), expected) < 2e-5)
      for index in sum.indices { sum[index] += Double(score[index]) }
    }
    var gradient = [Float](repeating: 0, count: policy.parameterCount)
    policy.addGradient(
      parameters: example.parameters, actions: example.actions,
      coefficients: [Float](repeating: 1, count: example.count), entropyCoefficient: 0, count: example.count,
      workspace: workspace, to: &gradient)
    #expect(largestRelativeDifference(gradient.map(Double.init), sum) < 2e-5)
  }
}
