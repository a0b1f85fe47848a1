internal import LinearAlgebra

extension MultilayerPerceptron {
  /// Prepares a workspace for passes with these parameters: `forward(count:workspace:)` and `backward`.
  ///
  /// - Parameters:
  ///   - parameters: shape (parameterCount).
  ///   - workspace: weights and biases filled here.
  package func load(_ parameters: UnsafePointer<Float>, into workspace: NetworkWorkspace) {
    for layer in 0..<layerCount {
      let weight = parameters + weightOffset(layer)
      workspace.bias(layer).update(from: parameters + biasOffset(layer), count: outputs(layer))
      let width = NetworkWorkspace.padded(inputs(layer))
      for row in 0..<outputs(layer) {
        (workspace.backwardWeights(layer) + row * width)
          .update(from: weight + row * inputs(layer), count: inputs(layer))
      }
      transpose(weight, rows: outputs(layer), columns: inputs(layer), into: workspace.forwardWeights(layer))
    }
  }

  /// Loads the parameters and runs the network on the rows of `workspace.layerInput(0)`.
  ///
  /// - Parameters:
  ///   - parameters: shape (parameterCount).
  ///   - count: B, the number of rows, at most the workspace's capacity.
  ///   - workspace: `layerInput(0)` (B, in) filled by the caller; the rest is filled here.
  package func forward(parameters: UnsafePointer<Float>, count: Int, workspace: NetworkWorkspace) {
    load(parameters, into: workspace)
    forward(count: count, workspace: workspace)
  }

  /// Runs the network with the parameters loaded last.
  ///
  /// X_{l+1} = φ(X_l W_lᵀ + 1 b_lᵀ), a matrix product per layer. A row's result depends on that row and the
  /// parameters alone, to the bit.
  ///
  /// - Parameters:
  ///   - count: B, the number of rows, at most the workspace's capacity.
  ///   - workspace: `layerInput(0)` (B, in) filled by the caller; the other layer inputs and `output` are
  ///     filled here.
  package func forward(count: Int, workspace: NetworkWorkspace) {
    precondition(count <= workspace.capacity, "a batch larger than its workspace")
    for layer in 0..<layerCount {
      let width = outputs(layer)
      let last = layer == layerCount - 1
      let result = last ? workspace.output : workspace.layerInput(layer + 1)
      smallProduct(
        m: count, n: width, k: inputs(layer), workspace.layerInput(layer), aRow: inputs(layer), aColumn: 1,
        workspace.forwardWeights(layer), ldb: NetworkWorkspace.padded(width), start: workspace.bias(layer),
        startRow: 0, result, ldc: width)
      if !last { activation.apply(result, count: count * width) }
    }
  }

  /// Carries the last layer's deltas back to all layers: δ_{l−1} = (W_lᵀ δ_l) ⊙ φ′, with the parameters of the
  /// forward pass.
  ///
  /// - Parameters:
  ///   - count: B, the number of rows of the forward pass.
  ///   - workspace: the last `layerDelta`, shape (B, outputs), filled by the caller; the others are filled
  ///     here.
  package func backward(count: Int, workspace: NetworkWorkspace) {
    for layer in stride(from: layerCount - 1, to: 0, by: -1) {
      let width = inputs(layer)
      let delta = workspace.layerDelta(layer - 1)
      smallProduct(
        m: count, n: width, k: outputs(layer), workspace.layerDelta(layer), aRow: outputs(layer), aColumn: 1,
        workspace.backwardWeights(layer), ldb: NetworkWorkspace.padded(width), start: nil, startRow: 0, delta,
        ldc: width)
      activation.multiplyByDerivative(delta, activations: workspace.layerInput(layer), count: count * width)
    }
  }

  /// Adds the gradient summed over the rows, in order: ∇_{W_l} += Σ_t δ_{l,t} x_{l,t}ᵀ, ∇_{b_l} += Σ_t δ_{l,t}.
  ///
  /// - Parameters:
  ///   - count: B, the number of rows of the forward and backward pass.
  ///   - workspace: layer inputs and deltas, filled by `forward` and `backward`.
  ///   - gradient: shape (parameterCount), read and added to.
  package func addGradient(
    count: Int, workspace: NetworkWorkspace, to gradient: UnsafeMutablePointer<Float>
  ) {
    for layer in 0..<layerCount {
      let width = outputs(layer)
      let delta = workspace.layerDelta(layer)
      let weight = gradient + weightOffset(layer)
      smallProduct(
        m: width, n: inputs(layer), k: count, delta, aRow: 1, aColumn: width, workspace.layerInput(layer),
        ldb: inputs(layer), start: weight, startRow: inputs(layer), weight, ldc: inputs(layer))
      let bias = gradient + biasOffset(layer)
      withUnsafePointer(to: Float(1)) { one in
        smallProduct(
          m: 1, n: width, k: count, one, aRow: 0, aColumn: 0, delta, ldb: width, start: bias, startRow: 0,
          bias, ldc: width)
      }
    }
  }
}

/// Writes a matrix's transpose, shape (columns, `NetworkWorkspace.padded`(rows)); the padding is left as it is.
private func transpose(
  _ matrix: UnsafePointer<Float>, rows: Int, columns: Int, into transposed: UnsafeMutablePointer<Float>
) {
  let width = NetworkWorkspace.padded(rows)
  var first = 0
  while first + 8 <= rows {
    for column in 0..<columns {
      let from = matrix + (first * columns + column)
      let lanes = SIMD8<Float>(
        from[0], from[columns], from[2 &* columns], from[3 &* columns], from[4 &* columns],
        from[5 &* columns], from[6 &* columns], from[7 &* columns])
      UnsafeMutableRawPointer(transposed + (column * width + first)).storeBytes(
        of: lanes, as: SIMD8<Float>.self)
    }
    first += 8
  }
  for row in first..<max(rows, first) {
    for column in 0..<columns { transposed[column * width + row] = matrix[row * columns + column] }
  }
}
