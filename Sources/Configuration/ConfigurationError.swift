/// What is wrong with a configuration, and where: prints as `file:line: message`.
package struct ConfigurationError: Error, Equatable, CustomStringConvertible {
  /// The file, as the user named it.
  package let file: String

  /// The line, counted from 1; nil when the fault has no place in the text (a missing file, say).
  package let line: Int?

  /// What is wrong and what would be right, in one sentence.
  package let message: String

  /// A fault at a line of a file.
  package init(file: String, line: Int?, _ message: String) {
    self.file = file
    self.line = line
    self.message = message
  }

  /// One line: file, line if there is one, message.
  package var description: String {
    line.map { "\(file):\($0): \(message)" } ?? "\(file): \(message)"
  }
}
