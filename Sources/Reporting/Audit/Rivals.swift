internal import Artifacts
internal import Random
internal import Statistics

/// The rows of those who really train, but less: trainings of the same sets stopped early, and trainings of all pairs,
/// in full or stopped, averaged over a set's members and partners (Standley et al. 2020).
///
/// What one run says is compared with the end of those that repeat it, so there is a row only where there are two.
func rivals(
  _ family: SetFamily, _ truth: TrueValues, start: String, replicates: Int, random: RandomStream
) -> [AuditRow] {
  let runs = truth.repeats.filter { $0.count > 1 }.joined().map { $0 }
  guard !runs.isEmpty else { return [] }
  let others = runs.map { run in truth.repeats.first { $0.contains(run) }?.filter { $0 != run } ?? [] }
  func row(_ name: String, _ value: (_ run: Int, _ place: Int) -> Double) -> AuditRow? {
    let predictions = runs.map { run in family.places.map { value(run, $0) } }
    guard !predictions.joined().contains(where: \.isNaN) else { return nil }
    let found = family.compare(
      predictions, runs: others, replicates: replicates, random: random.derived(name))
    return AuditRow(
      predictor: name, start: start, sets: family.name, count: family.places.count,
      correlation: found.correlation, interval: found.interval, betweenRuns: family.betweenRuns,
      ceiling: family.ceiling)
  }
  return truth.fractions.indices.flatMap { point -> [AuditRow?] in
    let (share, values) = (truth.fractions[point], truth.curve[point])
    guard share > 0 else { return [] }
    let percent = "\(Int((100 * share).rounded())) %"
    let short = share < 1 ? row("training, \(percent) of the steps") { truth.value(values[$0], of: $1) } : nil
    let pairs = row("pairs, \(percent) of the steps") { run, place in
      truth.pairMean(values[run], of: truth.subsets[place])
    }
    return [short, pairs]
  }.compactMap { $0 }
}

extension TrueValues {
  /// The mean over a set's members i and their partners j of v_i({i, j}); NaN for fewer than three tasks, or where a pair is missing.
  fileprivate func pairMean(_ values: [Double], of subset: [Int]) -> Double {
    guard subset.count > 2 else { return .nan }
    var sum = 0.0
    for (position, i) in subset.enumerated() {
      for j in subset[(position + 1)...] {
        guard let place = places[[i, j]] else { return .nan }
        sum += value(values, of: place)
      }
    }
    return sum / Double(subset.count * (subset.count - 1) / 2)
  }
}
