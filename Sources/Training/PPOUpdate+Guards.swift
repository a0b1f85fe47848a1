internal import Policies

extension PPOUpdate {
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
    let terms: [(String, KeyPath<LossSums, Double>, PPOLoss.Network)] = [
      ("policy loss", \.policyLoss, .policy), ("entropy", \.entropy, .policy),
      ("value loss", \.valueLoss, .critic),
    ]
    for (name, term, network) in terms {
      guard let value = NonFiniteValue(sums[keyPath: term]) else { continue }
      let row = firstRow(of: rows, where: term, of: network, buffer, parameters)
      let perTask = buffer.environments / taskNames.count
      throw .nonFinite(
        NonFiniteNumber(
          value, in: .loss(name),
          tasks: row.map { [taskNames[$0 % buffer.environments / perTask]] } ?? taskNames,
          at: moment))
    }
  }

  /// The first row, alone, whose term of the loss is not finite.
  private func firstRow(
    of rows: ArraySlice<Int32>, where term: KeyPath<LossSums, Double>, of network: PPOLoss.Network,
    _ buffer: RolloutBuffer, _ parameters: [Float]
  ) -> Int? {
    let workspace = PPOLoss.Workspace(loss, capacity: 1)
    var gradient = [Float](repeating: 0, count: loss.parameterCount)
    return rows.first { row in
      let sums = withUnsafePointer(to: row) { row in
        loss.addGradient(
          of: network, rows: UnsafeBufferPointer(start: row, count: 1), of: buffer, batchSize: 1,
          parameters: parameters, workspace: workspace, to: &gradient)
      }
      return !sums[keyPath: term].isFinite
    }.map { Int($0) }
  }

  /// The error for the first entry of all parameters' gradient, or of the parameters, that is not finite.
  ///
  /// - Parameters:
  ///   - numbers: shape (P).
  ///   - quantity: of a tensor's name.
  /// - Throws: `TrainingError.nonFinite`.
  func requireFinite(
    _ numbers: UnsafePointer<Float>, _ quantity: (String) -> NonFiniteNumber.Quantity,
    at moment: NonFiniteNumber.Moment
  ) throws(TrainingError) {
    guard let index = firstNonFinite(numbers, count: loss.parameterCount),
      let value = NonFiniteValue(Double(numbers[index]))
    else { return }
    throw .nonFinite(
      NonFiniteNumber(value, in: quantity(loss.tensorName(at: index)), tasks: taskNames, at: moment))
  }
}
