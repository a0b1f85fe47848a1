/// The ranks of values, from 1; equal values share the mean of their ranks.
package func ranks(_ values: [Double]) -> [Double] {
  let order = values.indices.sorted { values[$0] < values[$1] }
  var result = [Double](repeating: 0, count: values.count)
  var start = 0
  while start < order.count {
    var end = start + 1
    while end < order.count && values[order[end]] == values[order[start]] { end += 1 }
    for position in start..<end { result[order[position]] = Double(start + end + 1) / 2 }
    start = end
  }
  return result
}

/// Pearson's correlation, in −1...1; NaN where one side is constant.
///
/// - Precondition: the counts are equal.
package func pearsonCorrelation(_ x: [Double], _ y: [Double]) -> Double {
  precondition(x.count == y.count, "a correlation needs pairs")
  guard !x.isEmpty else { return .nan }
  let (meanX, meanY) = (mean(x), mean(y))
  var (xx, yy, xy) = (0.0, 0.0, 0.0)
  for (a, b) in zip(x, y) {
    xx += (a - meanX) * (a - meanX)
    yy += (b - meanY) * (b - meanY)
    xy += (a - meanX) * (b - meanY)
  }
  guard xx > 0, yy > 0 else { return .nan }
  return min(max(xy / (xx.squareRoot() * yy.squareRoot()), -1), 1)
}

/// Spearman's ρ: the correlation of the ranks, in −1...1; NaN where one side is constant.
///
/// - Precondition: the counts are equal.
package func spearmanCorrelation(_ x: [Double], _ y: [Double]) -> Double {
  pearsonCorrelation(ranks(x), ranks(y))
}
