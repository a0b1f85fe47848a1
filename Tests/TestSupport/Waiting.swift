import Foundation

/// Waits until a condition holds, however long a busy machine takes.
///
/// - Returns: false if it does not within ten minutes, which is a program that hangs.
package func waited(until condition: () throws -> Bool) rethrows -> Bool {
  let start = ContinuousClock.now
  while try !condition() {
    guard ContinuousClock.now - start < .seconds(600) else { return false }
    usleep(200)
  }
  return true
}

/// Whether a process has a handler for a signal (SigCgt of /proc/<id>/status): before, the signal would end it.
package func catches(_ signal: Int32, in process: Int32) -> Bool {
  guard let text = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
    let line = text.split(separator: "\n").first(where: { $0.hasPrefix("SigCgt:") }),
    let mask = line.split(whereSeparator: \.isWhitespace).last.flatMap({ UInt64($0, radix: 16) })
  else { return false }
  return mask & (1 << UInt64(signal - 1)) != 0
}
