internal import Foundation
internal import HDF5

/// Functions for artifacts of any stage.
package enum Inspection {
  /// What a file of any of the project's schemas holds, as text for a terminal: schema, verdict of the validation,
  /// attributes, provenance, and every dataset with its type, labelled shape, unit and range or values.
  ///
  /// A file that breaks its schema is described too, with the first fault as the verdict.
  ///
  /// - Throws: `ArtifactError` if the file cannot be read or is no artifact.
  package static func describe(path: String) throws(ArtifactError) -> String {
    let (contents, schema) = try ArtifactContents.load(path, as: nil)
    var lines = [path, "  \(schema.name), version \(schema.version): \(schema.summary)"]
    do {
      try schema.validateFully(contents)
      lines.append("  valid")
    } catch {
      lines.append("  NOT VALID: \(error)")
    }
    let standard = ["schema", "schema_version", "NX_class", "default", "description", "units"]
    lines += section(
      "attributes",
      contents.attributes.filter { path, _ in
        !path.hasPrefix(Provenance.prefix) && !standard.contains { path.hasSuffix("@\($0)") }
      })
    lines += section("provenance", contents.provenance)
    let datasets = contents.datasets.sorted { $0.key < $1.key }
    let width = datasets.map(\.key.count).max() ?? 0
    let shapes = datasets.map { shapeText($0.value) }
    let shapeWidth = shapes.map(\.count).max() ?? 0
    lines += ["", "datasets"]
    for ((name, dataset), shape) in zip(datasets, shapes) {
      let unit = contents.attributes["\(name)@units"].flatMap(String.init) ?? ""
      lines.append(
        "  \(pad(name, width))  \(pad(shape, shapeWidth))  \(summary(dataset))"
          + (["", "1"].contains(unit) ? "" : " \(unit)"))
    }
    return lines.joined(separator: "\n")
  }

  /// A titled list of attributes; a value of several lines goes below its name.
  private static func section(_ title: String, _ entries: [String: ArtifactDataset]) -> [String] {
    guard !entries.isEmpty else { return [] }
    let width = entries.keys.map(\.count).max() ?? 0
    return ["", title]
      + entries.sorted { $0.key < $1.key }.flatMap { name, object in
        let value = "\(AttributeValue(object))"
        let parts = value.split(separator: "\n", omittingEmptySubsequences: false)
        guard parts.count > 1 else { return ["  \(pad(name, width))  \(value)"] }
        return ["  \(name)"] + (parts.last == "" ? parts.dropLast() : parts[...]).map { "    \($0)" }
      }
  }

  /// "f64 (task 10, task 10)"; a scalar is "f64".
  private static func shapeText(_ dataset: ArtifactDataset) -> String {
    guard !dataset.shape.isEmpty else { return "\(dataset.values.type)" }
    let lengths = dataset.shape.enumerated().map { index, length in
      let label = dataset.labels.flatMap { index < $0.count ? $0[index] + " " : nil } ?? ""
      return "\(label)\(length)"
    }
    return "\(dataset.values.type) (\(lengths.joined(separator: ", ")))"
  }

  /// All values if they are few, else the least, the mean and the greatest, and how many are missing.
  private static func summary(_ dataset: ArtifactDataset) -> String {
    let count = dataset.values.count
    if count <= 12 || dataset.values.type == .string {
      let shown = (0..<min(count, 12)).map { index in
        dataset.values.numbers.map { number($0[index]) } ?? dataset.values.text(at: index)
      }
      return shown.joined(separator: " ") + (count > 12 ? " …" : "")
    }
    let numbers = dataset.values.numbers ?? []
    let present = numbers.filter { !$0.isNaN }
    guard let least = present.min(), let greatest = present.max() else { return "\(count) NaN" }
    let mean = present.reduce(0, +) / Double(present.count)
    let missing = present.count < count ? ", \(count - present.count) NaN" : ""
    return "\(number(least)) … mean \(number(mean)) … \(number(greatest))\(missing)"
  }

  private static func number(_ value: Double) -> String { String(format: "%.6g", value) }

  private static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
