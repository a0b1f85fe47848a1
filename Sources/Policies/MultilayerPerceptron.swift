package import Random

/// A fully connected network over a flat parameter vector: x₀ = the observation, then the one-hot task if it is told the
/// task; x_{l+1} = φ(W_l x_l + b_l), and no nonlinearity after the last layer.
///
/// Parameters are a flat array of `parameterCount` floats, layer by layer:
/// the weight row-major (out, in), then the bias (out).
package final class MultilayerPerceptron: Network {
  package let input: NetworkInput
  /// The widths: x₀, hidden layers in order, outputs.
  package let sizes: [Int]
  /// φ.
  package let activation: Activation
  package let affineUses: [AffineUse]

  /// A network of these widths.
  ///
  /// - Precondition: all widths are positive.
  package init(input: NetworkInput, hidden: [Int], outputs: Int, activation: Activation) {
    sizes = [input.width] + hidden + [outputs]
    precondition(sizes.allSatisfy { $0 > 0 }, "a network needs positive widths")
    self.input = input
    self.activation = activation
    let layers = hidden.count + 1
    var uses = [AffineUse]()
    var offset = 0
    for layer in 0..<layers {
      let map = AffineMap(number: layer, inputs: sizes[layer], outputs: sizes[layer + 1], offset: offset)
      uses.append(
        AffineUse(map: map, input: 2 + layer, delta: layer == layers - 1 ? 1 : 2 + layers + layer))
      offset = map.bias.upperBound
    }
    affineUses = uses
  }

  package convenience init?(_ description: NetworkDescription, input: NetworkInput) {
    guard description.network == nil, let sizes = description.sizes, sizes.count >= 2,
      sizes.allSatisfy({ $0 > 0 }), let activation = description.activation.flatMap(Activation.init)
    else { return nil }
    self.init(
      input: input, hidden: Array(sizes[1..<sizes.count - 1]), outputs: sizes[sizes.count - 1],
      activation: activation)
  }

  package var description: NetworkDescription {
    NetworkDescription(activation: activation.rawValue, inputs: input.names, sizes: sizes)
  }

  /// The number of layers with parameters.
  package var layerCount: Int { sizes.count - 1 }
  package var outputCount: Int { sizes[sizes.count - 1] }

  /// The output and its delta; x_0, x_1, …; δ_0, δ_1, … but for the last. Of each layer W_lᵀ, shape
  /// (in, padded(out)), W_l, shape (out, padded(in)), the padding zero, and b_l.
  package var layout: WorkspaceLayout {
    WorkspaceLayout(
      slots: [outputCount, outputCount] + sizes.dropLast() + sizes[1..<layerCount],
      parameters: affineUses.flatMap { use in
        let map = use.map
        return [
          map.inputs * NetworkWorkspace.padded(map.outputs),
          map.outputs * NetworkWorkspace.padded(map.inputs),
          map.outputs,
        ]
      })
  }

  /// Fresh parameters: orthogonal weights (gain √2 in hidden layers, `headGain` in the last), zero biases.
  ///
  /// These are the initial values of CleanRL's and Stable-Baselines3's PPO.
  package func initialParameters(headGain: Double, using random: inout RandomStream) -> [Float] {
    maps.flatMap { map in
      let gain = map.number == layerCount - 1 ? headGain : 2.0.squareRoot()
      return orthogonalMatrix(rows: map.outputs, columns: map.inputs, using: &random).map { Float(gain * $0) }
        + [Float](repeating: 0, count: map.outputs)
    }
  }
}
