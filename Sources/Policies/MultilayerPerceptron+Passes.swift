internal import LinearAlgebra

extension MultilayerPerceptron {
  package func load(_ parameters: UnsafePointer<Float>, into workspace: NetworkWorkspace) {
    for (layer, use) in affineUses.enumerated() {
      let map = use.map
      let weight = parameters + map.offset
      workspace.parameters(3 * layer + 2).update(
        from: parameters + map.bias.lowerBound, count: map.outputs)
      let rows = workspace.parameters(3 * layer + 1)
      for row in 0..<map.outputs {
        (rows + row * NetworkWorkspace.padded(map.inputs))
          .update(from: weight + row * map.inputs, count: map.inputs)
      }
      transpose(weight, rows: map.outputs, columns: map.inputs, into: workspace.parameters(3 * layer))
    }
  }

  package func feed(
    _ observation: UnsafePointer<Float>, task: Int, row: Int, workspace: NetworkWorkspace
  ) {
    input.write(observation, task: task, into: workspace.slot(2) + row * input.width)
  }

  /// X_{l+1} = φ(X_l W_lᵀ + 1 b_lᵀ), a matrix product per layer.
  package func forward(count: Int, workspace: NetworkWorkspace) {
    precondition(count <= workspace.capacity, "a batch larger than its workspace")
    for (layer, use) in affineUses.enumerated() {
      let (inputs, width) = (use.map.inputs, use.map.outputs)
      let last = layer == layerCount - 1
      let result = last ? workspace.output : workspace.slot(use.input + 1)
      smallProduct(
        m: count, n: width, k: inputs, workspace.slot(use.input), aRow: inputs, aColumn: 1,
        workspace.parameters(3 * layer), ldb: NetworkWorkspace.padded(width),
        start: workspace.parameters(3 * layer + 2), startRow: 0, result, ldc: width)
      if !last { activation.apply(result, count: count * width) }
    }
  }

  /// δ_{l−1} = (W_lᵀ δ_l) ⊙ φ′, a matrix product per layer.
  package func backward(count: Int, workspace: NetworkWorkspace) {
    for layer in stride(from: layerCount - 1, to: 0, by: -1) {
      let use = affineUses[layer]
      let (width, outputs) = (use.map.inputs, use.map.outputs)
      let delta = workspace.slot(affineUses[layer - 1].delta)
      smallProduct(
        m: count, n: width, k: outputs, workspace.slot(use.delta), aRow: outputs, aColumn: 1,
        workspace.parameters(3 * layer + 1), ldb: NetworkWorkspace.padded(width), start: nil, startRow: 0,
        delta, ldc: width)
      activation.multiplyByDerivative(delta, activations: workspace.slot(use.input), count: count * width)
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
