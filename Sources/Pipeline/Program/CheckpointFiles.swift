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
  /// Both, the one to resume from first.
  var both: [String] { [newest, previous] }

  /// Removes both, and one that a kill has left unfinished.
  func remove() { for path in both + [newest + ".part"] { unlink(path) } }

  /// The files that were set aside, the latest first.
  var asides: [String] {
    var found: [String] = []
    while FileManager.default.fileExists(atPath: aside(found.count + 1)) {
      found.append(aside(found.count + 1))
    }
    return found.reversed()
  }

  private func aside(_ number: Int) -> String { "\(base).checkpoint-aside-\(number).h5" }

  /// Gives a file another name, under which it is kept, and returns that name.
  ///
  /// - Throws: `ProgramError.output` if that cannot be done.
  func setAside(_ path: String) throws(ProgramError) -> String {
    let place = aside(asides.count + 1)
    try move(path, to: place)
    return place
  }

  /// Gives a file another name.
  ///
  /// - Throws: `ProgramError.output` if that cannot be done.
  func move(_ path: String, to place: String) throws(ProgramError) {
    guard rename(path, place) == 0 else {
      throw ProgramError.output(place, errno)
    }
  }
}
