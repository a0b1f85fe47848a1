import Foundation
import Synchronization
import TestSupport
import Testing

/// The files of a finished run of `tinyBenchmark`, made once and shared by the tests.
private struct MadeRun: Sendable {
  /// The files, by their paths below the runs folder, and when each was written.
  var files: [(path: String, bytes: Data, time: timespec)] = []

  private static let shared = Mutex<MadeRun?>(nil)

  /// The run; a second test waits for the first one's.
  static func get() throws -> MadeRun {
    try shared.withLock { stored in
      if let stored { return stored }
      let made = try withTinyRun { run in
        try run.made("all")
        var made = MadeRun()
        let folder = run.folder + "/runs"
        for file in PipelineTests.files(below: folder) {
          var found = stat()
          guard stat("\(folder)/\(file)", &found) == 0, found.st_mode & S_IFMT == S_IFREG else { continue }
          made.files.append((file, try bytes("\(folder)/\(file)"), found.st_mtim))
        }
        return made
      }
      stored = made
      return made
    }
  }

  /// Writes the files below a folder, with their times.
  func write(below folder: String) throws {
    for (file, bytes, time) in files {
      let url = URL(fileURLWithPath: "\(folder)/\(file)")
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try bytes.write(to: url)
      utimensat(AT_FDCWD, url.path, [time, time], 0)
    }
  }
}

/// Calls `body` with a tiny run of which everything is made, in a folder that is removed afterwards.
func withMadeRun<R>(_ body: (TinyRun) throws -> R) throws -> R {
  try withTinyRun { run in
    try MadeRun.get().write(below: run.folder + "/runs")
    return try body(run)
  }
}
