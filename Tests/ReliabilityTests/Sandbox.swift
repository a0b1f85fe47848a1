import Foundation
import TestSupport
import Testing

/// What a program left when it ended.
struct Ended {
  /// The exit status; 128 + n for a program that signal n stopped.
  let status: Int32
  /// Standard output.
  let output: String
  /// Standard error.
  let errors: String
}

/// Programs of this build under circumstances that a machine seldom has: full disks, no network, a trace.
enum Sandbox {
  /// The checkout.
  static let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  /// The folder of this build's programs, where the running test executable is.
  static let programs: String =
    ((try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")).map {
      URL(fileURLWithPath: $0).deletingLastPathComponent().path
    }) ?? "."

  /// How `unshare` gives a process mounts of its own; nil where neither root nor a user namespace is to be had.
  static let ownMounts = firstThatWorks([["-m"], ["-Urm"]])

  /// How `unshare` gives a process a network without interfaces; nil where that is not to be had.
  static let noNetwork = firstThatWorks([["-n"], ["-Urn"]])

  /// Whether system calls can be traced.
  static let canTrace =
    (try? run("/usr/bin/env", ["strace", "-o", "/dev/null", "true"]))?.status == 0

  private static func firstThatWorks(_ flags: [[String]]) -> [String]? {
    flags.first {
      let script = $0[0].hasSuffix("m") ? "mount -t tmpfs -o size=64k none /mnt" : "true"
      return (try? run("/usr/bin/env", ["unshare"] + $0 + ["sh", "-c", script]))?.status == 0
    }
  }

  /// Runs an executable to its end.
  ///
  /// - Parameters:
  ///   - executable: its path.
  ///   - arguments: what follows the name.
  ///   - folder: the working folder; ours if nil.
  ///   - environment: added to ours, without what an outer make was told.
  static func run(
    _ executable: String, _ arguments: [String], in folder: String? = nil, environment: [String: String] = [:]
  ) throws -> Ended {
    try withTemporaryDirectory { scratch in
      let process = prepared(executable, arguments, in: folder, environment: environment)
      for name in ["output", "errors"] { try Data().write(to: URL(fileURLWithPath: "\(scratch)/\(name)")) }
      process.standardOutput = FileHandle(forWritingAtPath: scratch + "/output")
      process.standardError = FileHandle(forWritingAtPath: scratch + "/errors")
      try process.run()
      process.waitUntilExit()
      let signalled = process.terminationReason == .uncaughtSignal
      return Ended(
        status: process.terminationStatus + (signalled ? 128 : 0),
        output: try String(contentsOfFile: scratch + "/output", encoding: .utf8),
        errors: try String(contentsOfFile: scratch + "/errors", encoding: .utf8))
    }
  }

  /// A process that has not started.
  static func prepared(
    _ executable: String, _ arguments: [String], in folder: String? = nil, environment: [String: String] = [:]
  ) -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    let told = ["MFLAGS", "benchmark", "profile", "seed", "seeds", "threads", "runs"]
    process.environment = ProcessInfo.processInfo.environment.filter { name, _ in
      !name.hasPrefix("MAKE") && !told.contains(name)
    }.merging(environment) { $1 }
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    process.standardInput = FileHandle.nullDevice
    return process
  }

  /// Runs a shell script with mounts of its own; `$0` is the name "script", the arguments follow.
  static func runWithOwnMounts(
    _ script: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> Ended {
    let flags = try #require(ownMounts)
    return try run(
      "/usr/bin/env", ["unshare"] + flags + ["sh", "-euc", script, "script"] + arguments,
      environment: environment)
  }

  /// Runs make in the checkout on the programs as they are.
  static func make(_ arguments: [String]) throws -> Ended {
    try run("/usr/bin/env", makeArguments(arguments))
  }

  /// What `env` needs to run make in the checkout on the programs as they are.
  static func makeArguments(_ arguments: [String]) -> [String] {
    ["make", "-C", checkout, "SWIFT=true", "BIN=\(programs)"] + arguments
  }
}

/// The names of all that is in a folder and below it, sorted.
func listing(_ folder: String) -> [String] {
  (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []).sorted()
}

/// Writes a text file.
func write(_ text: String, to path: String) throws {
  try Data(text.utf8).write(to: URL(fileURLWithPath: path))
}
