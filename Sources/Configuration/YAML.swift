internal import Foundation
internal import Spelling
internal import Yams

/// The text of a file.
///
/// - Throws: for a file that is not there, with the name probably meant, and for one that is not UTF-8 text.
func readText(_ path: String) throws(ConfigurationError) -> String {
  guard !path.isEmpty else {
    throw ConfigurationError(file: "\"\"", line: nil, "is the name of no file")
  }
  guard FileManager.default.fileExists(atPath: path) else {
    let url = URL(fileURLWithPath: path)
    let beside =
      (try? FileManager.default.contentsOfDirectory(atPath: url.deletingLastPathComponent().path)) ?? []
    let hint = spellingHint(
      for: url.lastPathComponent, among: beside.filter { $0.hasSuffix(".yaml") }.sorted())
    throw ConfigurationError(file: path, line: nil, "there is no such file\(hint)")
  }
  // Reading a FIFO would wait for its writer, and a configuration of many megabytes is something else's file.
  var status = stat()
  guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
    throw ConfigurationError(file: path, line: nil, "cannot be read; is it a file?")
  }
  guard status.st_size <= 4 << 20 else {
    throw ConfigurationError(file: path, line: nil, "has more than 4 MiB; is it a configuration?")
  }
  guard let data = FileManager.default.contents(atPath: path) else {
    throw ConfigurationError(file: path, line: nil, "cannot be read; is it a file that you may read?")
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
