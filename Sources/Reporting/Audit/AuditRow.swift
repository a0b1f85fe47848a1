internal import Artifacts
internal import Random
internal import Statistics

/// How well the sets of one kind are ranked in one way, beside what could be reached.
struct AuditRow: Sendable, Equatable {
  /// Who ranks them: a reading of a score, or a rival.
  var predictor: String
  /// What the true trainings began with.
  var start: String
  /// Which sets: "all sets", "sets of 3", "sets with cartpole/flip".
  var sets: String
  /// How many of them.
  var count: Int
  /// Spearman's rank correlation with the true values, a mean over the scores.
  var correlation: Double
  /// Its 95 % interval, over resampled sets, runs and scores.
  var interval: ConfidenceInterval
  /// The same between the true values of two runs that repeat each other, a mean over pairs; NaN without any.
  var betweenRuns: Double
  /// What a predictor without noise would reach against the mean of such runs, √(R r / (1 + (R − 1) r)) with r between two
  /// and R of them (Spearman and Brown); NaN without any.
  var ceiling: Double
}

/// A kind of sets that are ranked among themselves: places of sets, and a value of each run for each.
struct SetFamily: Sendable {
  /// What they are called.
  let name: String
  /// Their places in the truth.
  let places: [Int]
  /// The true values, shape (R, count).
  let values: [[Double]]
  /// The runs that repeat each other, (groups, runs).
  let repeats: [[Int]]

  /// Of the sets of a size, or nil for every size, those that every run has trained.
  init?(_ name: String, of truth: TrueValues, size: Int? = nil) {
    let all = truth.subsets.indices.filter { size == nil || truth.subsets[$0].count == size }
    self.init(name, all, truth) { run, place in
      truth.value(truth.entries[run], of: place)
    }
  }

  /// Of the sets with a task, its own value in them.
  init?(_ name: String, of truth: TrueValues, withTask task: Int) {
    let all = truth.subsets.indices.filter { truth.subsets[$0].contains(task) }
    self.init(name, all, truth) { run, place in
      let member = truth.subsets[place].firstIndex(of: task) ?? 0
      return truth.entries[run][truth.firstEntry[place] + member]
    }
  }

  private init?(
    _ name: String, _ all: [Int], _ truth: TrueValues, value: (_ run: Int, _ place: Int) -> Double
  ) {
    let table = truth.seeds.indices.map { run in all.map { value(run, $0) } }
    let known = all.indices.filter { column in table.allSatisfy { !$0[column].isNaN } }
    guard known.count > 2 else { return nil }
    self.name = name
    places = known.map { all[$0] }
    values = table.map { row in known.map { row[$0] } }
    repeats = truth.repeats
  }

  /// The mean rank correlation between two runs that repeat each other; NaN without any.
  var betweenRuns: Double {
    let pairs = repeats.flatMap { group in group.flatMap { a in group.filter { $0 > a }.map { (a, $0) } } }
    return pairs.isEmpty ? .nan : mean(pairs.map { spearmanCorrelation(values[$0], values[$1]) })
  }

  /// The rank correlation that a predictor without noise has with the mean of runs that repeat each other.
  var ceiling: Double {
    let (r, count) = (betweenRuns, mean(repeats.map { Double($0.count) }))
    return r.isNaN ? .nan : (max(0, count * r / (1 + (count - 1) * r))).squareRoot()
  }

  /// Compares predictions with the means over runs.
  ///
  /// - Parameters:
  ///   - predictions: of each score, one for each set, shape (scores, count).
  ///   - runs: for each score, the runs that it is compared with.
  /// - Returns: the mean over scores, and a 95 % interval from resampled sets, runs and scores.
  func compare(
    _ predictions: [[Double]], runs: [[Int]], replicates: Int, random: RandomStream
  ) -> (correlation: Double, interval: ConfidenceInterval) {
    func correlation(_ score: Int, _ sets: [Int], _ runs: [Int]) -> Double {
      spearmanCorrelation(
        sets.map { predictions[score][$0] },
        sets.map { set in runs.reduce(0) { $0 + values[$1][set] } })
    }
    let all = Array(places.indices)
    let whole = mean(predictions.indices.map { correlation($0, all, runs[$0]) })
    var samples: [Double] = []
    for replicate in 0..<replicates {
      var stream = random.derived("replicate-\(replicate)")
      func draw(_ values: [Int]) -> [Int] { values.map { _ in values[stream.index(below: values.count)] } }
      let sets = draw(all)
      let scores = draw(Array(predictions.indices))
      let value = mean(scores.map { correlation($0, sets, draw(runs[$0])) })
      if !value.isNaN { samples.append(value) }
    }
    let interval =
      samples.isEmpty ? ConfidenceInterval(low: .nan, high: .nan) : percentileInterval(samples)
    return (whole, interval)
  }
}
