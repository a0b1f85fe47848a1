internal import Artifacts
internal import Foundation
internal import Random

/// What became of the cases so far; a child keeps its own in a file, where it survives a crash.
struct Tally: Codable {
  /// Cases refused with one line that names the file, and exit status 65.
  var refused = 0
  /// Cases whose content is that of the whole file.
  var same = 0
  /// Cases read as valid with other content.
  var other = 0
  /// Cases refused otherwise than in one line with exit status 65.
  var unclear = 0
  /// Cases that ended the child.
  var broken = 0

  /// Adds what a child left in a folder.
  mutating func add(_ folder: String) {
    guard let data = FileManager.default.contents(atPath: folder + "/tally"),
      let child = try? JSONDecoder().decode(Tally.self, from: data)
    else { return }
    refused += child.refused
    same += child.same
    other += child.other
    unclear += child.unclear
    try? FileManager.default.removeItem(atPath: folder + "/tally")
  }

  /// The number of the case that a child was at.
  static func current(_ folder: String) throws -> Int {
    Int(try String(contentsOfFile: folder + "/current", encoding: .utf8)) ?? 0
  }
}

/// The work of a child: spoils and reads one case after another.
struct Reader {
  let run: MutateArtifacts
  let originals: [[UInt8]]
  let folder: String

  /// Reads all cases, and keeps the tally and the number of the current case in the folder.
  func readAll() throws {
    var tally = Tally()
    let path = folder + "/case.h5"
    let stream = RandomStream(seed: run.seed, name: "mutation")
    for number in run.first..<run.first + run.cases {
      var random = stream.derived("\(number)")
      let file = number % originals.count
      var original = originals[file]
      if run.unsealed, original.first == UInt8(ascii: "p") { original.removeFirst(512) }
      let spoilt = Mutation.spoil(
        original, donor: originals[random.index(below: originals.count)], &random)
      try Data(spoilt).write(to: URL(fileURLWithPath: path))
      try Data("\(number)".utf8).write(to: URL(fileURLWithPath: folder + "/current"))
      try JSONEncoder().encode(tally).write(to: URL(fileURLWithPath: folder + "/tally"))
      alarm(300)
      do throws(ArtifactError) {
        let text = try Inspection.describe(path: path)
        _ = try? Provenance(reading: path)
        if try Inspection.compare(path, run.files[file]).isEqual {
          tally.same += 1
        } else if text.contains("\n  valid\n") {
          tally.other += 1
        } else {
          tally.refused += 1
        }
      } catch {
        let line = error.description
        if error.exitCode == 65, line.hasPrefix(path + ": "), !line.contains(where: \.isNewline) {
          tally.refused += 1
        } else {
          print("case \(number) of seed \(run.seed), \(run.files[file]): \(line)")
          tally.unclear += 1
        }
      }
      alarm(0)
    }
    try JSONEncoder().encode(tally).write(to: URL(fileURLWithPath: folder + "/tally"))
  }
}
