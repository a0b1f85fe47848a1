internal import Artifacts
internal import Statistics

/// What a score says about sets of tasks, in one of the ways in which it can be read.
struct Estimate: Sendable {
  /// How it is read: "gain", "retained gain", "affinity (U)", "gradient cosine".
  let name: String
  /// The seed of the run that it comes from.
  let seed: Int
  /// What it says of each member of a set, by the set; none for a reading that speaks of sets alone.
  var members: [[Int]: [Double]] = [:]
  /// What it says of a set as a whole.
  let value: @Sendable (_ subset: [Int]) -> Double?

  /// Every reading of a score that it allows.
  ///
  /// - Parameters:
  ///   - score: the score.
  ///   - seed: its run's seed.
  static func readings(of score: ScoreArtifact, seed: Int) -> [Estimate] {
    let n = score.tasks.count
    var gains: [[Int]: [Double]] = [:]
    for row in 0..<score.performance.count / n {
      let values = score.performance[row * n..<(row + 1) * n]
      let subset = (0..<n).filter { !values[row * n + $0].isNaN }
      gains[subset] = subset.map { values[row * n + $0] }
    }
    func pairs(_ matrix: [Double]) -> @Sendable ([Int]) -> Double? {
      { subset in
        let pairs = subset.flatMap { i in subset.filter { $0 > i }.map { matrix[i * n + $0] } }
        return pairs.isEmpty ? nil : mean(pairs)
      }
    }
    func ofMembers(_ name: String, _ members: [[Int]: [Double]]) -> Estimate {
      Estimate(name: name, seed: seed, members: members) { subset in members[subset].map { mean($0) } }
    }
    var found = [ofMembers("mean gain", gains)]
    if !score.sets.isEmpty {
      let retained = score.sets.enumerated().map { row, set in
        (set, set.map { score.retained[row * n + $0] })
      }
      found.insert(ofMembers("retained gain", Dictionary(uniqueKeysWithValues: retained)), at: 0)
    }
    return found + [
      Estimate(name: "affinity of pairs (U)", seed: seed, value: pairs(score.affinity)),
      Estimate(name: "gradient cosine", seed: seed, value: pairs(score.gradientCosine)),
    ]
  }
}
