/// The running moments with which observations are normalised before they enter a network.
package struct NormalizerMoments: Sendable, Equatable {
  @Dataset("/normalizer/mean", ["observation"], "Running mean of each observation entry.")
  package var mean: [Double]
  @Dataset("/normalizer/variance", ["observation"], "Running variance of each observation entry.", atLeast: 0)
  package var variance: [Double]
  @Dataset("/normalizer/count", [], unit: "step", "Number of observations behind the moments.", atLeast: 0)
  package var count: Double
}

extension NormalizerMoments {
  /// Moments.
  package init(mean: [Double], variance: [Double], count: Double) {
    self.init()
    (self.mean, self.variance, self.count) = (mean, variance, count)
  }
}
