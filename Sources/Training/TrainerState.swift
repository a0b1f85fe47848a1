internal import Policies

/// All that a training changes, apart from the environments: with the configuration, what a checkpoint would
/// hold.
///
/// No random stream is among it: each iteration derives its own from the training's stream by name.
struct TrainerState: Sendable, Equatable, Codable {
  /// The number of finished iterations.
  var iteration = 0
  /// Steps taken, over all environments.
  var environmentSteps = 0
  /// θ, then the critic's parameters.
  var parameters: [Float]
  /// Moments of the gradient.
  var optimizer: Adam
  /// Statistics of the raw observations.
  var normalizer: RunningNormalizer
  /// Statistics of the rewards.
  var rewardScaling: RewardScaling
  /// Returns of each task's latest episodes, the oldest first, at most `recentEpisodes` each, shape (K, …).
  var recentReturns: [[Double]]

  /// How many episodes the reported return of a task is the mean of.
  static let recentEpisodes = 20

  /// The mean of each task's latest returns, shape (K); NaN before a first episode has ended.
  var meanReturns: [Double] {
    recentReturns.map { $0.isEmpty ? .nan : $0.reduce(0, +) / Double($0.count) }
  }

  /// Takes in the episodes that ended in a rollout, step by step, environment by environment.
  mutating func recordEpisodes(of buffer: RolloutBuffer) {
    let perTask = buffer.environments / recentReturns.count
    for index in 0..<buffer.count where buffer.endings[index] != .continuing {
      let task = index % buffer.environments / perTask
      if recentReturns[task].count == Self.recentEpisodes { recentReturns[task].removeFirst() }
      recentReturns[task].append(buffer.episodeReturns[index])
    }
  }
}
