internal import Spelling
internal import Yams

/// One entry of a benchmark's `tasks`: the name of a registered task, or a task described in place.
package struct TaskEntry: Sendable, Equatable {
  /// The task's name, unique in the benchmark.
  package var name: String
  /// The environment it varies ("HalfCheetah-v5"), for a task described in place; nil for a registered one.
  package var environment: String?
  /// The number of steps after which an episode is truncated; nil for the default of the task or environment.
  package var horizon: Int?
  /// The physical and task parameters that differ from the environment's defaults: numbers and words.
  package var parameters: [String: ResolvedValue]
  /// Where the entry stands in the file.
  package var line: Int?

  /// Reads an entry: a name, or a section with `name`, `environment`, `horizon` and parameters.
  init(file: String, node: Node) throws(ConfigurationError) {
    line = node.mark?.line
    if let word = node.scalar?.string, !word.isEmpty {
      (name, environment, horizon, parameters) = (word, nil, nil, [:])
      try requirePrintableName(file: file)
      return
    }
    var reader = try SectionReader(file: file, name: "tasks entry", node: node)
    guard let name = try reader.raw("name")?.scalar?.string, !name.isEmpty else {
      throw ConfigurationError(file: file, line: line, "an entry of tasks needs a name")
    }
    self.name = name
    environment = try reader.raw("environment")?.scalar?.string
    horizon = try reader.raw("horizon") == nil ? nil : reader.integer("horizon", in: 1...1_000_000)
    parameters = try reader.remainingNumbersAndWords()
    try requirePrintableName(file: file)
  }

  /// Names are printed, and stand in tables and pictures.
  private func requirePrintableName(file: String) throws(ConfigurationError) {
    guard !isPrintableLine(name) else { return }
    throw ConfigurationError(
      file: file, line: line,
      "a task's name must be one line of visible characters, found \(name.debugDescription)")
  }

  /// The tasks that the text of a slice lists, whatever stage it is for: those behind an artifact, from its provenance.
  ///
  /// - Throws: `ConfigurationError` for text without a list of tasks.
  package static func list(inSlice text: String, file: String) throws(ConfigurationError) -> [TaskEntry] {
    var reader = try SectionReader(file: file, name: "", node: parseYAML(text, file: file))
    return try reader.taskEntries()
  }

  /// The canonical form of a task with everything said; parameters are written in the order of their names.
  package static func resolved(
    name: String, environment: String, horizon: Int, parameters: [String: ResolvedValue]
  ) -> ResolvedValue {
    .section(
      [
        .init("name", .string(name)), .init("environment", .string(environment)),
        .init("horizon", .integer(horizon)),
      ] + parameters.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) })
  }
}

extension SectionReader {
  /// The list under `tasks`: one entry per task, names unique.
  mutating func taskEntries() throws(ConfigurationError) -> [TaskEntry] {
    guard let node = try raw("tasks") else {
      throw missing("tasks", ": list the tasks of the benchmark")
    }
    guard let sequence = node.sequence, (1...10_000).contains(sequence.count) else {
      throw ConfigurationError(file: file, line: node.mark?.line, "tasks must be a list of at least one task")
    }
    var entries: [TaskEntry] = []
    for element in sequence {
      let entry = try TaskEntry(file: file, node: element)
      if let first = entries.first(where: { $0.name == entry.name }) {
        throw ConfigurationError(
          file: file, line: entry.line,
          "the task \(entry.name) is listed twice\(first.line.map { " (first on line \($0))" } ?? "")")
      }
      entries.append(entry)
    }
    return entries
  }
}
