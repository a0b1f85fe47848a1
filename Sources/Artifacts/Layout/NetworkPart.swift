internal import HDF5

extension NetworkParameters {
  /// A network nothing of which is set.
  static let none = NetworkParameters(architecture: "", layers: [])
}

extension LayoutPart {
  /// The network below `group`.
  static func network(
    _ path: any WritableKeyPath<Root, NetworkParameters> & Sendable, _ group: String,
    logStandardDeviation: Bool
  ) -> Self {
    part(
      NetworkParameters.datasets(group, logStandardDeviation: logStandardDeviation),
      NetworkParameters.attributes(group)
    ) { (root, contents) throws(ArtifactError) in
      root[keyPath: path] = try NetworkParameters(contents, group: group)
    } write: { root, writer in
      root[keyPath: path].add(to: &writer.contents, group: group)
    }
  }
}
