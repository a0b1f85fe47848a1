internal import Foundation

/// A time span for people: "0.8 s", "48 s", "12 min 05 s", "3 h 05 min".
package func timeText(_ seconds: Double) -> String {
  guard seconds >= 10 else { return "\(fixed(seconds, 1)) s" }
  let whole = Int(seconds.rounded(.up))
  guard whole >= 60 else { return "\(whole) s" }
  func twoDigits(_ number: Int) -> String { "\(number < 10 ? "0" : "")\(number)" }
  guard whole >= 3600 else { return "\(whole / 60) min \(twoDigits(whole % 60)) s" }
  return "\(whole / 3600) h \(twoDigits(whole % 3600 / 60)) min"
}

/// A number with a fixed count of decimals, for tables and log lines.
package func fixed(_ value: Double, _ decimals: Int) -> String {
  guard value.isFinite else { return "–" }
  return String(format: "%.\(decimals)f", value)
}
