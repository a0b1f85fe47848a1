internal import Foundation
internal import Glibc

/// How a child process ended.
struct CommandResult {
  /// What it wrote to its standard output.
  let output: String
  /// Wall time from start to end, seconds.
  let seconds: Double
  /// The largest resident memory, bytes.
  let peakBytes: Double
}

/// A child process could not be started or failed.
struct CommandError: Error, CustomStringConvertible {
  /// One sentence.
  let description: String
}

/// Runs a program to its end. Its standard error goes to ours.
///
/// - Parameters:
///   - arguments: the program's path first.
///   - environment: added to ours.
/// - Throws: `CommandError`.
func run(_ arguments: [String], environment: [String: String] = [:]) throws -> CommandResult {
  var ends: [Int32] = [0, 0]
  guard pipe(&ends) == 0 else { throw CommandError(description: "no pipe for \(arguments[0])") }
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
  posix_spawn_file_actions_addclose(&actions, ends[0])
  posix_spawn_file_actions_addclose(&actions, ends[1])

  let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
  var argv = arguments.map { strdup($0) } + [nil]
  var envp = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
  defer { for text in argv + envp { free(text) } }
  let start = ContinuousClock.now
  var child = pid_t()
  let status = posix_spawn(&child, arguments[0], &actions, nil, &argv, &envp)
  close(ends[1])
  defer { close(ends[0]) }
  guard status == 0 else {
    throw CommandError(description: "cannot start \(arguments[0]): \(String(cString: strerror(status)))")
  }
  let data = FileHandle(fileDescriptor: ends[0]).readDataToEndOfFile()
  var end: Int32 = 0
  var usage = rusage()
  while wait4(child, &end, 0, &usage) == -1 && errno == EINTR {}
  guard end == 0 else {
    throw CommandError(description: "\(arguments.joined(separator: " ")) failed")
  }
  return CommandResult(
    output: String(decoding: data, as: UTF8.self), seconds: (ContinuousClock.now - start) / .seconds(1),
    peakBytes: Double(usage.ru_maxrss) * 1024)
}
