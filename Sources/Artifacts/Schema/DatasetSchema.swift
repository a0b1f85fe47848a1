package import HDF5

/// One dataset of an artifact, or one attribute.
package struct DatasetSchema: Sendable, Equatable {
  /// Its absolute path; of an attribute, that of its object, "@" and its name: "/policy@architecture". `<l>` stands for
  /// a layer's number 0, 1, …, any other `<name>` for any name.
  package var path: String

  /// The type of its elements in the file.
  package var type: ElementType

  /// The labels of its dimensions, slowest first; empty for a scalar. Dimensions with the same label have the same
  /// length anywhere in the file. `<l>` and `<l+1>` follow the path.
  package var dimensions: [String]

  /// The unit of its values; "1" for plain numbers, "" for text.
  package var units = "1"

  /// What it is, in one sentence.
  package var description: String

  /// The values allowed; nil allows every finite one.
  package var range: ClosedRange<Double>?

  /// Whether NaN, which stands for a missing value, is allowed; infinities never are.
  package var allowsMissing = false

  /// Whether the file may lack it.
  package var isOptional = false

  /// An attribute of the object at `object`, "/" for the file: a scalar, or a list of texts, which has one dimension.
  static func attribute(
    _ object: String, _ name: String, _ type: ElementType, _ description: String,
    dimensions: [String] = [], optional: Bool = false
  ) -> DatasetSchema {
    DatasetSchema(
      path: "\(object)@\(name)", type: type, dimensions: dimensions, description: description,
      isOptional: optional)
  }

  /// Whether it is an attribute.
  var isAttribute: Bool { path.contains("@") }

  /// Of an attribute what it holds, in one word, as docs/artifacts.md has it: "string", "strings", "integer", "real".
  package var kind: String {
    switch type {
    case .string: dimensions.isEmpty ? "string" : "strings"
    case .int64: "integer"
    default: "real"
    }
  }

  /// What it has to be, as error messages show it: "f64 (task, task)".
  package var shapeDescription: String {
    if isAttribute { return "an attribute of kind \(kind)" }
    return dimensions.isEmpty ? "\(type) scalar" : "\(type) (\(dimensions.joined(separator: ", ")))"
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
    var entry = self
    entry.path = path
    entry.dimensions = dimensions.map { Self.label($0, layer: layer ?? 0) }
    return entry
  }

  private static func label(_ template: String, layer: Int) -> String {
    guard let open = template.firstIndex(of: "<") else { return template }
    return template[..<open] + (template[open...] == "<l+1>" ? "\(layer &+ 1)" : "\(layer)")
  }
}

extension DatasetSchema {
  /// The names of the tasks, wherever a dimension is labelled "task".
  static let taskNames = DatasetSchema(
    path: "/dims/task", type: .string, dimensions: ["task"], units: "",
    description: "Names of the tasks, in the order of every task dimension.")

  /// Which tasks are in which subset.
  static let member = DatasetSchema(
    path: "/member", type: .uint8, dimensions: ["subset", "task"],
    description: "1 if the task is in the subset, else 0.", range: 0...1)

  /// The verdict of score, handed on to the table at the end.
  static let verdictOfScore = DatasetSchema.attribute(
    "/", "verdict", .string, "The verdict of score: whether the gains show reliable structure, in words.",
    optional: true)
}
