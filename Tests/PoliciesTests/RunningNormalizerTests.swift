import Policies
import Random
import TestSupport
import Testing

@Suite struct RunningNormalizerTests {
  /// Mean and variance of rows in two passes.
  private func twoPass(_ rows: [[Double]]) -> RunningNormalizer {
    let n = Double(rows.count)
    let mean = rows[0].indices.map { j in rows.map { $0[j] }.reduce(0, +) / n }
    let variance = mean.indices.map { j in
      rows.map { ($0[j] - mean[j]) * ($0[j] - mean[j]) }.reduce(0, +) / n
    }
    return RunningNormalizer(mean: mean, variance: variance, count: n)
  }

  @Test("merged groups of any size give the statistics of all observations")
  func merging() {
    var random = RandomStream(seed: 6, name: "normaliser")
    // Means far from zero, where the sum of squares would cancel.
    let rows = (0..<500).map { _ in [1e4 + random.gaussian(), -3 + 0.01 * random.gaussian()] }
    var merged = RunningNormalizer(width: 2)
    var start = 0
    for size in [1, 7, 100, 392] {
      merged.merge(twoPass(Array(rows[start..<start + size])))
      start += size
    }
    merged.merge(RunningNormalizer(width: 2))
    let expected = twoPass(rows)
    #expect(merged.count == 500)
    #expect(largestRelativeDifference(merged.mean, expected.mean) < 1e-12)
    // Differences of numbers near 1e4 leave twelve digits.
    #expect(zip(merged.variance, expected.variance).allSatisfy { abs($0 / $1 - 1) < 1e-9 })
  }

  @Test("an observation is centred, scaled, and clipped at ±10; NaN stays NaN")
  func normalising() {
    let normalizer = RunningNormalizer(mean: [1, 0, 0, 0], variance: [4, 1, 1, 1], count: 10)
    let observation = [5, 50, -50, Double.nan]
    var normalised = [Float](repeating: 0, count: 4)
    normalizer.normalise(observation, into: &normalised)
    // The 1e-8 under the root.
    #expect(abs(normalised[0] - 2) < 1e-6)
    #expect(normalised[1] == 10 && normalised[2] == -10 && normalised[3].isNaN)
    RunningNormalizer(width: 1).normalise([3], into: &normalised)
    #expect(abs(normalised[0] - 3) < 1e-6)
  }
}
