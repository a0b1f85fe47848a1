internal import HDF5

/// The running moments with which observations are normalised before they enter a network.
package struct NormalizerMoments: Sendable, Equatable {
  /// The mean of each observation entry (observation).
  package let mean: [Double]

  /// The variance of each observation entry (observation), ≥ 0.
  package let variance: [Double]

  /// The number of observations behind them.
  package let count: Double

  /// Moments.
  package init(mean: [Double], variance: [Double], count: Double) {
    precondition(mean.count == variance.count, "a normalizer has as many means as variances")
    self.mean = mean
    self.variance = variance
    self.count = count
  }

  /// The datasets below `/normalizer`.
  static let datasets = [
    DatasetSchema(
      "/normalizer/mean", .float64, ["observation"], units: "1", "Running mean of each observation entry."),
    DatasetSchema(
      "/normalizer/variance", .float64, ["observation"], units: "1",
      "Running variance of each observation entry.", range: 0...Double.infinity),
    DatasetSchema(
      "/normalizer/count", .float64, [], units: "step", "Number of observations behind the moments.",
      range: 0...Double.infinity),
  ]

  /// Reads `/normalizer`.
  init(_ contents: ValidatedContents) throws(ArtifactError) {
    self.init(
      mean: try contents.values("/normalizer/mean"), variance: try contents.values("/normalizer/variance"),
      count: try contents.scalar("/normalizer/count"))
  }

  /// Adds `/normalizer`.
  func add(to contents: inout ArtifactContents) {
    contents.add("/normalizer/mean", .float64(mean), shape: [mean.count])
    contents.add("/normalizer/variance", .float64(variance), shape: [variance.count])
    contents.add("/normalizer/count", .float64([count]), shape: [])
  }
}
