internal import Foundation
package import Logging
internal import Spelling

/// A logger that writes `label: message` lines to standard error, for people and for the log beside the artifact; if
/// `quiet`, errors only.
package func consoleLogger(_ label: String, quiet: Bool) -> Logger {
  var logger = Logger(label: label) { ConsoleHandler(label: $0) }
  logger.logLevel = quiet ? .error : .info
  return logger
}

private struct ConsoleHandler: LogHandler {
  let label: String
  var logLevel = Logger.Level.info
  var metadata: Logger.Metadata = [:]

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let urgency = event.level >= .warning ? "\(event.level): " : ""
    try? show("\(label): \(urgency)\(event.message)", isError: true)
  }
}

/// Says now and then how far a long stage has come, and when it will end.
struct ProgressReporter {
  private let logger: Logger
  private let unit: String
  private let first: Int
  private let start = ContinuousClock.now
  private var nextReport: ContinuousClock.Instant

  /// The pause between two lines.
  private static let pause = Duration.seconds(10)

  /// A reporter of work that is counted in `unit`s, of which `first` were done before.
  init(_ logger: Logger, unit: String, from first: Int = 0) {
    self.logger = logger
    self.unit = unit
    self.first = first
    nextReport = start + .seconds(3)
  }

  /// Reports, if it is time to, that `done` of `total` units are done.
  mutating func update(_ done: Int, of total: Int, _ detail: @autoclosure () -> String) {
    let now = ContinuousClock.now
    guard now >= nextReport, done > first else { return }
    nextReport = now + Self.pause
    let text = progressText(done, of: total, unit: unit, from: first, after: (now - start) / .seconds(1))
    logger.info("\(text)\(detail())")
  }
}

/// How far a work has come, how fast it goes, and when it will end at that speed: "25 % (100 of 400 steps), 20 steps/s,
/// ETA 15 s".
///
/// - Parameters:
///   - first: how many units were done before the time that is counted.
///   - seconds: the time spent since, > 0.
package func progressText(
  _ done: Int, of total: Int, unit: String, from first: Int = 0, after seconds: Double
) -> String {
  let rate = Double(done - first) / seconds
  let percent = 100 * done / max(total, 1)
  let remaining = timeText(Double(total - done) / rate)
  return "\(percent) % (\(done) of \(total) \(unit)s), \(Int(rate)) \(unit)s/s, ETA \(remaining)"
}
