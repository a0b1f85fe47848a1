internal import HDF5

/// The parameters of a network, layer by layer, and what is needed to use them.
package struct NetworkParameters: Sendable, Equatable {
  /// The widths of one affine layer: outputs = weight · inputs + bias.
  package struct Layer: Sendable, Equatable {
    /// Its number in the names of its datasets; between layers that need not fit each other a number is left out.
    package let number: Int
    /// The number of outputs.
    package let outputs: Int
    /// The number of inputs.
    package let inputs: Int

    /// A layer; see the properties.
    package init(number: Int, outputs: Int, inputs: Int) {
      (self.number, self.outputs, self.inputs) = (number, outputs, inputs)
    }
  }

  /// JSON: kinds, sizes, activation, order of the inputs; written by whoever knows the network, kept as it is.
  package private(set) var architecture: String

  /// The layers in the order of the parameter vector.
  package private(set) var layers: [Layer]

  /// The number of entries of the Gaussian's log-std, which is the logarithm of its standard deviation (actions); nil
  /// for other networks.
  package private(set) var actionSize: Int?

  /// The parameter vector: layer by layer, weight (outputs, inputs) row-major, then bias (outputs); log-std last.
  package private(set) var flat: [Float]

  /// A network; see the properties.
  ///
  /// - Precondition: the vector has the length that the layers and the log-std ask for.
  package init(architecture: String, layers: [Layer], actionSize: Int? = nil, flat: [Float]) {
    let count = layers.reduce(actionSize ?? 0) { $0 + $1.outputs * ($1.inputs + 1) }
    precondition(flat.count == count, "\(flat.count) parameters do not fill the layers \(layers)")
    (self.architecture, self.layers, self.actionSize, self.flat) = (architecture, layers, actionSize, flat)
  }

  /// A network nothing of which is set.
  static let none = NetworkParameters(architecture: "", layers: [], flat: [])
}

extension LayoutPart {
  /// The network below `group` ("/policy"); its sizes are labelled "policy_units_0", "policy_units_1", ….
  static func network(
    _ path: any WritableKeyPath<Root, NetworkParameters> & Sendable, _ group: String,
    logStandardDeviation: Bool
  ) -> Self {
    let units = "\(group.dropFirst())_units"
    let objects = [
      DatasetSchema(
        path: "\(group)/layer_<l>/weight", type: .float32, dimensions: ["\(units)_<l+1>", "\(units)_<l>"],
        description: "Weight of one layer: outputs by inputs."),
      DatasetSchema(
        path: "\(group)/layer_<l>/bias", type: .float32, dimensions: ["\(units)_<l+1>"],
        description: "Bias of one layer."),
      DatasetSchema(
        path: "\(group)/log_std", type: .float32, dimensions: ["action"],
        description: "Logarithm of the Gaussian policy's standard deviation, the same in every state.",
        isOptional: true),
      .attribute(group, "architecture", .string, "JSON: kind, sizes, activation, order of the inputs."),
    ]
    return part(objects.filter { logStandardDeviation || !$0.path.hasSuffix("/log_std") }) {
      (root, contents) throws(ArtifactError) in
      root[keyPath: path] = try NetworkParameters(contents, group: group)
    } write: { root, writer in
      root[keyPath: path].add(to: &writer.contents, group: group)
    }
  }
}

extension NetworkParameters {
  /// Reads the network below `group` of contents that satisfy the schema.
  fileprivate init(_ contents: ArtifactContents, group: String) throws(ArtifactError) {
    let stored = contents.datasets.keys.filter {
      $0.hasPrefix(group + "/layer_") && ($0.hasSuffix("/weight") || $0.hasSuffix("/bias"))
    }
    self = .none
    var number = 0
    while let weight = contents.datasets["\(group)/layer_\(number)/weight"] {
      layers.append(Layer(number: number, outputs: weight.shape[0], inputs: weight.shape[1]))
      flat += weight.values.array(of: Float.self) ?? []
      flat += contents.datasets["\(group)/layer_\(number)/bias"]?.values.array(of: Float.self) ?? []
      // A layer follows the one before it, or leaves out a number.
      number += contents.datasets["\(group)/layer_\(number + 1)/weight"] == nil ? 2 : 1
    }
    guard !layers.isEmpty, stored.count == 2 * layers.count else {
      throw contents.mismatch(
        group, expected: "layers numbered 0, 1, … without a gap",
        found: stored.sorted().joined(separator: ", "))
    }
    architecture = contents.attributes["\(group)@architecture"].flatMap(String.init) ?? ""
    if let spread = contents.datasets[group + "/log_std"]?.values.array(of: Float.self) {
      actionSize = spread.count
      flat += spread
    }
  }

  /// Adds the network below `group`.
  fileprivate func add(to contents: inout ArtifactContents, group: String) {
    var rest = flat[...]
    func add(_ name: String, _ shape: [Int]) {
      let count = shape.reduce(1, *)
      contents.datasets["\(group)/\(name)"] = ArtifactDataset(
        values: .float32(Array(rest.prefix(count))), shape: shape)
      rest = rest.dropFirst(count)
    }
    for layer in layers {
      add("layer_\(layer.number)/weight", [layer.outputs, layer.inputs])
      add("layer_\(layer.number)/bias", [layer.outputs])
    }
    if let actionSize { add("log_std", [actionSize]) }
    contents.attributes["\(group)@architecture"] = architecture.stored(along: [])
  }
}
