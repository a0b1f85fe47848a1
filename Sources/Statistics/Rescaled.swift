/// A value on the scale of two references, (value − low) / (high − low): below 0 or above 1 beyond them.
///
/// - Returns: 0 where `high` is not above `low`.
package func rescaled(_ value: Double, from low: Double, to high: Double) -> Double {
  high > low ? (value - low) / (high - low) : 0
}
