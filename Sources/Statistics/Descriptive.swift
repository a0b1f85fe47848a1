/// The arithmetic mean.
///
/// - Precondition: there is a value.
package func mean(_ values: [Double]) -> Double {
  precondition(!values.isEmpty, "the mean of no values is undefined")
  return values.reduce(0, +) / Double(values.count)
}

/// The sample standard deviation √(Σ (x − x̄)² / (n − 1)); 0 for a single value.
///
/// - Precondition: there is a value.
package func standardDeviation(_ values: [Double]) -> Double {
  precondition(!values.isEmpty, "the deviation of no values is undefined")
  guard values.count > 1 else { return 0 }
  let centre = mean(values)
  let squares = values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
  return (squares / Double(values.count - 1)).squareRoot()
}

/// The quantile of an ascending sample, interpolated linearly between order statistics (type 7, NumPy's default); that of
/// 0.5 is the median.
///
/// - Precondition: there is a value, and the probability is in 0...1.
package func quantile(sorted values: [Double], _ probability: Double) -> Double {
  precondition(!values.isEmpty, "the quantile of no values is undefined")
  precondition((0...1).contains(probability), "a quantile's probability lies in 0...1")
  let position = probability * Double(values.count - 1)
  let lower = Int(position)
  let upper = min(lower + 1, values.count - 1)
  return values[lower] + (position - Double(lower)) * (values[upper] - values[lower])
}
