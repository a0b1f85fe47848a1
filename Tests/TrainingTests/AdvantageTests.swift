import Random
import TestSupport
import Testing
import Training
import Workers

/// A_t = Σ_k (γλ)^k δ_{t+k}, summed as it is written.
private func obviousAdvantages(
  rewards: [Double], values: [Double], finalValue: Double, gamma: Double, lambda: Double
) -> [Double] {
  let next = Array(values.dropFirst()) + [finalValue]
  return rewards.indices.map { t in
    var sum = 0.0
    var weight = 1.0
    for k in t..<rewards.count {
      sum += weight * (rewards[k] + gamma * next[k] - values[k])
      weight *= gamma * lambda
    }
    return sum
  }
}

@Suite struct AdvantageTests {
  @Test("advantages are the obvious sum, for any λ", arguments: [0, 0.5, 0.95, 1])
  func sum(lambda: Double) {
    var random = RandomStream(seed: 1, name: "advantage")
    let rewards = (0..<50).map { _ in Float(random.gaussian()) }
    let values = (0..<50).map { _ in Float(random.gaussian()) }
    var advantages = [Float](repeating: 0, count: 50)
    estimateAdvantages(
      rewards: rewards, values: values, finalValue: 0.7, count: 50, stride: 1, gamma: 0.99, lambda: lambda,
      into: &advantages)
    let expected = obviousAdvantages(
      rewards: rewards.map(Double.init), values: values.map(Double.init), finalValue: Double(Float(0.7)),
      gamma: 0.99, lambda: lambda)
    // One rounding to single precision.
    #expect(largestRelativeDifference(advantages.map(Double.init), expected) < 1e-7)
  }

  @Test("a buffer is cut at terminations, truncations and its end, each continued by its own value")
  func segments() {
    let steps = 40
    let environments = 3
    let buffer = RolloutBuffer(steps: steps, environments: environments, observationSize: 1, actionWidth: 1)
    var random = RandomStream(seed: 2, name: "segments")
    for index in 0..<buffer.count {
      buffer.rewards[index] = Float(random.gaussian())
      buffer.truncationValues[index] = Float(random.gaussian())
      buffer.endings[index] =
        switch random.index(below: 8) {
        case 0: .terminated
        case 1: .truncated
        default: .continuing
        }
    }
    // One environment ends its last step by truncation, one is cut, one terminates.
    buffer.endings[buffer.count - 3] = .truncated
    buffer.endings[buffer.count - 2] = .continuing
    buffer.endings[buffer.count - 1] = .terminated
    for index in 0..<buffer.count + environments { buffer.values[index] = Float(random.gaussian()) }
    for environment in 0..<environments {
      buffer.estimateAdvantages(environment: environment, gamma: 0.9, lambda: 0.8)
      // The definition with its own next value per step; no sum crosses an episode's end.
      for step in 0..<steps {
        var expected = 0.0
        var weight = 1.0
        for later in step..<steps {
          let index = later * environments + environment
          let next =
            switch buffer.endings[index] {
            case .terminated: 0.0
            case .truncated: Double(buffer.truncationValues[index])
            case .continuing: Double(buffer.values[index + environments])
            }
          expected += weight * (Double(buffer.rewards[index]) + 0.9 * next - Double(buffer.values[index]))
          weight *= 0.9 * 0.8
          if buffer.endings[index] != .continuing { break }
        }
        let index = step * environments + environment
        // One rounding to single precision of a sum of a few units.
        #expect(abs(Double(buffer.advantages[index]) - expected) < 1e-6)
        #expect(buffer.valueTargets[index] == buffer.advantages[index] + buffer.values[index])
      }
    }
  }

  @Test("standardised numbers have mean 0 and standard deviation 1 at the given places, and others stay")
  func standardising() {
    var random = RandomStream(seed: 3, name: "standardise")
    let places = Array(stride(from: 1, to: 400, by: 2))
    let original = (0..<400).map { _ in Float(3 + 5 * random.gaussian()) }
    var values = original
    standardise(&values, at: places)
    let chosen = places.map { Double(values[$0]) }
    let mean = chosen.reduce(0, +) / 200
    let variance = chosen.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 200
    #expect(abs(mean) < 1e-6 && abs(variance - 1) < 1e-6)
    #expect((0..<400).allSatisfy { $0 % 2 == 1 || values[$0] == original[$0] })
    var constant: [Float] = [2, 2, 2]
    standardise(&constant, at: 0..<3)
    #expect(constant == [0, 0, 0])
  }

  @Test("rewards are divided by their task's scale, and clipped to ±10 of it")
  func scaledRewards() throws {
    let buffer = RolloutBuffer(
      steps: 2, environments: 2, taskNumbers: [0, 1], observationSize: 1, actionWidth: 1)
    buffer.rewards.update(from: [6, 6, 100, -100], count: 4)
    try buffer.estimateAdvantages(
      tasks: ["a", "b"], scales: [2, 3], gamma: 0.9, lambda: 0.9, standardised: false, iteration: 0,
      workers: WorkerPool(threads: 1))
    #expect((0..<4).map { buffer.rewards[$0] } == [3, 2, 10, -10])
  }
}
