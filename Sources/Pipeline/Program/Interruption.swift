internal import Dispatch
internal import Foundation

/// Ends the program in good order when it is asked to stop (SIGINT, as by Ctrl-C, or SIGTERM): the unfinished file and
/// the lock are removed, one line says so, and the exit status is 75. Lasts as long as the owner.
final class Interruption {
  /// Status of a program that was stopped and may be started again (EX_TEMPFAIL).
  static let status: Int32 = 75

  private let sources: [any DispatchSourceSignal]

  /// Waits for the signals on a queue of its own, which gets a thread however busy the workers are.
  ///
  /// - Parameters:
  ///   - program: the name that starts the line.
  ///   - leftovers: files to remove, if they are there.
  init(program: String, leftovers: [String]) {
    let queue = DispatchQueue(label: "interruption")
    let line = "\(program): stopped; nothing was written\n"
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        for file in leftovers { unlink(file) }
        // The reader of the log may have been stopped by the same Ctrl-C.
        signal(SIGPIPE, SIG_IGN)
        _ = Array(line.utf8).withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
        _exit(Self.status)
      }
      source.resume()
      return source
    }
  }

  deinit {
    for source in sources { source.cancel() }
  }
}
