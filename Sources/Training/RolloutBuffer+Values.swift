internal import Policies
package import Workers

extension RolloutBuffer {
  /// Rows of the critic per piece of parallel work.
  private static var shard: Int { 256 }

  /// Fills `values` and `truncationValues` with the critic's outputs, in parallel over fixed shards of rows.
  ///
  /// - Parameters:
  ///   - parameters: the critic's.
  ///   - workspaces: one per worker, with room for 256 rows or as many as there are.
  func estimateValues(
    critic: MultilayerPerceptron, parameters: UnsafePointer<Float>, inputs: NetworkInputs,
    workspaces: [NetworkWorkspace], workers: WorkerPool
  ) throws {
    let seen = count + environments
    let total = seen + truncations.count
    let perTask = environments / inputs.taskCount
    let size = inputs.observationSize
    let shard = min(Self.shard, workspaces[0].capacity)
    try finalObservations.withUnsafeBufferPointer { finalObservations in
      try workers.runUnchecked((total + shard - 1) / shard) { index, worker in
        let workspace = workspaces[worker]
        let rows = index * shard..<min((index + 1) * shard, total)
        for (place, row) in rows.enumerated() {
          let step = row < seen ? row : truncations[row - seen]
          var observation = UnsafePointer(observations + min(row, seen - 1) * size)
          if row >= seen, let last = finalObservations.baseAddress {
            observation = last + (row - seen) * size
          }
          inputs.writeCriticInput(
            observation, task: step % environments / perTask,
            into: workspace.layerInput(0) + place * inputs.criticWidth)
        }
        critic.forward(parameters: parameters, count: rows.count, workspace: workspace)
        for (place, row) in rows.enumerated() {
          if row < seen {
            values[row] = workspace.output[place]
          } else {
            truncationValues[truncations[row - seen]] = workspace.output[place]
          }
        }
      }
    }
  }

  /// Scales the rewards, estimates advantages and value targets, and standardises the advantages, task by
  /// task.
  ///
  /// - Parameters:
  ///   - tasks: the tasks' names, shape (K).
  ///   - scales: what each task's rewards are divided by, shape (K); nil leaves them as they are.
  ///   - standardised: whether each task's advantages are brought to mean 0 and standard deviation 1.
  ///   - iteration: the number of the rollout, from 0.
  /// - Throws: `TrainingError.nonFinite` for the first step whose advantage is not finite.
  package func estimateAdvantages(
    tasks: [String], scales: [Double]?, gamma: Double, lambda: Double, standardised: Bool, iteration: Int,
    workers: WorkerPool
  ) throws {
    let perTask = environments / tasks.count
    let bad = try workers.mapUnchecked(tasks.count) { task -> (index: Int, advantage: Float)? in
      let columns = task * perTask..<(task + 1) * perTask
      for environment in columns {
        if let scale = scales?[task] {
          for index in stride(from: environment, to: count, by: environments) {
            rewards[index] = RewardScaling.scaled(Double(rewards[index]), by: scale)
          }
        }
        estimateAdvantages(environment: environment, gamma: gamma, lambda: lambda)
      }
      for start in stride(from: columns.lowerBound, to: count, by: environments) {
        guard let place = firstNonFinite(advantages + start, count: perTask) else { continue }
        return (start + place, advantages[start + place])
      }
      if standardised {
        let places = (0..<steps * perTask).lazy.map {
          $0 / perTask * self.environments + columns.lowerBound + $0 % perTask
        }
        standardise(advantages, at: places)
      }
      return nil
    }
    guard let first = bad.compactMap({ $0 }).min(by: { $0.index < $1.index }) else { return }
    try refuse(first.advantage, .advantage, at: first.index, tasks, iteration)
  }

  /// 1 − Var(target − V) / Var(target) over all entries: 1 when the critic explains the returns, 0 when it is
  /// of no use.
  func explainedVariance() -> Double {
    var sums = (target: 0.0, targetSquare: 0.0, error: 0.0, errorSquare: 0.0)
    for index in 0..<count {
      let target = Double(valueTargets[index])
      let error = target - Double(values[index])
      sums.target += target
      sums.targetSquare += target * target
      sums.error += error
      sums.errorSquare += error * error
    }
    let n = Double(count)
    let variance = sums.targetSquare / n - sums.target * sums.target / (n * n)
    let unexplained = sums.errorSquare / n - sums.error * sums.error / (n * n)
    return variance > 0 ? 1 - unexplained / variance : 0
  }
}
