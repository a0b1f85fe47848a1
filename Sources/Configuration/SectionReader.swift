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
    try value(key, fallback, ResolvedValue.integer) { node throws(Unfit) in
      try Self.integer(node, in: range)
    }
  }

  /// A real number in a range.
  package mutating func number(
    _ key: String, default fallback: Double? = nil, in range: ClosedRange<Double>
  ) throws(ConfigurationError) -> Double {
    try value(key, fallback, ResolvedValue.number) { node throws(Unfit) in
      try Self.number(node, in: range)
    }
  }

  /// A real number in a range, or nil for a missing key or `none`.
  package mutating func optionalNumber(
    _ key: String, in range: ClosedRange<Double>
  ) throws(ConfigurationError) -> Double? {
    try value(key, .some(nil), { $0.map(ResolvedValue.number) ?? .string("none") }) { node throws(Unfit) in
      Self.text(node) == "none" ? nil : try Self.number(node, in: range)
    }
  }

  /// A whole number in a range, or nil for the word `auto` (the default).
  package mutating func integerOrAuto(
    _ key: String, in range: ClosedRange<Int>
  ) throws(ConfigurationError) -> Int? {
    try value(key, .some(nil), { $0.map(ResolvedValue.integer) ?? .string("auto") }) { node throws(Unfit) in
      Self.text(node) == "auto" ? nil : try Self.integer(node, in: range)
    }
  }

  /// true or false.
  package mutating func flag(_ key: String, default fallback: Bool) throws(ConfigurationError) -> Bool {
    try value(key, fallback, ResolvedValue.flag) { node throws(Unfit) in
      guard let flag = Bool(Self.text(node)) else {
        throw Unfit(node, "must be true or false, found \(Self.text(node))")
      }
      return flag
    }
  }

  /// One of the words of an enumeration.
  package mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: String, default fallback: Choice? = nil
  ) throws(ConfigurationError) -> Choice {
    try value(key, fallback, { .string($0.rawValue) }) { node throws(Unfit) in
      let (text, words) = (Self.text(node), Choice.allCases.map(\.rawValue))
      guard let choice = Choice(rawValue: text) else {
        let hint = spellingHint(for: text, among: words)
        throw Unfit(node, "must be one of \(words.joined(separator: ", ")), found \(text)\(hint)")
      }
      return choice
    }
  }

  /// A list of whole numbers, each in a range.
  package mutating func integers(
    _ key: String, default fallback: [Int], in range: ClosedRange<Int>, count: ClosedRange<Int>
  ) throws(ConfigurationError) -> [Int] {
    try value(key, fallback, { .list($0.map { .integer($0) }) }) { node throws(Unfit) in
      try Self.integers(node, in: range, count: count)
    }
  }

  /// A list of whole numbers, each in a range, or nil for the word `all`.
  package mutating func integersOrAll(
    _ key: String, default fallback: [Int], in range: ClosedRange<Int>
  ) throws(ConfigurationError) -> [Int]? {
    try value(key, fallback, { $0.map { .list($0.map { .integer($0) }) } ?? .string("all") }) {
      node throws(Unfit) in
      Self.text(node) == "all" ? nil : try Self.integers(node, in: range, count: 1...range.count)
    }
  }

  /// What a key holds, or the fallback for a missing key; what it resolves to is kept.
  private mutating func value<Value>(
    _ key: String, _ fallback: Value?, _ resolve: (Value) -> ResolvedValue,
    _ parse: (Node) throws(Unfit) -> Value
  ) throws(ConfigurationError) -> Value {
    let found: Value?
    let node = try raw(key)
    do throws(Unfit) { found = try node.map(parse) } catch { throw fault(error.line, key, error.message) }
    guard let value = found ?? fallback else { throw missing(key) }
    resolved.append(.init(key, resolve(value)))
    return value
  }

  /// The section under a key.
  package mutating func section<Section: ConfigurationSection>(
    _ key: String
  ) throws(ConfigurationError) -> Section {
    let node = try raw(key)
    var reader = try SectionReader(file: file, name: name.isEmpty ? key : "\(name).\(key)", node: node)
    let value = try Section(reading: &reader)
    try reader.finish()
    resolved.append(.init(key, .section(reader.resolved)))
    return value
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
        throw fault(node.mark?.line, key, "must be a number or a word, found \(Self.text(node))")
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
  func fault(_ line: Int?, _ key: String, _ message: String) -> ConfigurationError {
    ConfigurationError(
      file: file, line: line, "\(name.isEmpty ? key : "\(name).\(key)") \(message)")
  }

  /// Marks a key as known and returns its node, also for readers of other shapes.
  mutating func raw(_ key: String) throws(ConfigurationError) -> Node? {
    known.append(key)
    let found = mapping.filter { $0.key == key || canonicalKey($0.key) == key }
    known.append(contentsOf: found.map(\.key).filter { $0 != key })
    if found.count > 1 {
      throw fault(
        found[1].value.mark?.line, found[1].key, "says the same as \(found[0].key); keep one of them")
    }
    return found.first?.value
  }

  private static func integers(
    _ node: Node, in range: ClosedRange<Int>, count: ClosedRange<Int>
  ) throws(Unfit) -> [Int] {
    guard let sequence = node.sequence, count.contains(sequence.count) else {
      throw Unfit(
        node, "must be a list of \(count.lowerBound) to \(count.upperBound) whole numbers, such as [64, 64]")
    }
    var values: [Int] = []
    for element in sequence {
      guard let parsed = Self.number(element), let whole = Int(exactly: parsed), range.contains(whole)
      else {
        throw Unfit(
          element,
          "must hold whole numbers in \(range.lowerBound)…\(range.upperBound), found \(Self.text(element))")
      }
      values.append(whole)
    }
    return values
  }

  private static func integer(_ node: Node, in range: ClosedRange<Int>) throws(Unfit) -> Int {
    guard let parsed = number(node), parsed.rounded() == parsed, abs(parsed) < 0x1p53 else {
      throw Unfit(node, "must be a whole number, found \(text(node))")
    }
    guard range.contains(Int(parsed)) else {
      throw Unfit(node, "must be in \(range.lowerBound)…\(range.upperBound), found \(Int(parsed))")
    }
    return Int(parsed)
  }

  private static func number(_ node: Node, in range: ClosedRange<Double>) throws(Unfit) -> Double {
    guard let value = number(node), value.isFinite else {
      throw Unfit(node, "must be a number, found \(text(node))")
    }
    guard range.contains(value) else {
      throw Unfit(node, "must be in \(range.lowerBound)…\(range.upperBound), found \(text(node))")
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

/// Why a node is not what its key asks for.
private struct Unfit: Error {
  let line: Int?
  let message: String

  init(_ node: Node, _ message: String) { (line, self.message) = (node.mark?.line, message) }
}

/// Settings that are read from one section of a configuration.
package protocol ConfigurationSection: Sendable, Equatable {
  /// Reads every key of the section.
  init(reading reader: inout SectionReader) throws(ConfigurationError)
}
