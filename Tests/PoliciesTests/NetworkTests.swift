import Policies
import Random
import TestSupport
import Testing

@Suite struct NetworkTests {
  @Test("the flat vector holds each layer's weight, then its bias, without gaps")
  func layout() {
    let network = MultilayerPerceptron(sizes: [3, 5, 4, 2], activation: .tanh)
    #expect(network.layerCount == 3)
    #expect((0..<3).map(network.weightOffset) == [0, 20, 44])
    #expect((0..<3).map(network.biasOffset) == [15, 40, 52])
    #expect(network.parameterCount == 54)
  }

  @Test("fresh weights are orthogonal with the layer's gain, fresh biases zero")
  func initialParameters() {
    var random = RandomStream(seed: 1, name: "initial parameters")
    let network = MultilayerPerceptron(sizes: [4, 9, 6, 2], activation: .relu)
    let parameters = network.initialParameters(headGain: 0.01, using: &random)
    let hiddenGain = 2.0.squareRoot()
    for (layer, gain) in [hiddenGain, hiddenGain, 0.01].enumerated() {
      let rows = network.outputs(layer)
      let columns = network.inputs(layer)
      func entry(_ i: Int, _ j: Int) -> Double {
        // Vectors along the shorter side are the orthonormal ones.
        let position = rows <= columns ? i * columns + j : j * columns + i
        return Double(parameters[network.weightOffset(layer) + position])
      }
      for a in 0..<min(rows, columns) {
        for b in 0..<min(rows, columns) {
          let product = (0..<max(rows, columns)).map { entry(a, $0) * entry(b, $0) }.reduce(0, +)
          // Rounding of the entries to single precision.
          #expect(abs(product - (a == b ? gain * gain : 0)) < 1e-6)
        }
      }
      let bias = network.biasOffset(layer)
      #expect(parameters[bias..<bias + rows].allSatisfy { $0 == 0 })
    }
  }

  @Test("a batch gives the outputs of the obvious network", arguments: [Activation.tanh, .relu])
  func forward(activation: Activation) {
    var random = RandomStream(seed: 2, name: "forward")
    let policy = Policy(
      network: MultilayerPerceptron(sizes: [5, 17, 8, 3], activation: activation),
      distribution: .categorical(count: 3))
    let parameters = (0..<policy.parameterCount).map { _ in Float(0.4 * random.gaussian()) }
    let inputs = (0..<7 * 5).map { _ in Float(random.gaussian()) }
    let workspace = NetworkWorkspace(policy.network, capacity: 10)
    workspace.layerInput(0).update(from: inputs, count: inputs.count)
    policy.forward(parameters: parameters, count: 7, workspace: workspace)
    let outputs = (0..<7 * 3).map { Double(workspace.output[$0]) }
    let expected = (0..<7).flatMap { row in
      ObviousPolicy(policy: policy).output(
        parameters.map(Double.init), inputs[row * 5..<row * 5 + 5].map(Double.init))
    }
    // Sums of 17 products of order 1 in single precision, and tanh's 4e-7.
    #expect(largestRelativeDifference(outputs, expected) < 5e-6)
  }

  @Test("a row's output is the same to the bit whatever rows are beside it, and however many")
  func rowsAreIndependent() {
    var random = RandomStream(seed: 3, name: "rows")
    let network = MultilayerPerceptron(sizes: [17, 64, 37, 6], activation: .tanh)
    let parameters = (0..<network.parameterCount).map { _ in Float(0.2 * random.gaussian()) }
    let inputs = (0..<11 * 17).map { _ in Float(random.gaussian()) }
    let workspace = NetworkWorkspace(network, capacity: 11)
    func outputs(_ rows: Range<Int>) -> [Float] {
      workspace.layerInput(0).update(
        from: Array(inputs[rows.lowerBound * 17..<rows.upperBound * 17]), count: rows.count * 17)
      network.forward(parameters: parameters, count: rows.count, workspace: workspace)
      return (0..<rows.count * 6).map { workspace.output[$0] }
    }
    let all = outputs(0..<11)
    for rows in [0..<1, 3..<5, 4..<11, 2..<6] {
      #expect(outputs(rows) == Array(all[rows.lowerBound * 6..<rows.upperBound * 6]))
    }
  }
}
