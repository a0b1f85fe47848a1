internal import Artifacts
internal import Statistics

/// The true, normalised returns behind one kind of start: what estimates are compared with.
///
/// v_i(S) = (J_i(S) − low_i) / (high_i − low_i): 0 is the mean return of random actions, 1 that of the best set for the
/// task from either start, as means over the runs; so a task that nobody learns from one start is no noise there. The
/// value of a set is the mean over its members.
struct TrueValues: Sendable {
  /// The task indices of each set (subset).
  let subsets: [[Int]]
  /// The seeds of the runs (R).
  let seeds: [Int]
  /// v_i(S) of each run and entry, shape (R, entries); NaN where the set was not trained.
  let entries: [[Double]]
  /// The same after a share of the steps, by point, shape (points, R, entries).
  let curve: [[[Double]]]
  /// The shares of the steps.
  let fractions: [Double]
  /// Environment steps per task.
  let stepsPerTask: Int
  /// The runs that repeat each other: those from one θ*, or all from scratch; (groups, runs).
  let repeats: [[Int]]
  /// The first entry of each set.
  let firstEntry: [Int]
  /// The sets' places by their members.
  let places: [[Int]: Int]

  /// The values of the runs with this start; nil if there is none.
  init?(_ truth: TruthArtifact, start: String) {
    let runs = truth.starts.indices.filter { truth.starts[$0] == start }
    guard let first = runs.first else { return nil }
    let (n, count, points) = (truth.tasks.count, truth.entryTask.count, truth.fractions.count)
    func returns(_ run: Int, _ entry: Int, at point: Int) -> Double {
      Double(truth.curve[(run * count + entry) * points + point])
    }
    var (low, high) = ([Double](repeating: 0, count: n), [Double](repeating: -.infinity, count: n))
    for i in 0..<n {
      let known = truth.starts.indices.map { truth.randomReturns[$0 * n + i] }.filter { !$0.isNaN }
      low[i] = known.isEmpty ? .nan : mean(known)
    }
    for kind in Set(truth.starts) {
      let own = truth.starts.indices.filter { truth.starts[$0] == kind }
      for entry in 0..<count {
        let known = own.map { returns($0, entry, at: points - 1) }.filter { !$0.isNaN }
        let task = Int(truth.entryTask[entry])
        if !known.isEmpty { high[task] = max(high[task], mean(known)) }
      }
    }
    func normalised(_ point: Int) -> [[Double]] {
      runs.map { run in
        (0..<count).map { entry in
          let (task, value) = (Int(truth.entryTask[entry]), returns(run, entry, at: point))
          return value.isNaN ? .nan : rescaled(value, from: low[task], to: high[task])
        }
      }
    }
    subsets = truth.subsets
    seeds = runs.map { Int(truth.seeds[$0]) }
    curve = (0..<points).map(normalised)
    entries = curve[points - 1]
    fractions = truth.fractions
    stepsPerTask = Int(truth.stepsPerTask[first])
    let seeds = seeds
    repeats =
      start == "meta"
      ? Set(seeds).sorted().map { seed in seeds.indices.filter { seeds[$0] == seed } }
      : [Array(seeds.indices)]
    var next = 0
    firstEntry = truth.subsets.map { subset in
      defer { next += subset.count }
      return next
    }
    places = Dictionary(uniqueKeysWithValues: zip(truth.subsets, truth.subsets.indices))
  }

  /// The mean over the members of a set, of values for every entry; NaN where one is missing.
  func value(_ values: [Double], of subset: Int) -> Double {
    let first = firstEntry[subset]
    return mean(Array(values[first..<first + subsets[subset].count]))
  }

  /// The means over some runs, by entry; runs that lack the entry do not count.
  func means(over runs: [Int]) -> [Double] {
    guard let first = runs.first else { return [] }
    return entries[first].indices.map { entry in
      let known = runs.map { entries[$0][entry] }.filter { !$0.isNaN }
      return known.isEmpty ? .nan : mean(known)
    }
  }
}
