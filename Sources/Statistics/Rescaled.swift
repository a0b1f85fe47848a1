/// Where a value lies between two references, (value − low) / (high − low): 0 at `low`, 1 at `high`, and beyond them
/// below 0 or above 1.
///
/// - Returns: 0 where `high` is not above `low`: the references then span nothing that could be measured.
package func rescaled(_ value: Double, from low: Double, to high: Double) -> Double {
  high > low ? (value - low) / (high - low) : 0
}
