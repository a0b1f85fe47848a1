import Policies
import Random
import TestSupport
import Testing

/// A policy with parameters and a batch to try it on.
private struct Example {
  let policy: Policy
  let parameters: [Float]
  let inputs: [Float]
  let tasks: [Int32] = [2, 0, 1, 1, 0, 2]
  let actions: [Float]
  let count = 6

  init(_ distribution: ActionDistribution, _ network: NetworkCase) {
    var random = RandomStream(seed: 3, name: "example")
    policy = Policy(
      network: network.make(NetworkInput(observationSize: 4, taskCount: 3), distribution.outputCount),
      distribution: distribution)
    parameters = (0..<policy.parameterCount).map { _ in Float(0.5 * random.gaussian()) }
    inputs = (0..<count * 4).map { _ in Float(random.gaussian()) }
    actions = (0..<count * policy.actionWidth).map { _ in
      switch distribution {
      case .gaussian: Float(random.gaussian())
      case .categorical(let count): Float(random.index(below: count))
      }
    }
  }

  /// A workspace after a forward pass on all rows.
  func forward() -> Policy.Workspace {
    let workspace = Policy.Workspace(policy, capacity: count)
    policy.load(parameters, into: workspace)
    policy.network.feed(inputs, tasks: tasks, workspace: workspace.network)
    policy.network.forward(count: count, workspace: workspace.network)
    return workspace
  }

  func task(_ row: Int) -> Int { Int(tasks[row]) }
  func input(_ row: Int) -> [Double] { inputs[row * 4..<row * 4 + 4].map(Double.init) }
  func action(_ row: Int) -> [Double] {
    actions[row * policy.actionWidth..<(row + 1) * policy.actionWidth].map(Double.init)
  }
}

private let distributions: [ActionDistribution] = [.gaussian(size: 3), .categorical(count: 4)]

@Suite struct PolicyGradientTests {
  @Test(
    "log-probabilities and entropies are those of the obvious policy", arguments: distributions,
    NetworkCase.all)
  func likelihood(distribution: ActionDistribution, network: NetworkCase) {
    let example = Example(distribution, network)
    let policy = example.policy
    let workspace = example.forward()
    var logProbabilities = [Float](repeating: 0, count: example.count)
    var entropies = logProbabilities
    policy.logProbabilities(
      actions: example.actions, count: example.count, workspace: workspace, into: &logProbabilities)
    policy.entropies(count: example.count, workspace: workspace, into: &entropies)
    let oracle = ObviousPolicy(policy: policy)
    let parameters = example.parameters.map(Double.init)
    // Single-precision forward passes with z² up to about 50.
    #expect(
      largestRelativeDifference(
        logProbabilities.map(Double.init),
        (0..<example.count).map {
          oracle.logProbability(parameters, example.input($0), task: example.task($0), example.action($0))
        })
        < 1e-5)
    #expect(
      largestRelativeDifference(
        entropies.map(Double.init),
        (0..<example.count).map { oracle.entropy(parameters, example.input($0), task: example.task($0)) })
        < 1e-5)
  }

  @Test(
    "the batch gradient is that of Σ c log π + β Σ H by central differences", arguments: distributions,
    NetworkCase.all
  )
  func batchGradient(distribution: ActionDistribution, network: NetworkCase) {
    let example = Example(distribution, network)
    let policy = example.policy
    let coefficients: [Float] = [0.5, -1, 2, 0, 0.25, -0.75]
    let workspace = example.forward()
    var gradient = [Float](repeating: 0, count: policy.parameterCount)
    policy.addGradient(
      actions: example.actions, coefficients: coefficients, entropyCoefficient: 0.3, count: example.count,
      workspace: workspace, to: &gradient)
    let oracle = ObviousPolicy(policy: policy)
    let expected = centralDifferences(example.parameters.map(Double.init)) { parameters in
      (0..<example.count).map { row in
        Double(coefficients[row])
          * oracle.logProbability(
            parameters, example.input(row), task: example.task(row), example.action(row))
          + 0.3 * oracle.entropy(parameters, example.input(row), task: example.task(row))
      }.reduce(0, +)
    }
    // The gradient's entries reach about 50; single precision leaves 1e-5 of that.
    #expect(largestRelativeDifference(gradient.map(Double.init), expected) < 2e-5)
  }

  @Test(
    "each row's assembled score is its gradient, and the scores sum to the batch gradient",
    arguments: distributions, NetworkCase.all)
  func scores(distribution: ActionDistribution, network: NetworkCase) {
    let example = Example(distribution, network)
    let policy = example.policy
    let workspace = Policy.Workspace(policy, capacity: example.count)
    policy.load(example.parameters, into: workspace)
    policy.scoreFactors(
      observations: example.inputs, tasks: example.tasks, actions: example.actions, count: example.count,
      workspace: workspace)
    let oracle = ObviousPolicy(policy: policy)
    var sum = [Double](repeating: 0, count: policy.parameterCount)
    for row in 0..<example.count {
      var score = [Float](repeating: .nan, count: policy.parameterCount)
      policy.assembleScore(row: row, workspace: workspace, into: &score)
      let expected = centralDifferences(example.parameters.map(Double.init)) {
        oracle.logProbability($0, example.input(row), task: example.task(row), example.action(row))
      }
      #expect(largestRelativeDifference(score.map(Double.init), expected) < 2e-5)
      for index in sum.indices { sum[index] += Double(score[index]) }
    }
    var gradient = [Float](repeating: 0, count: policy.parameterCount)
    policy.addGradient(
      actions: example.actions, coefficients: [Float](repeating: 1, count: example.count),
      entropyCoefficient: 0, count: example.count, workspace: workspace, to: &gradient)
    #expect(largestRelativeDifference(gradient.map(Double.init), sum) < 2e-5)
  }
}
