package import Environments
package import Policies

/// Where a training stands between two iterations: with its configuration, tasks and random stream, all that its future
/// depends on.
///
/// No random stream is among it but the environments' own: each iteration derives its streams from the training's by
/// name.
package struct TrainingSnapshot: Sendable, Equatable {
  /// What was learned.
  package var state: TrainerState
  /// Where the environments stand.
  package var environments: EnvironmentBatchSnapshot

  /// A snapshot; see the properties.
  package init(state: TrainerState, environments: EnvironmentBatchSnapshot) {
    self.state = state
    self.environments = environments
  }
}

/// All that a training changes, apart from the environments.
package struct TrainerState: Sendable, Equatable {
  /// The number of finished iterations.
  package var iteration = 0
  /// Steps taken, over all environments.
  package var environmentSteps = 0
  /// θ, then the critic's parameters, shape (P).
  package var parameters: [Float]
  /// Moments of the gradient.
  package var optimizer: Adam
  /// Statistics of the raw observations.
  package var normalizer: RunningNormalizer
  /// Statistics of the rewards.
  package var rewardScaling: RewardScaling
  /// Returns of each task's latest episodes, the oldest first, at most `recentEpisodes` each, shape (K, …).
  package var recentReturns: [[Double]]
  /// `environmentSteps` after each iteration, shape (T).
  package var curveSteps: [Int] = []
  /// The mean of each task's recent returns after each iteration, shape (T, K); NaN before a first episode has ended.
  package var curveReturns: [[Double]] = []

  /// A state; see the properties.
  package init(
    parameters: [Float], optimizer: Adam, normalizer: RunningNormalizer, rewardScaling: RewardScaling,
    recentReturns: [[Double]]
  ) {
    self.parameters = parameters
    self.optimizer = optimizer
    self.normalizer = normalizer
    self.rewardScaling = rewardScaling
    self.recentReturns = recentReturns
  }

  /// Calls `body` with what the descent changes.
  mutating func withLearned<Result>(
    _ body: (_ parameters: inout [Float], _ optimizer: inout Adam) throws -> Result
  ) rethrows -> Result {
    try body(&parameters, &optimizer)
  }

  /// How many episodes the reported return of a task is the mean of.
  package static let recentEpisodes = 20

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

  /// Adds a point to the curve.
  mutating func recordPoint() {
    curveSteps.append(environmentSteps)
    curveReturns.append(meanReturns)
  }

  /// Whether this can be the state of a training that has the sizes of `other`.
  func hasSizes(of other: TrainerState) -> Bool {
    func sizes(_ state: TrainerState) -> [Int] {
      [
        state.parameters.count, state.optimizer.first.count, state.normalizer.width,
        state.rewardScaling.discountedReturns.count, state.rewardScaling.statistics.count,
        state.recentReturns.count,
      ]
    }
    return sizes(self) == sizes(other) && curveSteps.count == iteration && curveReturns.count == iteration
      && curveReturns.allSatisfy { $0.count == recentReturns.count }
      && recentReturns.allSatisfy { $0.count <= Self.recentEpisodes }
  }
}
