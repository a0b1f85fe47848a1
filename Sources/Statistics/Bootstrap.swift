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

/// Draws the replicates of a bootstrap (Efron 1979): each draws, with replacement, as many units of a stratum as the
/// stratum has.
///
/// - Parameters:
///   - unitsPerStratum: the number of units of every stratum, each at least 1.
///   - replicates: B, at least 1.
///   - random: replicate b uses its stream "replicate-b".
/// - Returns: how often each unit was drawn, shape (B, strata, units of the stratum).
package func bootstrapCounts(unitsPerStratum: [Int], replicates: Int, random: RandomStream) -> [[[Int]]] {
  precondition(replicates >= 1, "a bootstrap needs at least one replicate")
  precondition(unitsPerStratum.allSatisfy { $0 >= 1 }, "every stratum of a bootstrap needs a unit")
  return (0..<replicates).map { replicate in
    var stream = random.derived("replicate-\(replicate)")
    return unitsPerStratum.map { units in
      var counts = [Int](repeating: 0, count: units)
      for _ in 0..<units { counts[stream.index(below: units)] += 1 }
      return counts
    }
  }
}

/// The percentile interval of a number: the (1 ∓ level)/2 quantiles of its replicates, at least one; the coverage aimed
/// at is `level`, in 0..<1.
package func percentileInterval(_ replicates: [Double], level: Double = 0.95) -> ConfidenceInterval {
  let sorted = replicates.sorted()
  let tail = (1 - level) / 2
  return ConfidenceInterval(low: quantile(sorted: sorted, tail), high: quantile(sorted: sorted, 1 - tail))
}

/// The percentile bootstrap interval of the mean over the units of all strata, seeds within tasks, say; the other
/// arguments are those of `bootstrapCounts` and `percentileInterval`.
///
/// - Parameter strata: the values of the units; shape (strata, units of the stratum).
package func bootstrapMeanInterval(
  strata: [[Double]], replicates: Int, level: Double = 0.95, random: RandomStream
) -> ConfidenceInterval {
  let unitCount = strata.reduce(0) { $0 + $1.count }
  let counts = bootstrapCounts(unitsPerStratum: strata.map(\.count), replicates: replicates, random: random)
  let means = counts.map { counts in
    var sum = 0.0
    for (values, counts) in zip(strata, counts) {
      for (value, count) in zip(values, counts) { sum += value * Double(count) }
    }
    return sum / Double(unitCount)
  }
  return percentileInterval(means, level: level)
}
