internal import Environments
internal import Policies
internal import Workers

/// One iteration's experience, a flat buffer per field, step-major: entry (t, e, …) of T steps and E
/// environments.
///
/// Task k owns the E/K environments k·E/K ..< (k+1)·E/K.
/// The pieces of a parallel call fill entries of their own.
package final class RolloutBuffer: @unchecked Sendable {
  /// T.
  package let steps: Int
  /// E.
  package let environments: Int
  /// The number by which the networks know each task, shape (K).
  package let taskNumbers: [Int]
  /// Normalised observations, shape (T + 1, E, O), filled by the rollout. Step T is what would be acted on
  /// next.
  package let observations: UnsafeMutablePointer<Float>
  /// Actions as drawn, not clipped, shape (T, E, A), filled by the rollout.
  package let actions: UnsafeMutablePointer<Float>
  /// log π(a | x) at the time of acting, shape (T, E), filled by the rollout.
  package let logProbabilities: UnsafeMutablePointer<Float>
  /// Rewards, shape (T, E), filled by the rollout; scaled per task before advantages are estimated.
  package let rewards: UnsafeMutablePointer<Float>
  /// How each step ended, shape (T, E), filled by the rollout.
  package let endings: UnsafeMutablePointer<SegmentEnding>
  /// The flat indices of the steps that are `.truncated`, filled by the rollout.
  package var truncations: [Int] = []
  /// Normalised last observations of the episodes that end there, shape (truncations, O), filled by the rollout.
  package var finalObservations: [Float] = []
  /// V of the last observation of the episode where a step is `.truncated`, shape (T, E), filled with the values; other
  /// entries mean nothing.
  package let truncationValues: UnsafeMutablePointer<Float>
  /// The undiscounted return of the episode where a step ends one, shape (T, E), filled by the rollout; other
  /// entries mean nothing.
  package let episodeReturns: UnsafeMutablePointer<Double>
  /// V of each observation, shape (T + 1, E), filled after the rollout.
  package let values: UnsafeMutablePointer<Float>
  /// Advantages, shape (T, E), filled after the values.
  package let advantages: UnsafeMutablePointer<Float>
  /// What the critic learns, A + V, shape (T, E), filled with the advantages.
  package let valueTargets: UnsafeMutablePointer<Float>

  private let buffers = Buffers()
  private let observationSize: Int
  /// The number by which the networks know each environment's task, shape (E).
  private let environmentTasks: [Int]

  /// Buffers of these sizes, all zero.
  package init(
    steps: Int, environments: Int, taskNumbers: [Int] = [0], observationSize: Int, actionWidth: Int
  ) {
    self.steps = steps
    self.environments = environments
    self.taskNumbers = taskNumbers
    self.observationSize = observationSize
    environmentTasks = (0..<environments).map { taskNumbers[$0 / (environments / taskNumbers.count)] }
    let count = steps * environments
    observations = buffers.make((count + environments) * observationSize, 0)
    actions = buffers.make(count * actionWidth, 0)
    logProbabilities = buffers.make(count, 0)
    rewards = buffers.make(count, 0)
    endings = buffers.make(count, .continuing)
    truncationValues = buffers.make(count, 0)
    episodeReturns = buffers.make(count, 0)
    values = buffers.make(count + environments, 0)
    advantages = buffers.make(count, 0)
    valueTargets = buffers.make(count, 0)
  }

  /// T · E.
  package var count: Int { steps * environments }

  /// The index of a step's task, in 0 ..< K.
  package func task(of index: Int) -> Int {
    index % environments / (environments / taskNumbers.count)
  }

  /// Sets a row of a network's batch.
  ///
  /// - Parameter index: a flat index into the T + 1 steps, or one beyond them for each of `finalObservations`.
  func feed(_ index: Int, to network: any Network, row: Int, _ workspace: NetworkWorkspace) {
    let last = index - count - environments
    let task = environmentTasks[(last < 0 ? index : truncations[last]) % environments]
    if last < 0 {
      network.feed(observations + index * observationSize, task: task, row: row, workspace: workspace)
    } else {
      finalObservations[(last * observationSize)...].withUnsafeBufferPointer {
        guard let observation = $0.baseAddress else { return }
        network.feed(observation, task: task, row: row, workspace: workspace)
      }
    }
  }

  /// Takes in what a row's step has brought.
  ///
  /// - Parameter index: the step's flat index.
  func record(_ batch: EnvironmentBatch, row: Int, at index: Int) {
    let outcome = batch.outcomes[row]
    rewards[index] = Float(outcome.reward)
    episodeReturns[index] = batch.episodeReturns[row]
    // A task that ended has nothing to come, whatever the clock says.
    endings[index] = outcome.terminated ? .terminated : outcome.truncated ? .truncated : .continuing
  }

  /// Fills advantages and value targets of one environment, segment by segment, from rewards, values and
  /// endings.
  package func estimateAdvantages(environment: Int, gamma: Double, lambda: Double) {
    var start = 0
    for step in 0..<steps {
      let ending = endings[step * environments + environment]
      guard ending != .continuing || step == steps - 1 else { continue }
      let finalValue: Float
      switch ending {
      case .terminated: finalValue = 0
      case .truncated: finalValue = truncationValues[step * environments + environment]
      case .continuing: finalValue = values[steps * environments + environment]
      }
      let first = start * environments + environment
      Training.estimateAdvantages(
        rewards: rewards + first, values: values + first, finalValue: finalValue, count: step + 1 - start,
        stride: environments, gamma: gamma, lambda: lambda, into: advantages + first)
      start = step + 1
    }
    for index in stride(from: environment, to: count, by: environments) {
      valueTargets[index] = advantages[index] + values[index]
    }
  }
}
