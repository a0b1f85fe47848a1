internal import Policies

extension PPOObjective {
  /// Checks a minibatch's loss.
  ///
  /// - Parameters:
  ///   - sums: the minibatch's.
  ///   - rows: the minibatch, flat indices into the buffer.
  ///   - parameters: those that the sums were computed with.
  /// - Throws: `TrainingError.nonFinite` with the task of the first row whose loss is not finite.
  func requireFinite(
    _ sums: LossSums, rows: ArraySlice<Int32>, of buffer: RolloutBuffer, parameters: [Float],
    at moment: NonFiniteNumber.Moment
  ) throws(TrainingError) {
    let terms: [(String, KeyPath<LossSums, Double>, PPOLoss.Part)] = [
      ("policy loss", \.policyLoss, .policy), ("entropy", \.entropy, .policy),
      ("value loss", \.valueLoss, .critic),
    ]
    for (name, term, part) in terms {
      let value = sums[keyPath: term]
      guard !value.isFinite else { continue }
      let row = firstRow(of: rows, where: term, of: part, buffer, parameters)
      throw .nonFinite(
        NonFiniteNumber(
          value, in: .loss(name),
          tasks: row.map { [taskNames[buffer.task(of: $0)]] } ?? taskNames,
          at: moment))
    }
  }

  /// The first row, alone, whose term of the loss is not finite.
  private func firstRow(
    of rows: ArraySlice<Int32>, where term: KeyPath<LossSums, Double>, of part: PPOLoss.Part,
    _ buffer: RolloutBuffer, _ parameters: [Float]
  ) -> Int? {
    let workspace = PPOLoss.Workspace(loss, capacity: 1)
    var gradient = [Float](repeating: 0, count: loss.parameterCount)
    return rows.first { row in
      let sums = loss.addGradient(
        of: part, rows: [row], of: buffer, batchSize: 1, parameters: parameters, workspace: workspace,
        to: &gradient)
      return !sums[keyPath: term].isFinite
    }.map { Int($0) }
  }

  /// Checks all parameters' gradient, or the parameters.
  ///
  /// - Parameters:
  ///   - numbers: shape (P).
  ///   - quantity: of a tensor's name.
  /// - Throws: `TrainingError.nonFinite` with the tensor of the first entry that is not finite.
  func requireFinite(
    _ numbers: UnsafePointer<Float>, _ quantity: (String) -> NonFiniteNumber.Quantity,
    at moment: NonFiniteNumber.Moment
  ) throws(TrainingError) {
    try Training.requireFinite(numbers, count: loss.parameterCount) { index, value in
      NonFiniteNumber(value, in: quantity(loss.tensorName(at: index)), tasks: taskNames, at: moment)
    }
  }
}
