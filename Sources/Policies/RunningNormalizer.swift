/// Running mean and variance of each entry of an observation, and the normalisation by them.
///
/// x̂ = clip((x − mean) / √(variance + 1e-8), ±10), as in CleanRL's and Gymnasium's observation normalisers.
/// Before the first merge the mean is 0 and the variance 1.
package struct RunningNormalizer: Sendable, Equatable {
  /// The mean of each entry, shape (width).
  package private(set) var mean: [Double]
  /// The variance of each entry (divided by the count), shape (width).
  package private(set) var variance: [Double]
  /// The number of observations behind them.
  package private(set) var count: Double

  private var scale: [Double]

  /// No observations yet.
  package init(width: Int) {
    self.init(
      mean: [Double](repeating: 0, count: width), variance: [Double](repeating: 1, count: width), count: 0)
  }

  /// Known statistics, for instance from an artifact.
  package init(mean: [Double], variance: [Double], count: Double) {
    precondition(mean.count == variance.count, "mean and variance of different widths")
    self.mean = mean
    self.variance = variance
    self.count = count
    scale = variance.map { 1 / ($0 + 1e-8).squareRoot() }
  }

  /// The number of entries of an observation.
  package var width: Int { mean.count }

  /// Adds a group of observations, given by its own statistics (Chan, Golub & LeVeque 1979).
  ///
  /// With δ = mean_b − mean_a and n = n_a + n_b: mean = mean_a + δ n_b/n,
  /// variance = (n_a variance_a + n_b variance_b + δ² n_a n_b / n) / n.
  package mutating func merge(_ other: RunningNormalizer) {
    precondition(other.width == width, "merging statistics of different widths")
    guard other.count > 0 else { return }
    let total = count + other.count
    let share = other.count / total
    for index in 0..<width {
      let difference = other.mean[index] - mean[index]
      mean[index] += difference * share
      variance[index] =
        (1 - share) * variance[index] + share * other.variance[index]
        + difference * difference * share * (1 - share)
      scale[index] = 1 / (variance[index] + 1e-8).squareRoot()
    }
    count = total
  }

  /// Writes x̂ of one observation.
  ///
  /// - Parameters:
  ///   - observation: x, shape (width).
  ///   - normalised: x̂, shape (width), filled here; NaN stays NaN.
  package func normalise(_ observation: UnsafePointer<Double>, into normalised: UnsafeMutablePointer<Float>) {
    for index in 0..<width {
      var value = (observation[index] - mean[index]) * scale[index]
      if value > 10 { value = 10 }
      if value < -10 { value = -10 }
      normalised[index] = Float(value)
    }
  }
}
