internal import Foundation

/// The files of an artifact's checkpoints.
struct CheckpointFiles: Sendable {
  private let base: String

  /// Those of an artifact.
  init(of output: String) {
    base = output.hasSuffix(".h5") ? String(output.dropLast(3)) : output
  }

  /// The latest state.
  var newest: String { base + ".checkpoint.h5" }
  /// The one before.
  var previous: String { base + ".checkpoint-previous.h5" }
  /// The two, in the order in which they are gone on with.
  var both: [String] { [newest, previous] }

  /// Removes both.
  func remove() { for path in both { unlink(path) } }

  /// Gives both another name, under which they are kept.
  ///
  /// - Returns: the names.
  func setAside() throws -> [String] {
    var kept: [String] = []
    var number = 1
    for path in both where FileManager.default.fileExists(atPath: path) {
      func place() -> String { "\(base).checkpoint-aside-\(number).h5" }
      while FileManager.default.fileExists(atPath: place()) { number += 1 }
      guard rename(path, place()) == 0 else {
        throw OutputError(file: place(), reason: String(cString: strerror(errno)))
      }
      kept.append(place())
    }
    return kept
  }
}
