internal import Foundation
internal import Training

/// The seconds that it takes to start a program of this project as the pipeline's rules do: a shell, the program with
/// its libraries, and the log. The middle of three.
///
/// - Parameter folder: where the log goes.
/// - Throws: `InputError` if no shell can be started.
func secondsToStart(folder: String) throws -> Double {
  let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "pgx"
  var seconds: [Double] = []
  for _ in 0..<3 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "bash", "-eu", "-o", "pipefail", "-c", "mkdir -p \"$1\"; \"$0\" --help 2>&1 | tee \"$1/start.log\"",
      program,
      folder,
    ]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    var watch = Stopwatch()
    do {
      try process.run()
    } catch {
      throw InputError(file: program, reason: "cannot be started: \(error.localizedDescription)")
    }
    process.waitUntilExit()
    seconds.append(watch.lap())
  }
  return seconds.sorted()[1]
}
