internal import Foundation
internal import Yams

/// The text of a file.
func readText(_ path: String) throws(ConfigurationError) -> String {
  guard let data = FileManager.default.contents(atPath: path) else {
    throw ConfigurationError(file: path, line: nil, "cannot be read; is the name right?")
  }
  guard let text = String(data: data, encoding: .utf8) else {
    throw ConfigurationError(file: path, line: nil, "is not UTF-8 text")
  }
  return text
}

/// Parses YAML text into a node.
func parseYAML(_ text: String, file path: String) throws(ConfigurationError) -> Node {
  let node: Node?
  do {
    node = try Yams.compose(yaml: text)
  } catch let error as YamlError {
    throw ConfigurationError(file: path, error)
  } catch {
    throw ConfigurationError(file: path, line: nil, "is not YAML: \(error)")
  }
  guard let node else { throw ConfigurationError(file: path, line: nil, "is empty") }
  return node
}

extension ConfigurationError {
  /// A parser's complaint as one line.
  fileprivate init(file: String, _ error: YamlError) {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      self.init(file: file, line: mark.line, "is not YAML: \(problem)")
    case .duplicatedKeysInMapping(let duplicates, let context):
      let keys = duplicates.map { "\"\($0)\"" }.joined(separator: ", ")
      self.init(file: file, line: context.mark.line, "the key \(keys) is given twice in one section")
    default:
      let text = "\(error)".split(separator: "\n").first.map(String.init) ?? "unreadable"
      self.init(file: file, line: nil, "is not YAML: \(text)")
    }
  }
}
