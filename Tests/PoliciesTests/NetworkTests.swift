import Policies
import Random
import TestSupport
import Testing

@Suite struct NetworkTests {
  @Test("the flat vector holds each layer's weight, then its bias, without gaps")
  func layout() {
    let network = MultilayerPerceptron(sizes: [3, 5, 4, 2], activation: .tanh)
    #expect(network.layerCount == 3)
    #expect(network.maps.map(\.offset) == [0, 20, 44])
    #expect(network.maps.map(\.bias.lowerBound) == [15, 40, 52])
    #expect(network.parameterCount == 54)
  }

  @Test("fresh weights are orthogonal with the layer's gain, fresh biases zero")
  func initialParameters() {
    var random = RandomStream(seed: 1, name: "initial parameters")
    let network = MultilayerPerceptron(sizes: [4, 9, 6, 2], activation: .relu)
    let parameters = network.initialParameters(headGain: 0.01, using: &random)
    let hiddenGain = 2.0.squareRoot()
    for (map, gain) in zip(network.maps, [hiddenGain, hiddenGain, 0.01]) {
      let (rows, columns) = (map.outputs, map.inputs)
      func entry(_ i: Int, _ j: Int) -> Double {
        // Vectors along the shorter side are the orthonormal ones.
        let position = rows <= columns ? i * columns + j : j * columns + i
        return Double(parameters[map.offset + position])
      }
      for a in 0..<min(rows, columns) {
        for b in 0..<min(rows, columns) {
          let product = (0..<max(rows, columns)).map { entry(a, $0) * entry(b, $0) }.reduce(0, +)
          // Rounding of the entries to single precision.
          #expect(abs(product - (a == b ? gain * gain : 0)) < 1e-6)
        }
      }
      #expect(parameters[map.bias].allSatisfy { $0 == 0 })
    }
  }

  @Test("a batch gives the outputs of the obvious network", arguments: [Activation.tanh, .relu])
  func forward(activation: Activation) {
    var random = RandomStream(seed: 2, name: "forward")
    let network = MultilayerPerceptron(sizes: [5, 17, 8, 3], activation: activation)
    let parameters = (0..<network.parameterCount).map { _ in Float(0.4 * random.gaussian()) }
    let inputs = (0..<7 * 5).map { _ in Float(random.gaussian()) }
    let workspace = NetworkWorkspace(network, capacity: 10)
    network.load(parameters, into: workspace)
    network.feed(inputs, tasks: nil, workspace: workspace)
    network.forward(count: 7, workspace: workspace)
    let outputs = (0..<7 * 3).map { Double(workspace.output[$0]) }
    let expected = (0..<7).flatMap { row in
      obviousOutput(
        network, parameters.map(Double.init)[...], inputs[row * 5..<row * 5 + 5].map(Double.init), task: 0)
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
    network.load(parameters, into: workspace)
    func outputs(_ rows: Range<Int>) -> [Float] {
      network.feed(
        Array(inputs[rows.lowerBound * 17..<rows.upperBound * 17]), tasks: nil, workspace: workspace)
      network.forward(count: rows.count, workspace: workspace)
      return (0..<rows.count * 6).map { workspace.output[$0] }
    }
    let all = outputs(0..<11)
    for rows in [0..<1, 3..<5, 4..<11, 2..<6] {
      #expect(outputs(rows) == Array(all[rows.lowerBound * 6..<rows.upperBound * 6]))
    }
  }

  @Test("the task reaches a network as a one-hot vector after the observation, and only one that is told it")
  func task() {
    let observation: [Float] = [0.5, -1]
    var vector = [Float](repeating: 9, count: 5)
    let input = NetworkInput(observationSize: 2, taskCount: 3)
    for task in 0..<3 {
      input.write(observation, task: task, into: &vector)
      #expect(vector == observation + (0..<3).map { $0 == task ? 1 : 0 })
    }
    #expect(input.names == ["observation[2]", "task_one_hot[3]"])
    #expect(NetworkInput(observationSize: 2, taskCount: 1) == NetworkInput(observationSize: 2, taskCount: 0))
    let network = MultilayerPerceptron(input: input, hidden: [], outputs: 1, activation: .tanh)
    let workspace = NetworkWorkspace(network, capacity: 3)
    network.load([0, 0, 10, 20, 30, 0.5], into: workspace)
    network.feed(observation + observation + observation, tasks: [2, 0, 1], workspace: workspace)
    network.forward(count: 3, workspace: workspace)
    #expect((0..<3).map { workspace.output[$0] } == [30.5, 10.5, 20.5])
  }

  @Test("a network is made again from its description, and no other kind is", arguments: NetworkCase.all)
  func description(network: NetworkCase) throws {
    let input = NetworkInput(observationSize: 4, taskCount: 3)
    let network = network.make(input, 2)
    let parsed = try #require(NetworkDescription(parsing: try network.description.text()))
    let kinds: [any Network.Type] = [MultilayerPerceptron.self, GatedSum.self]
    let again = kinds.compactMap { $0.init(parsed, input: input) }
    #expect(again.count == 1 && again[0].affineUses == network.affineUses)
    #expect(again[0].description == network.description)
  }
}
