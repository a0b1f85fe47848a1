package import Random

/// A fully connected network over a flat parameter vector: x₀ = input, x_{l+1} = φ(W_l x_l + b_l), and no
/// nonlinearity after the last layer.
///
/// The value holds the shape alone. Parameters are a flat array of `parameterCount` floats, layer by layer:
/// the weight row-major (out, in), then the bias (out).
package struct MultilayerPerceptron: Sendable, Equatable, Codable {
  /// The widths: inputs, hidden layers in order, outputs.
  package let sizes: [Int]
  /// φ.
  package let activation: Activation
  /// The length of the flat parameter vector.
  package let parameterCount: Int

  private let offsets: [Int]

  /// A network of these widths.
  ///
  /// - Precondition: at least an input and an output width; all positive.
  package init(sizes: [Int], activation: Activation) {
    precondition(
      sizes.count >= 2 && sizes.allSatisfy { $0 > 0 }, "a network needs positive input and output widths")
    self.sizes = sizes
    self.activation = activation
    var offsets = [Int]()
    var offset = 0
    for layer in 0..<(sizes.count - 1) {
      offsets.append(offset)
      offset += (sizes[layer] + 1) * sizes[layer + 1]
    }
    self.offsets = offsets
    parameterCount = offset
  }

  /// The number of layers with parameters.
  package var layerCount: Int { sizes.count - 1 }
  /// The width of the input.
  package var inputCount: Int { sizes[0] }
  /// The width of the output.
  package var outputCount: Int { sizes[sizes.count - 1] }
  /// The width of x_l, the input of layer l.
  package func inputs(_ layer: Int) -> Int { sizes[layer] }
  /// The width of W_l x_l + b_l.
  package func outputs(_ layer: Int) -> Int { sizes[layer + 1] }
  /// Where W_l, shape (out, in), begins in the flat vector.
  package func weightOffset(_ layer: Int) -> Int { offsets[layer] }
  /// Where b_l, shape (out), begins in the flat vector.
  package func biasOffset(_ layer: Int) -> Int { offsets[layer] + sizes[layer] * sizes[layer + 1] }

  /// Fresh parameters: orthogonal weights (gain √2 in hidden layers, `headGain` in the last), zero biases.
  ///
  /// These are the initial values of CleanRL's and Stable-Baselines3's PPO.
  package func initialParameters(headGain: Double, using random: inout RandomStream) -> [Float] {
    var parameters = [Float](repeating: 0, count: parameterCount)
    for layer in 0..<layerCount {
      let weight = orthogonalMatrix(rows: outputs(layer), columns: inputs(layer), using: &random)
      let gain = layer == layerCount - 1 ? headGain : 2.0.squareRoot()
      for (index, entry) in weight.enumerated() {
        parameters[weightOffset(layer) + index] = Float(gain * entry)
      }
    }
    return parameters
  }
}
