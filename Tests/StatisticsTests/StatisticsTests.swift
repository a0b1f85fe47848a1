import Random
import Statistics
import TestSupport
import Testing

private let x = [3.5, -1.25, 0.5, 9, 2, 2, -4.75, 6.5, 1, 0]

@Suite struct DescriptiveTests {
  @Test("mean, deviation and quantiles equal NumPy 2.4.6's")
  func moments() {
    #expect(abs(mean(x) - 1.85) < 1e-14)
    #expect(abs(standardDeviation(x) - 3.867959553965257) < 1e-14)
    let quantiles = [0, 0.025, 0.25, 0.5, 0.9, 1].map { quantile(sorted: x.sorted(), $0) }
    #expect(largestDifference(quantiles, [-4.75, -3.9625, 0.125, 1.5, 6.75, 9]) < 1e-14)
    #expect(quantile(sorted: [4], 0.3) == 4)
    #expect(standardDeviation([4]) == 0)
  }
}

@Suite struct BootstrapTests {
  @Test("counts of every stratum sum to its units, and equal streams give equal replicates")
  func counts() {
    let units = [1, 4, 7]
    let random = RandomStream(seed: 1, name: "bootstrap")
    let first = bootstrapCounts(unitsPerStratum: units, replicates: 50, random: random)
    #expect(first.count == 50)
    #expect(first.allSatisfy { $0.map { $0.reduce(0, +) } == units })
    #expect(Set(first).count > 45)
    // Every unit is drawn, each about as often as the others: 50 draws on average, with a deviation of 7.
    for (stratum, count) in units.enumerated() {
      for unit in 0..<count { #expect(abs(first.reduce(0) { $0 + $1[stratum][unit] } - 50) < 35) }
    }
    let second = bootstrapCounts(unitsPerStratum: units, replicates: 20, random: random)
    #expect(second == Array(first.prefix(20)))
  }

  @Test("the interval of a mean has the width of the normal approximation")
  func width() {
    var random = RandomStream(seed: 2, name: "bootstrap")
    let values = (0..<400).map { _ in random.gaussian() }
    let interval = bootstrapMeanInterval(strata: [values], replicates: 2000, random: random)
    let expected = 2 * 1.96 * standardDeviation(values) / 20
    // The quantiles of 2000 replicates are known to a few per cent.
    #expect(abs((interval.high - interval.low) / expected - 1) < 0.1)
    #expect(interval.contains(mean(values)))
  }

  @Test("the interval covers the true mean about as often as it says")
  func coverage() {
    var random = RandomStream(seed: 3, name: "bootstrap")
    var hits = 0
    for trial in 0..<300 {
      let values = (0..<50).map { _ in 1 + random.gaussian() }
      let interval = bootstrapMeanInterval(
        strata: [values], replicates: 300, random: random.derived("trial-\(trial)"))
      if interval.contains(1) { hits += 1 }
    }
    // 95 % of 300 is 285, with a standard deviation of 4; the percentile bootstrap of 50 values is a little
    // narrow.
    #expect(hits >= 267 && hits <= 299)
  }

  @Test("strata are resampled apart: differences between them do not widen the interval")
  func strata() {
    let random = RandomStream(seed: 4, name: "bootstrap")
    let constant = bootstrapMeanInterval(strata: [[1, 1, 1], [5, 5, 5]], replicates: 200, random: random)
    #expect(constant == ConfidenceInterval(low: 3, high: 3))
    let pooled = bootstrapMeanInterval(strata: [[1, 1, 1, 5, 5, 5]], replicates: 200, random: random)
    #expect(pooled.high - pooled.low > 1)
  }

  @Test("a percentile interval ends at the quantiles of its replicates")
  func percentiles() {
    let replicates = (0...200).map { Double(($0 * 73) % 201) }
    for (level, low, high) in [(0.95, 5.0, 195.0), (0.5, 50, 150), (0, 100, 100)] {
      let interval = percentileInterval(replicates, level: level)
      // The tail's probability is rounded.
      #expect(abs(interval.low - low) < 1e-9 && abs(interval.high - high) < 1e-9)
    }
  }
}

@Test("a value is rescaled by its references, and is 0 where they span nothing")
func rescaledValues() {
  #expect(rescaled(15, from: 10, to: 20) == 0.5)
  #expect(rescaled(0, from: 10, to: 20) == -1 && rescaled(30, from: 10, to: 20) == 2)
  #expect(rescaled(5, from: 2, to: 2) == 0 && rescaled(5, from: 3, to: 2) == 0)
}

private let y = [1, -2, 2.5, 4, 4, 3, -1, 0.5, 0.5, -3]

@Suite struct RankCorrelationTests {
  @Test("Spearman with ties equals scipy 1.17.1's")
  func known() {
    #expect(abs(spearmanCorrelation(x, y) - 0.6758441388478289) < 1e-14)
    #expect(ranks([3, 1, 3, 0]) == [3.5, 2, 3.5, 1])
  }

  @Test("monotone maps do not matter, reversal changes the sign, constants are undefined")
  func properties() {
    #expect(abs(spearmanCorrelation(x, x.map { $0 * $0 * $0 }) - 1) < 1e-15)
    #expect(abs(spearmanCorrelation(x, x.map { -$0 }) + 1) < 1e-15)
    #expect(spearmanCorrelation(x, x.map { _ in 1 }).isNaN)
  }
}
