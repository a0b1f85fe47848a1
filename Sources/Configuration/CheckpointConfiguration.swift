/// How often the long stages save their state. No result depends on it, so it is in no stage's slice, but in a file of its
/// own, `config/checkpoints.yaml`.
package struct CheckpointConfiguration: Sendable, Equatable {
  /// The least pause between two checkpoints, seconds; 0 saves the state at every opportunity.
  package var seconds: Double

  /// The pause where a configuration names none.
  package static let defaultSeconds = 60.0

  /// Reads the file that `text` gives.
  package init(reading path: String) throws(ConfigurationError) {
    var reader = try SectionReader(file: path, name: "", node: parseYAML(readText(path), file: path))
    try self.init(&reader)
    try reader.finish()
  }

  /// Reads the key of a benchmark file.
  init(_ reader: inout SectionReader) throws(ConfigurationError) {
    seconds = try reader.number("checkpoint_seconds", default: Self.defaultSeconds, in: 0...86_400)
  }

  /// The canonical text of the file.
  package var text: String {
    ResolvedValue.section([.init("checkpoint_seconds", .number(seconds))]).yaml
  }
}
