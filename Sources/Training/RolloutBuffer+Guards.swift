extension RolloutBuffer {
  /// Checks the critic's values, step by step.
  ///
  /// - Parameters:
  ///   - tasks: the tasks' names, shape (K).
  ///   - iteration: the number of the rollout, from 0.
  /// - Throws: `TrainingError.nonFinite` for the first that is not finite.
  func requireFiniteValues(tasks: [String], iteration: Int) throws(TrainingError) {
    let value = firstNonFinite(values, count: count + environments)
    // Entries without a meaning are left from truncations of earlier rollouts, which were checked, or 0.
    let finalValue = firstNonFinite(truncationValues, count: count)
    if let finalValue, finalValue < value ?? .max {
      try refuse(truncationValues[finalValue], .finalValue, at: finalValue, tasks, iteration)
    } else if let value {
      try refuse(values[value], .value, at: value, tasks, iteration)
    }
  }

  /// Refuses a number that is not finite, of the entry `index` of T + 1 steps.
  ///
  /// - Throws: `TrainingError.nonFinite` with the entry's task and environment step.
  func refuse(
    _ number: Float, _ quantity: NonFiniteNumber.Quantity, at index: Int, _ tasks: [String], _ iteration: Int
  ) throws(TrainingError) {
    guard let value = NonFiniteValue(Double(number)) else { return }
    let perTask = environments / tasks.count
    throw .nonFinite(
      NonFiniteNumber(
        value, in: quantity, tasks: [tasks[index % environments / perTask]],
        at: .environmentStep(iteration * count + index, iteration: iteration)))
  }
}
