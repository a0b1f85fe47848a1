internal import Policies
internal import Random

/// A policy's forward pass on a small batch, without and with drawing actions.
func inferenceBenchmarks(peers: Peers) -> [Benchmark] {
  var random = RandomStream(seed: 0, name: "benchmark")
  let policy = Policy(
    network: MultilayerPerceptron(sizes: [17, 64, 64, 6], activation: .tanh), distribution: .gaussian(size: 6)
  )
  let parameters = policy.initialParameters(using: &random)
  let workspace = NetworkWorkspace(policy.network, capacity: 16)
  for index in 0..<16 * 17 { workspace.layerInput(0)[index] = Float(random.gaussian()) }
  var noise = (0..<16).map { RandomStream(seed: 0, name: "noise-\($0)") }
  var action = [Float](repeating: 0, count: 6)
  return [
    Benchmark(
      name: "inference", title: "forward pass of a 17-64-64-6 tanh policy on 16 observations, one thread",
      quantity: .seconds,
      contestants: [
        Contestant("ours") {
          meanSeconds {
            for _ in 0..<100 { policy.forward(parameters: parameters, count: 16, workspace: workspace) }
          } / 100
        }
      ] + peers.contestant("PyTorch eager, torch.nn", "torch_inference.py", ["forward", "modules"])
        + peers.contestant("PyTorch eager, by hand", "torch_inference.py", ["forward", "functions"]),
      targets: [
        Target(contestant: "PyTorch eager, torch.nn", ratio: 10),
        Target(contestant: "PyTorch eager, by hand", ratio: 10),
      ]),
    Benchmark(
      name: "acting", title: "the same with an action drawn and its log-probability for each observation",
      quantity: .seconds,
      contestants: [
        Contestant("ours") {
          meanSeconds {
            for _ in 0..<100 {
              policy.forward(parameters: parameters, count: 16, workspace: workspace)
              for row in 0..<16 {
                _ = policy.sample(
                  parameters: parameters, row: row, workspace: workspace, using: &noise[row], action: &action)
              }
            }
          } / 100
        }
      ] + peers.contestant("PyTorch eager, torch.nn", "torch_inference.py", ["act", "modules"])
        + peers.contestant("PyTorch eager, by hand", "torch_inference.py", ["act", "functions"]),
      targets: []),
  ]
}
