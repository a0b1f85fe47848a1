import Foundation
import TestSupport
import Testing

/// What a program left when it ended.
struct Finished {
  /// The exit status; 128 + n for a program that signal n stopped.
  let status: Int32
  /// Standard output.
  let output: String
  /// Standard error.
  let errors: String

  /// The lines of standard error.
  var errorLines: [Substring] { errors.split(separator: "\n") }
}

/// The programs of this build, and make.
enum Programs {
  /// The programs that write or look after artifacts.
  static let all = [
    "meta-train", "collect-gradients", "sample-subsets", "linearized-adapt", "score", "cluster",
    "full-train-eval", "pgx",
  ]

  /// The checkout.
  static let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  /// The folder of the running test executable, where the programs of the same build are.
  static func folder() throws -> String {
    let executable = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let folder = URL(fileURLWithPath: executable).deletingLastPathComponent().path
    let missing = all.filter { !FileManager.default.isExecutableFile(atPath: "\(folder)/\($0)") }
    try #require(missing.isEmpty, "\(folder) has no \(missing.joined(separator: ", ")); run `make test`")
    return folder
  }

  /// Runs a program of this build.
  ///
  /// - Parameter environment: variables to set besides those of the tests.
  static func run(
    _ program: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> Finished {
    try execute("\(folder())/\(program)", arguments, environment: environment)
  }

  /// Runs make in the checkout, on the programs as they are.
  ///
  /// - Parameter environment: variables to set besides those of the tests.
  static func make(_ arguments: [String], environment: [String: String] = [:]) throws -> Finished {
    try execute(
      "/usr/bin/env", ["make", "-C", checkout, "SWIFT=true", "BIN=\(folder())"] + arguments,
      environment: environment)
  }

  /// Runs a script of the checkout, or of a copy of it.
  ///
  /// - Parameter environment: variables to set besides those of the tests.
  static func script(
    _ name: String, _ arguments: [String], in checkout: String = checkout, environment: [String: String] = [:]
  ) throws -> Finished {
    try execute("\(checkout)/scripts/\(name)", arguments, environment: environment)
  }

  /// Starts a program of this build without waiting for its end.
  ///
  /// - Parameter errors: the file that receives standard error; nil for none.
  static func start(_ program: String, _ arguments: [String], errors: String? = nil) throws -> Process {
    let process = try prepared("\(folder())/\(program)", arguments)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try errors.map(emptyFile) ?? FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Starts make in the checkout, the leader of a group of processes as every child of `Process` is, without waiting for its end.
  static func startMake(_ arguments: [String]) throws -> Process {
    let process = try prepared(
      "/usr/bin/env", ["make", "-C", checkout, "SWIFT=true", "BIN=\(folder())"] + arguments)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Runs any executable.
  static func executable(_ path: String, _ arguments: [String]) throws -> Finished {
    try execute(path, arguments)
  }

  private static func execute(
    _ executable: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> Finished {
    try withTemporaryDirectory { folder in
      let process = try prepared(executable, arguments)
      process.environment?.merge(environment) { $1 }
      process.standardOutput = try emptyFile("\(folder)/output")
      process.standardError = try emptyFile("\(folder)/errors")
      try process.run()
      process.waitUntilExit()
      let signalled = process.terminationReason == .uncaughtSignal
      return Finished(
        status: process.terminationStatus + (signalled ? 128 : 0),
        output: try String(contentsOfFile: "\(folder)/output", encoding: .utf8),
        errors: try String(contentsOfFile: "\(folder)/errors", encoding: .utf8))
    }
  }

  private static func prepared(_ executable: String, _ arguments: [String]) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    // What an outer make was told is not meant for the calls of these tests.
    process.environment = ProcessInfo.processInfo.environment.filter { name, _ in
      !name.hasPrefix("MAKE")
        && !["MFLAGS", "benchmark", "profile", "seed", "seeds", "threads", "runs", "kernels"].contains(name)
    }
    process.standardInput = FileHandle.nullDevice
    return process
  }

  private static func emptyFile(_ path: String) throws -> FileHandle {
    try Data().write(to: URL(fileURLWithPath: path))
    return try #require(FileHandle(forWritingAtPath: path))
  }
}

/// The bytes of a file.
func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

/// The names of the files in a folder and below it, sorted.
func files(below folder: String) -> [String] {
  let found = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
  return found.sorted()
}

/// When a file was last written, nanoseconds since 1970; nil if it is not there.
func fileTime(_ path: String) -> Int? {
  var found = stat()
  guard stat(path, &found) == 0 else { return nil }
  return found.st_mtim.tv_sec * 1_000_000_000 + found.st_mtim.tv_nsec
}
