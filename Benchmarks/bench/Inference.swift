internal import Policies
internal import Random

/// A policy on a small batch, as in a rollout: its parameters are loaded once and used many times.
func inferenceBenchmarks(peers: Peers) -> [Benchmark] {
  let network = MultilayerPerceptron(
    input: NetworkInput(observationSize: 17, taskCount: 0), hidden: [64, 64], outputs: 6, activation: .tanh)
  let policy = Policy(network: network, distribution: .gaussian(size: 6))
  var random = RandomStream(seed: 0, name: "benchmark")
  let parameters = policy.initialParameters(using: &random)
  let workspace = Policy.Workspace(policy, capacity: batch)
  for row in 0..<batch {
    let observation = (0..<17).map { _ in Float(random.gaussian()) }
    network.feed(observation, task: 0, row: row, workspace: workspace.network)
  }
  policy.load(parameters, into: workspace)
  var action = [Float](repeating: 0, count: 6)
  return [
    benchmark(
      "inference", "the means of a 17-64-64-6 tanh policy on \(batch) observations", "forward", peers,
      ratio: 10
    ) {
      policy.network.forward(count: batch, workspace: workspace.network)
    },
    benchmark("acting", "the same, with drawn actions and their log-probabilities", "act", peers) {
      policy.network.forward(count: batch, workspace: workspace.network)
      for row in 0..<batch {
        _ = policy.sample(row: row, workspace: workspace, using: &random, action: &action)
      }
    },
  ]
}

private let batch = 16

private func benchmark(
  _ name: String, _ title: String, _ program: String, _ peers: Peers, ratio: Double? = nil,
  _ pass: @escaping () -> Void
) -> Benchmark {
  Benchmark(
    name: name, title: "\(title), one thread", quantity: .seconds,
    contestants: [
      Contestant("ours") { meanSeconds { for _ in 0..<100 { pass() } } / 100 }
    ] + peers.contestant("PyTorch eager, modules", "torch_inference.py", [program, "modules"])
      + peers.contestant("PyTorch eager, functions", "torch_inference.py", [program, "functions"]),
    targets: ratio.map { [Target(contestant: "PyTorch eager, modules", ratio: $0)] } ?? [])
}
