internal import Foundation
internal import Spelling

/// A linear axis with round ticks, and how its numbers are written.
package struct Axis {
  /// The ticks, ascending: multiples of 1, 2 or 5 · 10ᵏ.
  package let ticks: [Double]
  /// Where the axis begins.
  private let low: Double
  /// Where the axis ends.
  private let high: Double
  /// From tick to tick.
  private let step: Double

  /// The axis that covers all finite values; 0 to 1 if there are none.
  ///
  /// - Parameters:
  ///   - values: what has to fit on it.
  ///   - intervals: about how many steps between ticks, at least 1.
  ///   - isTight: whether the axis ends at the extreme values, and not at the ticks around them.
  package init(covering values: some Sequence<Double>, intervals: Int, isTight: Bool = false) {
    let finite = values.filter(\.isFinite)
    let low = finite.min() ?? 0
    var high = finite.max() ?? 1
    // A constant needs room too, and one that its magnitude can tell from rounding.
    if high - low <= abs(high) * 1e-9 { high = low + max(abs(low) * 0.1, 1e-3) }
    let step = Self.roundStep((high - low) / Double(intervals))
    let (first, last) =
      isTight
      ? ((low / step).rounded(.up), (high / step).rounded(.down))
      : ((low / step).rounded(.down), (high / step).rounded(.up))
    ticks = stride(from: first, through: last, by: 1).map { $0 * step }
    self.step = step
    self.low = isTight ? low : first * step
    self.high = isTight ? high : last * step
  }

  /// The least number 1, 2 or 5 · 10ᵏ that is not below `size`.
  static func roundStep(_ size: Double) -> Double {
    let power = pow(10, floor(log10(size)))
    // The tolerance keeps 0.2 / 0.1 from counting as more than 2.
    let factor = [1.0, 2, 5].first { size / power <= $0 * (1 + 1e-9) } ?? 10
    return factor * power
  }

  /// Where a value lies, 0 at the beginning of the axis and 1 at its end.
  func place(_ value: Double) -> Double { (value - low) / (high - low) }

  /// A tick's label: thousands as "20 k", millions as "1.5 M", and no more decimals than the ticks need.
  package func label(_ tick: Double) -> String {
    if abs(tick) < step / 2 { return "0" }
    let largest = max(abs(low), abs(high))
    let (unit, suffix) = largest >= 1e6 ? (1e6, " M") : largest >= 1e4 ? (1e3, " k") : (1, "")
    let decimals = max(0, Int((-log10(step / unit) - 1e-9).rounded(.up)))
    return fixed(tick / unit, decimals).replacingOccurrences(of: "-", with: "−") + suffix
  }
}
