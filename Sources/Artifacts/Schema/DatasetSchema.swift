package import HDF5

/// One dataset of an artifact.
package struct DatasetSchema: Sendable, Equatable {
  /// Its absolute path. `<l>` stands for a layer's number 0, 1, …, any other `<name>` for any name.
  package let path: String

  /// The type of its elements in the file.
  package let type: ElementType

  /// The labels of its dimensions, slowest first; empty for a scalar. Dimensions with the same label have the same
  /// length anywhere in the file. `<l>` and `<l+1>` follow the path.
  package let dimensions: [String]

  /// The unit of its values; "1" for plain numbers, "" for text.
  package let units: String

  /// What it is, in one sentence.
  package let description: String

  /// The values allowed; nil allows every finite one.
  package let range: ClosedRange<Double>?

  /// Whether NaN, which stands for a missing value, is allowed; infinities never are.
  package let allowsMissing: Bool

  /// Whether the file may lack the dataset.
  package let isOptional: Bool

  /// A dataset; see the properties.
  package init(
    _ path: String, _ type: ElementType, _ dimensions: [String], units: String, _ description: String,
    range: ClosedRange<Double>? = nil, missing: Bool = false, optional: Bool = false
  ) {
    self.path = path
    self.type = type
    self.dimensions = dimensions
    self.units = units
    self.description = description
    self.range = range
    allowsMissing = missing
    isOptional = optional
  }

  /// Type and labels as error messages show them: "f64 (task, task)".
  package var shapeDescription: String {
    dimensions.isEmpty ? "\(type) scalar" : "\(type) (\(dimensions.joined(separator: ", ")))"
  }

  /// This entry with the path's own names put in, or nil if it is not about this path.
  func resolved(for path: String) -> DatasetSchema? {
    if path == self.path { return self }
    let parts = self.path.split(separator: "/", omittingEmptySubsequences: false)
    let found = path.split(separator: "/", omittingEmptySubsequences: false)
    guard self.path.contains("<"), parts.count == found.count else { return nil }
    var layer: Int?
    for (part, name) in zip(parts, found) where part != name {
      guard let open = part.firstIndex(of: "<"), let close = part.firstIndex(of: ">") else { return nil }
      let (prefix, suffix) = (part[..<open], part[part.index(after: close)...])
      guard name.hasPrefix(prefix), name.hasSuffix(suffix), name.count > prefix.count + suffix.count else {
        return nil
      }
      if part[open...close] == "<l>" {
        let digits = name.dropFirst(prefix.count).dropLast(suffix.count)
        guard let number = Int(digits), number >= 0, "\(number)" == digits else { return nil }
        layer = number
      }
    }
    return DatasetSchema(
      path, type, dimensions.map { Self.label($0, layer: layer ?? 0) }, units: units, description,
      range: range,
      missing: allowsMissing, optional: isOptional)
  }

  private static func label(_ template: String, layer: Int) -> String {
    guard let open = template.firstIndex(of: "<") else { return template }
    return template[..<open] + (template[open...] == "<l+1>" ? "\(layer &+ 1)" : "\(layer)")
  }
}
