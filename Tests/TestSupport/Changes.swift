package import HDF5

/// Changes to a file that `copy` makes on the way.
package struct Changes {
  /// Objects to leave out.
  package var without: Set<String> = []
  /// Attributes to leave out, as "/affinity@units".
  package var withoutAttributes: Set<String> = []
  /// Attributes to set instead, as "/affinity@units".
  package var attributes: [String: AttributeValue] = [:]
  /// Datasets to write instead.
  package var datasets: [String: (borrowing HDF5File) throws -> Void] = [:]

  /// Changes; none if nothing is said.
  package init(
    without: Set<String> = [], withoutAttributes: Set<String> = [],
    attributes: [String: AttributeValue] = [:],
    datasets: [String: (borrowing HDF5File) throws -> Void] = [:]
  ) {
    self.without = without
    self.withoutAttributes = withoutAttributes
    self.attributes = attributes
    self.datasets = datasets
  }
}

/// Copies an artifact object by object, with changes; the copy may break its schema.
package func copy(_ source: String, to destination: String, _ changes: Changes) throws {
  let input = try HDF5File(reading: source)
  let output = try HDF5File(creating: destination)
  var objects = [(path: "/", kind: HDF5ObjectKind.group)]
  objects += try input.walk().filter { !$0.path.hasPrefix("/plots") && !changes.without.contains($0.path) }
  for (path, kind) in objects {
    if kind == .group {
      try output.createGroup(path)
    } else if let replace = changes.datasets[path] {
      try replace(output)
    } else {
      let information = try input.information(of: path)
      switch information.elementType {
      case .float32:
        try output.write(try input.read(path, as: Float.self), to: path, shape: information.shape)
      case .float64:
        try output.write(try input.read(path, as: Double.self), to: path, shape: information.shape)
      case .int32: try output.write(try input.read(path, as: Int32.self), to: path, shape: information.shape)
      case .int64: try output.write(try input.read(path, as: Int64.self), to: path, shape: information.shape)
      case .uint8: try output.write(try input.read(path, as: UInt8.self), to: path, shape: information.shape)
      default: try output.write(try input.readStrings(path), to: path, shape: information.shape)
      }
    }
    for name in try input.attributeNames(of: path) {
      let attribute = "\(path)@\(name)"
      if changes.withoutAttributes.contains(attribute) { continue }
      if let value = try changes.attributes[attribute] ?? input.attribute(name, of: path) {
        try output.setAttribute(name, of: path, to: value)
      }
    }
  }
  try output.close()
}
