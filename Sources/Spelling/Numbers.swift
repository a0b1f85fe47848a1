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

/// A whole number with its thousands apart: "4 515 840".
package func grouped(_ number: Int) -> String {
  let digits = Array("\(number)")
  return digits.indices.map { place in
    let left = digits.count - place
    return (place > 0 && left % 3 == 0 ? " " : "") + String(digits[place])
  }.joined()
}

/// A number of bytes with three digits: "404 kB", "67.2 MB".
package func bytesText(_ bytes: Double) -> String {
  var (value, unit) = (bytes / 1000, "kB")
  for larger in ["MB", "GB", "TB"] where value >= 999.5 { (value, unit) = (value / 1000, larger) }
  return "\(fixed(value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0)) \(unit)"
}
