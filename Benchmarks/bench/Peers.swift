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
    python == nil ? [] : [Contestant(name) { try round(program, arguments) }]
  }

  /// One round of `program` with these arguments.
  ///
  /// - Throws: `CommandError`; also if peers are not wanted.
  func round(_ program: String, _ arguments: [String]) throws -> Double {
    guard let python else { throw CommandError(description: "peers are left out without --peers") }
    let path = "\(folder)/\(program)"
    let output = try run([python, "-W", "ignore", path] + arguments).output
    guard let line = output.split(separator: "\n").last, let number = Double(line) else {
      throw CommandError(description: "\(path) printed no number on its last line")
    }
    return number
  }
}
