import Artifacts
import Foundation
import HDF5
import Testing

/// docs/artifacts.md, and the rows that its tables must hold.
private struct Specification {
  let text: String

  init() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    text = try String(contentsOf: root.appendingPathComponent("docs/artifacts.md"), encoding: .utf8)
  }

  /// The section whose heading names a schema and its version; nil if there is none.
  func section(of schema: ArtifactSchema) -> String? {
    text.components(separatedBy: "\n## ")
      .first { $0.prefix { $0 != "\n" }.hasSuffix("`\(schema.name)`, version \(schema.version)") }
  }

  /// A dataset's row: path, presence, type and labels, unit, values, meaning.
  static func row(_ dataset: DatasetSchema) -> String {
    let presence = dataset.isOptional ? "MAY" : "MUST"
    let units = dataset.units.isEmpty ? "–" : dataset.units
    return
      "| `\(dataset.path)` | \(presence) | \(dataset.shapeDescription) | \(units) | \(values(dataset)) | \(dataset.description) |"
  }

  /// An attribute's row: object and name, presence, kind, meaning.
  static func attributeRow(_ attribute: DatasetSchema) -> String {
    let presence = attribute.isOptional ? "MAY" : "MUST"
    return "| `\(attribute.path)` | \(presence) | \(attribute.kind) | \(attribute.description) |"
  }

  private static func values(_ dataset: DatasetSchema) -> String {
    guard dataset.type != .string else { return "text" }
    var words = "finite"
    if let range = dataset.range {
      let least = "\(Int(range.lowerBound))".replacing("-", with: "−")
      let open = range.upperBound >= Double(Int32.max)
      words = open ? "≥ \(least)" : "\(least)…\(Int(range.upperBound))"
      if range.lowerBound == .leastNonzeroMagnitude { words = "> 0" }
    }
    return words + (dataset.allowsMissing ? ", NaN = missing" : "")
  }
}

@Test(
  "docs/artifacts.md has a row for every dataset and attribute of every schema, as the code has it",
  arguments: ArtifactSchema.all.indices)
func specificationRows(index: Int) throws {
  let schema = ArtifactSchema.all[index]
  let specification = try Specification()
  let section = try #require(
    specification.section(of: schema), "no heading ends with `\(schema.name)`, version \(schema.version)")
  let lines = Set(section.split(separator: "\n").map(String.init))
  for row in schema.datasets.map(Specification.row) + schema.attributes.map(Specification.attributeRow) {
    #expect(lines.contains(row), "this row is missing: \(row)")
  }
}

@Test(
  "docs/artifacts.md has no row for a dataset or attribute that the schema does not know",
  arguments: ArtifactSchema.all.indices)
func specificationHasNoMore(index: Int) throws {
  let schema = ArtifactSchema.all[index]
  let section = try #require(try Specification().section(of: schema))
  let known = Set((schema.datasets.map(\.path) + schema.attributes.map(\.path)).map { "| `\($0)` |" })
  for line in section.split(separator: "\n") where line.hasPrefix("| `/") {
    let start = line.split(separator: "|", omittingEmptySubsequences: false).prefix(2).joined(separator: "|")
    #expect(known.contains(start + "|"), "the schema does not know \(start)")
  }
}

/// The schemas of all stored properties in a value, at any depth.
private func declared(in value: Any) -> [DatasetSchema] {
  if let schema = value as? DatasetSchema { return [schema] }
  return Mirror(reflecting: value).children.flatMap { declared(in: $0.value) }
}

@Test("Every dataset and attribute that a property declares is in the artifact's layout")
func everyDeclarationCounts() {
  var count = 0
  for artifact in Samples.all {
    let type = type(of: artifact)
    let found = declared(in: artifact)
    let known = type.schema.datasets + type.schema.attributes
    for object in found { #expect(known.contains(object), "\(type) forgets \(object.path)") }
    count += found.count
  }
  #expect(count > 100)
}
