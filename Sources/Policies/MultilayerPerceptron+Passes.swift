internal import LinearAlgebra

extension MultilayerPerceptron {
  /// Runs the network on the rows of `workspace.layerInput(0)`.
  ///
  /// X_{l+1} = φ(X_l W_lᵀ + 1 b_lᵀ), a matrix product per layer.
  ///
  /// - Parameters:
  ///   - parameters: shape (parameterCount).
  ///   - count: B, the number of rows, at most the workspace's capacity.
  ///   - workspace: `layerInput(0)` (B, in) filled by the caller; the other layer inputs and `output` are
  ///     filled here.
  package func forward(parameters: UnsafePointer<Float>, count: Int, workspace: NetworkWorkspace) {
    precondition(count <= workspace.capacity, "a batch larger than its workspace")
    for layer in 0..<layerCount {
      let width = outputs(layer)
      let last = layer == layerCount - 1
      let result = last ? workspace.output : workspace.layerInput(layer + 1)
      let bias = parameters + biasOffset(layer)
      for row in 0..<count { (result + row * width).update(from: bias, count: width) }
      gemm(
        .no, .yes, m: count, n: width, k: inputs(layer), workspace.layerInput(layer), lda: inputs(layer),
        parameters + weightOffset(layer), ldb: inputs(layer), beta: 1, result, ldc: width)
      if !last { activation.apply(result, count: count * width) }
    }
  }

  /// Carries the last layer's deltas back to all layers: δ_{l−1} = (W_lᵀ δ_l) ⊙ φ′.
  ///
  /// - Parameters:
  ///   - parameters: shape (parameterCount), those of the forward pass.
  ///   - count: B, the number of rows of the forward pass.
  ///   - workspace: the last `layerDelta`, shape (B, outputs), filled by the caller; the others are filled
  ///     here.
  package func backward(parameters: UnsafePointer<Float>, count: Int, workspace: NetworkWorkspace) {
    for layer in stride(from: layerCount - 1, to: 0, by: -1) {
      let width = inputs(layer)
      let delta = workspace.layerDelta(layer - 1)
      gemm(
        .no, .no, m: count, n: width, k: outputs(layer), workspace.layerDelta(layer), lda: outputs(layer),
        parameters + weightOffset(layer), ldb: width, beta: 0, delta, ldc: width)
      activation.multiplyByDerivative(delta, activations: workspace.layerInput(layer), count: count * width)
    }
  }

  /// Adds the gradient summed over the rows: ∇_{W_l} += Σ_t δ_{l,t} x_{l,t}ᵀ, ∇_{b_l} += Σ_t δ_{l,t}.
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
      gemm(
        .yes, .no, m: width, n: inputs(layer), k: count, delta, lda: width, workspace.layerInput(layer),
        ldb: inputs(layer), beta: 1, gradient + weightOffset(layer), ldc: inputs(layer))
      let bias = gradient + biasOffset(layer)
      for row in 0..<count {
        let rowDelta = delta + row * width
        for index in 0..<width { bias[index] += rowDelta[index] }
      }
    }
  }
}
