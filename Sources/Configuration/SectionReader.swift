internal import Spelling
internal import Yams

/// Reads one section of a configuration strictly: every key is asked for by name, type and range; what was not asked
/// for is an error. What was read, with defaults filled in, is kept as `resolved`.
package struct SectionReader {
  /// The file, for errors.
  package let file: String

  /// The section's name, for errors; empty for the whole file.
  package let name: String

  /// The line at which the section starts.
  package let line: Int?

  /// Every key read so far with its value, in the order of reading.
  package private(set) var resolved: [ResolvedValue.Entry] = []

  private let mapping: [(key: String, line: Int?, value: Node)]
  private var known: [String] = []

  /// A reader of a mapping node; a missing or empty node reads as a section without keys.
  init(file: String, name: String, node: Node?) throws(ConfigurationError) {
    self.file = file
    self.name = name
    line = node?.mark?.line
    switch node {
    case .none: mapping = []
    case .some(.mapping(let pairs)):
      var entries: [(key: String, line: Int?, value: Node)] = []
      for (key, value) in pairs {
        guard let text = key.scalar?.string else {
          throw ConfigurationError(file: file, line: key.mark?.line, "a key must be a word")
        }
        entries.append((text, key.mark?.line, value))
      }
      mapping = entries
    case .some(.scalar(let scalar)) where scalar.string.isEmpty: mapping = []
    case .some(let other):
      throw ConfigurationError(
        file: file, line: other.mark?.line, "\(name.isEmpty ? "the file" : name) must hold keys with values")
    }
  }

  /// A whole number in a range. `1e6` and `1_000_000` are whole numbers too.
  package mutating func integer(
    _ key: String, default fallback: Int? = nil, in range: ClosedRange<Int>
  ) throws(ConfigurationError) -> Int {
    let value: Int
    if let node = try take(key) {
      guard let parsed = Self.number(node), parsed.rounded() == parsed, abs(parsed) < 0x1p53 else {
        throw fault(node, key, "must be a whole number, found \(Self.text(node))")
      }
      value = Int(parsed)
      guard range.contains(value) else {
        throw fault(node, key, "must be in \(range.lowerBound)…\(range.upperBound), found \(value)")
      }
    } else {
      value = try required(key, fallback)
    }
    resolved.append(.init(key, .integer(value)))
    return value
  }

  /// A real number in a range.
  package mutating func number(
    _ key: String, default fallback: Double? = nil, in range: ClosedRange<Double>
  ) throws(ConfigurationError) -> Double {
    let value: Double
    if let node = try take(key) {
      value = try Self.number(node, key, in: range, fault: fault)
    } else {
      value = try required(key, fallback)
    }
    resolved.append(.init(key, .number(value)))
    return value
  }

  /// A real number in a range, or nil for a missing key or `none`.
  package mutating func optionalNumber(
    _ key: String, in range: ClosedRange<Double>
  ) throws(ConfigurationError) -> Double? {
    let node = try take(key)
    guard let node, Self.text(node) != "none" else {
      resolved.append(.init(key, .string("none")))
      return nil
    }
    let value = try Self.number(node, key, in: range, fault: fault)
    resolved.append(.init(key, .number(value)))
    return value
  }

  /// true or false.
  package mutating func flag(_ key: String, default fallback: Bool) throws(ConfigurationError) -> Bool {
    var value = fallback
    if let node = try take(key) {
      switch Self.text(node) {
      case "true": value = true
      case "false": value = false
      default: throw fault(node, key, "must be true or false, found \(Self.text(node))")
      }
    }
    resolved.append(.init(key, .flag(value)))
    return value
  }

  /// One of the words of an enumeration.
  package mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: String, default fallback: Choice? = nil
  ) throws(ConfigurationError) -> Choice {
    let value: Choice
    if let node = try take(key) {
      let words = Choice.allCases.map(\.rawValue)
      guard let parsed = Choice(rawValue: Self.text(node)) else {
        let hint = spellingHint(for: Self.text(node), among: words)
        throw fault(
          node, key, "must be one of \(words.joined(separator: ", ")), found \(Self.text(node))\(hint)")
      }
      value = parsed
    } else {
      value = try required(key, fallback)
    }
    resolved.append(.init(key, .string(value.rawValue)))
    return value
  }

  /// A whole number in a range, or nil for the word `auto` (the default).
  package mutating func integerOrAuto(
    _ key: String, in range: ClosedRange<Int>
  ) throws(ConfigurationError) -> Int? {
    if let node = mapping.first(where: { $0.key == key })?.value, Self.text(node) != "auto" {
      return try integer(key, in: range)
    }
    known.append(key)
    resolved.append(.init(key, .string("auto")))
    return nil
  }

  /// A list of whole numbers, each in a range.
  package mutating func integers(
    _ key: String, default fallback: [Int], in range: ClosedRange<Int>, count: ClosedRange<Int>
  ) throws(ConfigurationError) -> [Int] {
    var values = fallback
    if let node = try take(key) {
      guard let sequence = node.sequence, count.contains(sequence.count) else {
        throw fault(
          node, key,
          "must be a list of \(count.lowerBound) to \(count.upperBound) whole numbers, such as [64, 64]")
      }
      values = []
      for element in sequence {
        guard let parsed = Self.number(element), let whole = Int(exactly: parsed), range.contains(whole)
        else {
          throw fault(
            element, key,
            "must hold whole numbers in \(range.lowerBound)…\(range.upperBound), found \(Self.text(element))")
        }
        values.append(whole)
      }
    }
    resolved.append(.init(key, .list(values.map { .integer($0) })))
    return values
  }

  /// The section under a key.
  package mutating func section<Section: ConfigurationSection>(
    _ key: String
  ) throws(ConfigurationError) -> Section {
    let node = try take(key)
    var reader = try SectionReader(file: file, name: name.isEmpty ? key : "\(name).\(key)", node: node)
    let value = try Section(reading: &reader)
    try reader.finish()
    resolved.append(.init(key, .section(reader.resolved)))
    return value
  }

  /// Marks a key as known and returns its node, for readers of other shapes; `resolve` must follow.
  mutating func raw(_ key: String) throws(ConfigurationError) -> Node? {
    try take(key)
  }

  /// Keeps the resolved form of a key that was read by `raw`.
  mutating func resolve(_ key: String, _ value: ResolvedValue) {
    resolved.append(.init(key, value))
  }

  /// The remaining keys, each read as a number, else as a word: for open sets of names whose meaning is checked
  /// elsewhere.
  mutating func remainingNumbersAndWords() throws(ConfigurationError) -> [String: ResolvedValue] {
    var values: [String: ResolvedValue] = [:]
    for (key, _, node) in mapping where !known.contains(key) {
      known.append(key)
      if let value = Self.number(node), value.isFinite {
        values[key] = .number(value)
      } else if let word = node.scalar?.string, !word.isEmpty, isPrintableLine(word) {
        values[key] = .string(word)
      } else {
        throw fault(node, key, "must be a number or a word, found \(Self.text(node))")
      }
    }
    return values
  }

  /// - Throws: for the first key that nobody asked for, with the closest known one.
  package func finish() throws(ConfigurationError) {
    for (key, line, _) in mapping where !known.contains(key) {
      throw unknown(key, line, spellingHint(for: key, among: known))
    }
  }

  /// The fault of a key that must be there and is not, or that is there misspelt.
  ///
  /// - Parameter remedy: what to do about it; empty if the name says it all.
  func missing(_ key: String, _ remedy: String = "") -> ConfigurationError {
    let rest = mapping.filter { !known.contains($0.key) }
    if let meant = closestSpelling(to: key, among: rest.map(\.key)) {
      return unknown(meant, rest.first { $0.key == meant }?.line, "; did you mean \"\(key)\"?")
    }
    let path = name.isEmpty ? key : "\(name).\(key)"
    return ConfigurationError(file: file, line: line, "\(path) is missing\(remedy)")
  }

  private func unknown(_ key: String, _ line: Int?, _ hint: String) -> ConfigurationError {
    let place = name.isEmpty ? "" : " in \(name)"
    return ConfigurationError(file: file, line: line, "unknown key \"\(key)\"\(place)\(hint)")
  }

  /// A fault of one key's value.
  func fault(_ node: Node, _ key: String, _ message: String) -> ConfigurationError {
    ConfigurationError(
      file: file, line: node.mark?.line, "\(name.isEmpty ? key : "\(name).\(key)") \(message)")
  }

  private mutating func take(_ key: String) throws(ConfigurationError) -> Node? {
    known.append(key)
    let found = mapping.filter { $0.key == key || canonicalKey($0.key) == key }
    known.append(contentsOf: found.map(\.key).filter { $0 != key })
    if found.count > 1 {
      throw fault(found[1].value, found[1].key, "says the same as \(found[0].key); keep one of them")
    }
    return found.first?.value
  }

  private func required<Value>(_ key: String, _ fallback: Value?) throws(ConfigurationError) -> Value {
    guard let fallback else {
      throw missing(key)
    }
    return fallback
  }

  private static func number(
    _ node: Node, _ key: String, in range: ClosedRange<Double>,
    fault: (Node, String, String) -> ConfigurationError
  ) throws(ConfigurationError) -> Double {
    guard let value = number(node), value.isFinite else {
      throw fault(node, key, "must be a number, found \(text(node))")
    }
    guard range.contains(value) else {
      throw fault(node, key, "must be in \(range.lowerBound)…\(range.upperBound), found \(text(node))")
    }
    return value
  }

  private static func number(_ node: Node) -> Double? {
    // Swift would read "0x10", "inf" and "nan" as numbers too.
    guard let text = node.scalar?.string, text.allSatisfy({ "0123456789+-.eE_".contains($0) }) else {
      return nil
    }
    return Double(text.replacing("_", with: ""))
  }

  private static func text(_ node: Node) -> String {
    node.scalar?.string ?? (node.sequence != nil ? "a list" : "a section")
  }
}

/// Settings that are read from one section of a configuration.
package protocol ConfigurationSection: Sendable, Equatable {
  /// Reads every key of the section.
  init(reading reader: inout SectionReader) throws(ConfigurationError)
}
