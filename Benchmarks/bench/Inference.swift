internal import Policies
internal import Random

/// A policy on a small batch, as in a rollout: its parameters are loaded once and used many times.
func inferenceBenchmarks(peers: Peers) -> [Benchmark] {
  let network = MultilayerPerceptron(sizes: [17, 64, 64, 6], activation: .tanh)
  let policy = Policy(network: network, distribution: .gaussian(size: 6))
  var random = RandomStream(seed: 0, name: "benchmark")
  let parameters = policy.initialParameters(using: &random)
  let workspace = NetworkWorkspace(network, capacity: batch)
  for index in 0..<batch * 17 { workspace.layerInput(0)[index] = Float(random.gaussian()) }
  network.load(parameters, into: workspace)
  var action = [Float](repeating: 0, count: 6)
  return [
    benchmark(
      "inference", "the means of a 17-64-64-6 tanh policy on \(batch) observations", "forward", peers,
      ratio: 10
    ) {
      network.forward(count: batch, workspace: workspace)
    },
    benchmark("acting", "the same, with drawn actions and their log-probabilities", "act", peers) {
      network.forward(count: batch, workspace: workspace)
      for row in 0..<batch {
        _ = policy.sample(
          parameters: parameters, row: row, workspace: workspace, using: &random, action: &action)
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
