package import Policies

/// The scale σ_i of each task's rewards: the running standard deviation of its discounted return.
///
/// Per environment R ← γR + r, set back to 0 when an episode ends; σ_i² is the variance of all R of task i so
/// far.
/// Rewards are divided by σ_i and clipped to ±10, as Gymnasium's and Stable-Baselines3's reward normalisers
/// do, but with a σ per task, so that the unit of its rewards does not decide how much a task counts.
package struct RewardScaling: Sendable, Equatable {
  /// R of each environment, shape (E).
  package private(set) var discountedReturns: [Double]
  /// Mean and variance of R per task, shape (K), one entry wide.
  package private(set) var statistics: [RunningNormalizer]

  /// No rewards yet.
  init(tasks: Int, environments: Int) {
    discountedReturns = [Double](repeating: 0, count: environments)
    statistics = [RunningNormalizer](repeating: RunningNormalizer(width: 1), count: tasks)
  }

  /// The scaling that has seen rewards already; see the properties.
  package init(discountedReturns: [Double], statistics: [RunningNormalizer]) {
    precondition(statistics.allSatisfy { $0.width == 1 }, "R is one number")
    self.discountedReturns = discountedReturns
    self.statistics = statistics
  }

  /// σ_i of each task, shape (K); 1 before the first update.
  var scales: [Double] {
    statistics.map { $0.count == 0 ? 1 : ($0.variance[0] + 1e-8).squareRoot() }
  }

  /// Takes in the rewards of a rollout, environment by environment.
  mutating func update(_ buffer: RolloutBuffer, gamma: Double) {
    let perTask = buffer.environments / statistics.count
    for environment in 0..<buffer.environments {
      var discounted = discountedReturns[environment]
      var mean = 0.0
      var square = 0.0
      for step in 0..<buffer.steps {
        let index = step * buffer.environments + environment
        discounted = gamma * discounted + Double(buffer.rewards[index])
        // Welford's recurrence.
        let difference = discounted - mean
        mean += difference / Double(step + 1)
        square += difference * (discounted - mean)
        if buffer.endings[index] != .continuing { discounted = 0 }
      }
      discountedReturns[environment] = discounted
      let count = Double(buffer.steps)
      statistics[environment / perTask].merge(
        RunningNormalizer(mean: [mean], variance: [square / count], count: count))
    }
  }

  /// A reward r in the learner's unit: r/σ, clipped to ±10.
  static func scaled(_ reward: Double, by scale: Double) -> Float {
    Float(min(max(reward / scale, -10), 10))
  }
}
