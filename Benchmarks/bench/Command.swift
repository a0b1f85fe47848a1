internal import Foundation
internal import Glibc

/// How a child process ended.
struct CommandResult {
  /// What it wrote to its standard output.
  let output: String
  /// Wall time from start to end, seconds.
  let seconds: Double
  /// The largest resident memory (VmHWM of /proc/<id>/status, last seen five milliseconds before the end), bytes.
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
  var (data, peak) = (Data(), 0.0)
  var source = pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0)
  var piece = [UInt8](repeating: 0, count: 65536)
  while true {
    peak = max(peak, peakMemory(of: child))
    guard poll(&source, 1, 5) != 0 else { continue }
    let count = read(ends[0], &piece, piece.count)
    if count > 0 { data += piece.prefix(count) } else if count == 0 || errno != EINTR { break }
  }
  var end: Int32 = 0
  while waitpid(child, &end, 0) == -1 && errno == EINTR {}
  guard end == 0 else {
    throw CommandError(description: "\(arguments.joined(separator: " ")) failed")
  }
  return CommandResult(
    output: String(decoding: data, as: UTF8.self), seconds: (ContinuousClock.now - start) / .seconds(1),
    peakBytes: peak)
}

/// The most memory that a process had resident so far, bytes; 0 if it has ended.
///
/// What `wait4` tells is no use for a small program: a process inherits its parent's peak when it starts.
private func peakMemory(of process: pid_t) -> Double {
  let text = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
  let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
  return 1024 * (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) } ?? 0)
}
