internal import Foundation

/// The Python programs that others' libraries are measured by: one file of Benchmarks/peers each.
///
/// A peer does one round in a process of its own and prints the round's number on its last line.
struct Peers {
  /// The interpreter of the environment they are installed in; nil if they are not wanted.
  let python: String?
  /// The folder of the programs.
  let folder: String

  /// The contestant that runs `program` with these arguments; none if peers are not wanted.
  func contestant(_ name: String, _ program: String, _ arguments: [String] = []) -> [Contestant] {
    guard let python else { return [] }
    let path = "\(folder)/\(program)"
    return [
      Contestant(name) {
        let output = try run([python, path] + arguments).output
        guard let line = output.split(separator: "\n").last, let number = Double(line) else {
          throw CommandError(description: "\(path) printed no number on its last line")
        }
        return number
      }
    ]
  }
}
