import Artifacts

extension NetworkParameters {
  /// A perceptron from its flat parameter vector.
  init(architecture: String, sizes: [Int], actionSize: Int? = nil, flat: [Float]) {
    self.init(
      architecture: architecture,
      layers: zip(sizes, sizes.dropFirst()).enumerated().map {
        Layer(number: $0, outputs: $1.1, inputs: $1.0)
      },
      actionSize: actionSize, flat: flat)
  }

  /// Inputs, hidden widths, outputs.
  var sizes: [Int] { (layers.first.map { [$0.inputs] } ?? []) + layers.map(\.outputs) }
}
