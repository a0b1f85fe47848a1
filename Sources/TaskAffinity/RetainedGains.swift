/// What a task keeps of its own possible gain when it shares a step with the other members of a set.
///
///     ρ̂_i(S) = f̂_i(S) f̂_i / (f̂_i² + s_i²),    f̂_i = f̂_i({i}),    s_i its standard error
///
/// with 0 in place of an own gain below 0.
/// The ratio f̂_i(S) / f̂_i where a task's own gain is certain; towards 0 for every set where it is not, so that a task
/// without a gain of its own has no say in who shares.
package struct RetainedGains: Sendable, Equatable {
  /// f̂_i, what each task gains by a step of its own, shape (n).
  package let own: [Double]
  /// s_i, shape (n); over resampled episodes, with the steps held fixed.
  package let standardError: [Double]
  /// ρ̂_i(S) of the members of each set, shape (m, members).
  package let retained: [[Double]]
  /// The same in every replicate, shape (B, m, members); own gains and standard errors are those above.
  package let replicates: [[[Double]]]

  /// Of gains among whose sets every task is alone in one.
  ///
  /// - Parameter counts: how often each episode counts in each replicate, shape (B, 2, n, episodes).
  package init(_ gains: EqualStepGains, counts: [[[[Int]]]]) {
    let sets = gains.sets
    let n = gains.episodeCounts[0].count
    let alone = (0..<n).map { task in
      guard let place = sets.firstIndex(of: [task]) else {
        preconditionFailure("every task is alone in a set")
      }
      return place
    }
    let table = gains.gains()
    let samples = counts.map { gains.gains(counts: $0) }
    let own = alone.map { table[$0][0] }
    let errors = alone.map { place in
      let values = samples.map { $0[place][0] }
      let center = mean(values)
      let squares = values.reduce(0) { $0 + ($1 - center) * ($1 - center) }
      return (squares / Double(max(values.count - 1, 1))).squareRoot()
    }
    func shares(_ table: [[Double]]) -> [[Double]] {
      sets.indices.map { place in
        zip(sets[place], table[place]).map { task, gain in
          let scale = own[task] * own[task] + errors[task] * errors[task]
          return scale > 0 ? gain * max(own[task], 0) / scale : 0
        }
      }
    }
    self.own = own
    standardError = errors
    retained = shares(table)
    replicates = samples.map(shares)
  }
}
