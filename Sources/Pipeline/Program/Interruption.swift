internal import Dispatch
internal import Foundation
internal import Logging
internal import Synchronization

/// Ends the program in good order when a signal asks it to stop: SIGINT (Ctrl-C), SIGTERM, SIGHUP (the terminal is
/// gone), SIGUSR1 and SIGUSR2 (a batch system's warning). The exit status is 75. Lasts as long as the owner.
///
/// A program without checkpoints leaves at once: the unfinished file and the lock are removed, and one line says so. A
/// program with checkpoints is `patient`: it asks `isRequested` where it can go on later, saves its state and leaves;
/// only a later signal ends it at once. What the program was started to ignore, as by nohup, stays ignored.
final class Interruption {
  /// Status of a program that was stopped and may be started again (EX_TEMPFAIL).
  static let status: Int32 = 75

  private struct State: Sendable {
    var isPatient = false
    /// When the first signal came; nil before.
    var request: ContinuousClock.Instant?
  }

  /// One Ctrl-C reaches a program several times: from the terminal, from the shell above it, from make.
  private static var echo: Duration { .seconds(1) }

  private let state: SharedState
  /// The signals that are waited for: those that the program was not started to ignore.
  private let numbers: [Int32]
  private let sources: [any DispatchSourceSignal]

  /// What the handlers and the program share.
  private final class SharedState: Sendable {
    let value = Mutex(State())
    var isRequested: Bool { value.withLock { $0.request != nil } }
  }

  /// Waits for the signals on a queue of its own, which gets a thread however busy the workers are; files that are
  /// left over are removed. The logger's label starts the line.
  init(_ logger: Logger, leftovers: [String]) {
    let program = logger.label
    let queue = DispatchQueue(label: "interruption")
    let state = SharedState()
    self.state = state
    // The reader of the log may be stopped by the same Ctrl-C; a line that nobody reads must not end the program.
    signal(SIGPIPE, SIG_IGN)
    let armed = DispatchGroup()
    numbers = [SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2].filter { !Self.isIgnored($0) }
    sources = numbers.map { number in
      armed.enter()
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      // The source takes the signal over once it listens. Ignored before, a signal would be lost.
      source.setRegistrationHandler { armed.leave() }
      source.setEventHandler {
        let time = ContinuousClock.now
        let found = state.value.withLock { now in
          defer { now.request = now.request ?? time }
          return now
        }
        if found.isPatient, found.request == nil {
          // Most programs have left by then.
          queue.asyncAfter(deadline: .now() + .seconds(1)) {
            logger.info(
              "told to stop; ends this iteration and saves its state (a further signal stops it at once)")
          }
        }
        if found.isPatient, time - (found.request ?? time) < Self.echo { return }
        for file in leftovers { unlink(file) }
        let line =
          found.isPatient
          ? "\(program): stopped at once; the next run goes on from the last checkpoint, if there is one\n"
          : "\(program): stopped; nothing was written\n"
        _ = Array(line.utf8).withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
        _exit(Self.status)
      }
      source.resume()
      return source
    }
    armed.wait()
  }

  deinit {
    for source in sources { source.cancel() }
    // A source that has ended would leave its signals without an answer.
    for number in numbers { signal(number, SIG_DFL) }
  }

  /// From now on the first signal is left to the program, which asks `isRequested`.
  func becomePatient() { state.value.withLock { $0.isPatient = true } }

  /// Whether a signal has asked the program to stop.
  var isRequested: Bool { state.isRequested }

  /// Tells other threads whether a signal has asked the program to stop.
  var inquiry: @Sendable () -> Bool { { [state] in state.isRequested } }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
  }
}
