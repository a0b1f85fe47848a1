internal import Foundation
internal import Pipeline
internal import Training

/// Seconds to start a program of this project as the pipeline's rules do: a shell, the program with its libraries, and
/// the log. The middle of three.
///
/// - Parameter folder: where the log goes.
/// - Throws: `InputError` if no shell can be started.
func secondsToStart(folder: String) throws -> Double {
  let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "pgx"
  // make starts programs in the checkout, through its script.
  let script = "[ ! -x scripts/logged ] || set -- scripts/logged \"$0\" \"$@\"; \"$@\" > /dev/null 2>&1"
  let arguments = ["bash", "-euc", script, "\(folder)/start.log", program, "--help"]
  let seconds = try (0..<3).map { _ in
    var watch = Stopwatch()
    do {
      try Process.run(URL(fileURLWithPath: "/usr/bin/env"), arguments: arguments).waitUntilExit()
    } catch {
      throw InputError(file: program, reason: "cannot be started: \(error.localizedDescription)")
    }
    return watch.lap()
  }
  return seconds.sorted()[1]
}

/// The memory that this process holds ("VmRSS"), or has held at the most ("VmHWM"), bytes; 0 where the system does not
/// tell.
func residentBytes(_ field: String) -> Double {
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix("\(field):") }
  return 1024 * (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) } ?? 0)
}
