internal import HDF5

/// The parameters of a network, layer by layer, and what is needed to use them.
package struct NetworkParameters: Sendable, Equatable {
  /// One affine layer: outputs = weight · inputs + bias.
  package struct Layer: Sendable, Equatable {
    /// Its number in the names of its datasets; between layers that need not fit each other a number is left out.
    package let number: Int
    /// The number of outputs.
    package let outputs: Int
    /// The number of inputs.
    package let inputs: Int
    /// The weight (outputs, inputs), row-major.
    package let weight: [Float]
    /// The bias (outputs).
    package let bias: [Float]

    /// A layer.
    ///
    /// - Precondition: the arrays have the lengths that the properties say.
    package init(number: Int, outputs: Int, inputs: Int, weight: [Float], bias: [Float]) {
      precondition(
        weight.count == outputs * inputs && bias.count == outputs, "a layer's arrays do not fit its sizes")
      self.number = number
      self.outputs = outputs
      self.inputs = inputs
      self.weight = weight
      self.bias = bias
    }
  }

  /// JSON: kinds, sizes, activation, order of the inputs; written by whoever knows the network, kept as it is.
  package let architecture: String

  /// The layers in the order of the parameter vector.
  package let layers: [Layer]

  /// The logarithm of the Gaussian's standard deviation (actions); nil for other networks.
  package let logStandardDeviation: [Float]?

  /// A network from its layers.
  package init(architecture: String, layers: [Layer], logStandardDeviation: [Float]? = nil) {
    self.architecture = architecture
    self.layers = layers
    self.logStandardDeviation = logStandardDeviation
  }

  /// A network from its flat parameter vector: layer by layer, weight row-major then bias; log-std last.
  ///
  /// - Parameters:
  ///   - architecture: the description to keep.
  ///   - shapes: of each layer its number and its widths.
  ///   - actionSize: the length of the log-std at the end of the vector; nil if there is none.
  ///   - flat: the vector.
  /// - Precondition: the vector has the length that the shapes ask for.
  package init(
    architecture: String, shapes: [(number: Int, outputs: Int, inputs: Int)], actionSize: Int? = nil,
    flat: [Float]
  ) {
    var rest = flat[...]
    func take(_ count: Int) -> [Float] {
      precondition(count <= rest.count, "the parameter vector is too short for the shapes \(shapes)")
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    let layers = shapes.map { shape in
      let weight = take(shape.outputs * shape.inputs)
      return Layer(
        number: shape.number, outputs: shape.outputs, inputs: shape.inputs, weight: weight,
        bias: take(shape.outputs))
    }
    let logStandardDeviation = actionSize.map(take)
    precondition(rest.isEmpty, "the parameter vector is too long for the shapes \(shapes)")
    self.init(architecture: architecture, layers: layers, logStandardDeviation: logStandardDeviation)
  }

  /// The flat parameter vector: layer by layer, weight row-major then bias; log-std last.
  package var flat: [Float] { layers.flatMap { $0.weight + $0.bias } + (logStandardDeviation ?? []) }

  /// The datasets below `group` ("/policy"); the sizes are labelled "policy_units_0", "policy_units_1", ….
  static func datasets(_ group: String, logStandardDeviation: Bool) -> [DatasetSchema] {
    let units = "\(group.dropFirst())_units"
    let network = [
      DatasetSchema(
        "\(group)/layer_<l>/weight", .float32, ["\(units)_<l+1>", "\(units)_<l>"], units: "1",
        "Weight of one layer: outputs by inputs."),
      DatasetSchema(
        "\(group)/layer_<l>/bias", .float32, ["\(units)_<l+1>"], units: "1", "Bias of one layer."),
    ]
    let spread = DatasetSchema(
      "\(group)/log_std", .float32, ["action"], units: "1",
      "Logarithm of the Gaussian policy's standard deviation, the same in every state.", optional: true)
    return logStandardDeviation ? network + [spread] : network
  }

  /// The attribute of `group` that describes the network.
  static func attributes(_ group: String) -> [AttributeSchema] {
    [AttributeSchema(group, "architecture", .string, "JSON: kind, sizes, activation, order of the inputs.")]
  }

  /// Reads the network below `group`.
  init(_ contents: ValidatedContents, group: String) throws(ArtifactError) {
    let stored = contents.contents.datasets.keys.filter {
      $0.hasPrefix(group + "/layer_") && ($0.hasSuffix("/weight") || $0.hasSuffix("/bias"))
    }
    var layers: [Layer] = []
    func isThere(_ number: Int) -> Bool { stored.contains("\(group)/layer_\(number)/weight") }
    var number = 0
    while isThere(number) {
      let path = "\(group)/layer_\(number)"
      layers.append(
        Layer(
          number: number, outputs: try contents.length(path + "/weight", 0),
          inputs: try contents.length(path + "/weight", 1), weight: try contents.values(path + "/weight"),
          bias: try contents.values(path + "/bias")))
      // A layer follows the one before it, or leaves out a number.
      number += isThere(number + 1) ? 1 : 2
    }
    guard !layers.isEmpty, stored.count == 2 * layers.count else {
      throw contents.mismatch(
        group, expected: "layers numbered 0, 1, … without a gap",
        found: stored.sorted().joined(separator: ", "))
    }
    self.init(
      architecture: contents.text("architecture", of: group) ?? "", layers: layers,
      logStandardDeviation: contents.optional(group + "/log_std"))
  }

  /// Adds the network below `group`.
  func add(to contents: inout ArtifactContents, group: String) {
    for layer in layers {
      contents.add(
        "\(group)/layer_\(layer.number)/weight", .float32(layer.weight), shape: [layer.outputs, layer.inputs])
      contents.add("\(group)/layer_\(layer.number)/bias", .float32(layer.bias), shape: [layer.outputs])
    }
    if let logStandardDeviation {
      contents.add("\(group)/log_std", .float32(logStandardDeviation), shape: [logStandardDeviation.count])
    }
    contents.add(attribute: "architecture", of: group, .string(architecture))
  }
}
