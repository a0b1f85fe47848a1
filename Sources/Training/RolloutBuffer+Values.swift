package import Workers

extension RolloutBuffer {
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
    let bad = try workers.map(tasks.count) { task -> Int? in
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
        return start + place
      }
      if standardised {
        let places = (0..<steps * perTask).lazy.map {
          $0 / perTask * self.environments + columns.lowerBound + $0 % perTask
        }
        standardise(advantages, at: places)
      }
      return nil
    }
    guard let first = bad.compactMap({ $0 }).min() else { return }
    try requireFinite(advantages, .advantage, at: first..<first + 1, tasks, iteration)
  }

  /// Checks the critic's values, step by step.
  ///
  /// - Parameters:
  ///   - tasks: the tasks' names, shape (K).
  ///   - iteration: the number of the rollout, from 0.
  /// - Throws: `TrainingError.nonFinite` for the first that is not finite.
  func requireFiniteValues(tasks: [String], iteration: Int) throws(TrainingError) {
    let end = firstNonFinite(values, count: count + environments).map { $0 + 1 } ?? count
    // Entries without a meaning are left from truncations of earlier rollouts, which were checked, or 0.
    try requireFinite(truncationValues, .finalValue, at: 0..<min(end - 1, count), tasks, iteration)
    try requireFinite(values, .value, at: 0..<count + environments, tasks, iteration)
  }

  /// Checks the numbers of some of T + 1 steps.
  ///
  /// - Throws: `TrainingError.nonFinite` with the task and environment step of the first that is not finite.
  private func requireFinite(
    _ numbers: UnsafePointer<Float>, _ quantity: NonFiniteNumber.Quantity, at range: Range<Int>,
    _ tasks: [String], _ iteration: Int
  ) throws(TrainingError) {
    try Training.requireFinite(numbers + range.lowerBound, count: range.count) { index, value in
      let index = range.lowerBound + index
      return NonFiniteNumber(
        value, in: quantity, tasks: [tasks[task(of: index)]],
        at: .environmentStep(iteration * count + index, iteration: iteration))
    }
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
