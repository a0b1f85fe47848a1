import Artifacts
import Foundation
import TestSupport
import Testing

/// The last stage's table, computed again from the files behind it.
@Suite struct EvaluationTableTests {
  private func mean(_ values: some Collection<Double>) -> Double {
    values.reduce(0, +) / Double(values.count)
  }

  @Test("the table's returns, references, normalised returns and steps are those of the task sets' episodes")
  func numbers() throws {
    try withMadeRun { run in
      let table = try EvaluationArtifact(reading: "\(run.run())/full-train-eval.h5")
      let clusters = try ClusterArtifact(reading: "\(run.run())/cluster.h5")
      let n = clusters.tasks.count
      var low = [Double](repeating: .nan, count: n)
      var returns: [[Double]] = []
      var steps: [Int64] = []
      for grouping in clusters.groupings {
        var row = [Double](repeating: .nan, count: n)
        var total: Int64 = 0
        for members in grouping.sets {
          let name = "tasks-" + members.map { "\($0)" }.joined(separator: "-")
          let set = try TrainedSetArtifact(reading: "\(run.run())/full-train-eval/\(name).h5")
          for (place, task) in members.enumerated() {
            let episodes = place * set.episodeCount..<(place + 1) * set.episodeCount
            row[task] = mean(set.returns[episodes])
            low[task] = mean(set.randomReturns[episodes])
          }
          total += set.steps
        }
        returns.append(row)
        steps.append(total)
      }
      let high = (0..<n).map { k in returns.map { $0[k] }.max() ?? .nan }
      let normalised = returns.map { row in
        (0..<n).map { high[$0] > low[$0] ? (row[$0] - low[$0]) / (high[$0] - low[$0]) : 0 }
      }
      #expect(largestDifference(table.returns, returns.flatMap { $0 }) < 1e-9)
      #expect(largestDifference(table.referenceLow, low) < 1e-9)
      #expect(largestDifference(table.referenceHigh, high) < 1e-9)
      #expect(largestDifference(table.normalised, normalised.flatMap { $0 }) < 1e-9)
      #expect(largestDifference(table.normalisedMean, normalised.map { mean($0) }) < 1e-9)
      #expect(largestDifference(table.worstNormalised, normalised.map { $0.min() ?? .nan }) < 1e-9)
      #expect(table.totalSteps == steps && Set(returns.joined()).count > n)
      for (r, value) in table.normalisedMean.enumerated() {
        #expect(table.normalisedLow[r] <= value && value <= table.normalisedHigh[r])
      }
    }
  }

  @Test("stored advantages are clipped at both ends, and nowhere else")
  func clipping() throws {
    let slices = [10.0, 0.5].map { "projection_dimension: 16, advantage_clip: \($0)" }
    let advantages = try slices.map { settings in
      try withTinyRun(tinyBenchmark.replacing("projection_dimension: 16", with: settings)) { run in
        try run.made("collect-gradients")
        return try CollectGradientsArtifact(reading: "\(run.run())/collect-gradients.h5").advantage
      }
    }
    #expect(advantages[1] == advantages[0].map { min(max($0, -0.5), 0.5) })
    #expect(advantages[0].contains { $0 > 0.5 } && advantages[0].contains { $0 < -0.5 })
  }
}
