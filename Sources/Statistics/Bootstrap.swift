package import Random

/// An interval estimate of a number.
package struct ConfidenceInterval: Sendable, Equatable {
  /// The lower end.
  package let low: Double
  /// The upper end.
  package let high: Double

  /// The interval between two ends.
  package init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  /// Whether a number lies in the interval, ends included.
  package func contains(_ value: Double) -> Bool { low <= value && value <= high }
}

/// Percentile bootstrap intervals of several numbers computed from resampled units (Efron 1979).
///
/// A replicate draws, in every stratum on its own, as many units as it has, with replacement.
///
/// - Parameters:
///   - unitsPerStratum: the number of units of every stratum, each at least 1.
///   - replicates: B, at least 1.
///   - level: the coverage aimed at, in 0..<1.
///   - random: replicate b uses its stream "replicate-b".
///   - statistic: the numbers of one replicate, always equally many; `counts[s][u]` says how often unit u of
///     stratum s was drawn. A NaN says that the replicate does not define this number.
/// - Returns: the (1 ∓ level)/2 quantiles of every number over the replicates that define it; NaN if none do.
package func bootstrap(
  unitsPerStratum: [Int], replicates: Int, level: Double = 0.95, random: RandomStream,
  statistic: (_ counts: [[Int]]) throws -> [Double]
) rethrows -> (low: [Double], high: [Double]) {
  precondition(replicates >= 1, "a bootstrap needs at least one replicate")
  precondition(unitsPerStratum.allSatisfy { $0 >= 1 }, "every stratum of a bootstrap needs a unit")
  var values: [[Double]] = []  // (numbers, replicates that define them)
  for replicate in 0..<replicates {
    var stream = random.derived("replicate-\(replicate)")
    let numbers = try statistic(drawnCounts(unitsPerStratum, using: &stream))
    if replicate == 0 { values = Array(repeating: [], count: numbers.count) }
    precondition(
      numbers.count == values.count, "a statistic must have equally many numbers in every replicate")
    for (index, number) in numbers.enumerated() where !number.isNaN { values[index].append(number) }
  }
  let sorted = values.map { $0.sorted() }
  let tail = (1 - level) / 2
  return (
    low: sorted.map { $0.isEmpty ? .nan : quantile(sorted: $0, tail) },
    high: sorted.map { $0.isEmpty ? .nan : quantile(sorted: $0, 1 - tail) }
  )
}

/// The percentile bootstrap interval of the mean over the units of all strata.
///
/// - Parameters:
///   - strata: the values of the units; shape (strata, units of the stratum). Seeds within tasks, say.
///   - replicates: B, at least 1.
///   - level: the coverage aimed at, in 0..<1.
///   - random: as in `bootstrap`.
package func bootstrapMeanInterval(
  strata: [[Double]], replicates: Int, level: Double = 0.95, random: RandomStream
) -> ConfidenceInterval {
  let unitCount = strata.reduce(0) { $0 + $1.count }
  let ends = bootstrap(
    unitsPerStratum: strata.map(\.count), replicates: replicates, level: level, random: random
  ) { counts in
    var sum = 0.0
    for (values, counts) in zip(strata, counts) {
      for (value, count) in zip(values, counts) { sum += value * Double(count) }
    }
    return [sum / Double(unitCount)]
  }
  return ConfidenceInterval(low: ends.low[0], high: ends.high[0])
}

/// How often every unit is drawn; shape (strata, units of the stratum).
private func drawnCounts(_ unitsPerStratum: [Int], using random: inout RandomStream) -> [[Int]] {
  unitsPerStratum.map { units in
    var counts = [Int](repeating: 0, count: units)
    for _ in 0..<units { counts[random.index(below: units)] += 1 }
    return counts
  }
}
