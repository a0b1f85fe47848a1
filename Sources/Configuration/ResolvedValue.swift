/// A configuration value after defaults are filled in, with the canonical text that slices are made of.
package indirect enum ResolvedValue: Sendable, Equatable {
  /// A whole number.
  case integer(Int)
  /// A real number, written with the fewest digits that read back to the same value.
  case number(Double)
  /// A word or a sentence.
  case string(String)
  /// true or false.
  case flag(Bool)
  /// A list of values.
  case list([ResolvedValue])
  /// Keys with their values, in the order in which they are written.
  case section([Entry])

  /// One key of a section.
  package struct Entry: Sendable, Equatable {
    /// The key.
    package var key: String
    /// Its value.
    package var value: ResolvedValue

    /// A key with its value.
    package init(_ key: String, _ value: ResolvedValue) {
      self.key = key
      self.value = value
    }

    /// The entry with another value for one key of its section.
    func setting(_ key: String, to value: ResolvedValue) -> Entry {
      guard case .section(let entries) = self.value else { return self }
      return Entry(self.key, .section(entries.map { $0.key == key ? Entry(key, value) : $0 }))
    }
  }

  /// The value as YAML: block style for sections, flow style inside lists; equal values give equal text.
  package var yaml: String {
    guard case .section(let entries) = self else { return flow + "\n" }
    return entries.map { entry in
      guard case .section(let inner) = entry.value, !inner.isEmpty else {
        return "\(entry.key): \(entry.value.flow)\n"
      }
      let block = entry.value.yaml.split(separator: "\n").map { "  \($0)\n" }.joined()
      return "\(entry.key):\n\(block)"
    }.joined()
  }

  private var flow: String {
    switch self {
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .flag(let value): "\(value)"
    case .string(let text): "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
    case .list(let values): "[\(values.map(\.flow).joined(separator: ", "))]"
    case .section(let entries): "{\(entries.map { "\($0.key): \($0.value.flow)" }.joined(separator: ", "))}"
    }
  }
}
