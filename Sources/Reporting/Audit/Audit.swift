package import Artifacts
internal import Clustering
internal import Random
internal import Statistics

/// Compares scores and groupings with what training really gave.
///
/// - Parameters:
///   - truthFile: a file of `truth merge`.
///   - files: files of score and of cluster, one or several seeds.
///   - replicates: resamples behind each interval.
/// - Returns: the numbers, and a table for people.
/// - Throws: `ArtifactError` for a file that is unfit, or about other tasks than the truth.
package func audit(
  truth truthFile: String, _ files: [String], replicates: Int = 1000
) throws -> (artifact: AuditArtifact, text: String) {
  let truth = try TruthArtifact(reading: truthFile)
  var (readings, groupings): ([String: [Estimate]], [(name: String, grouping: Grouping)]) = ([:], [])
  var order: [String] = []
  for file in files {
    let seed = try Provenance(reading: file).seed
    if let clusters = try? ClusterArtifact(reading: file) {
      try requireSameTasks(truth.tasks, from: truthFile, clusters.tasks, from: file)
      for grouping in clusters.groupings {
        groupings.append(
          ("\(grouping.name), seed \(seed)", Grouping(labels: grouping.labels.map { Int($0) })))
      }
      continue
    }
    let score = try ScoreArtifact(reading: file)
    try requireSameTasks(truth.tasks, from: truthFile, score.tasks, from: file)
    for reading in Estimate.readings(of: score, seed: seed) {
      if readings[reading.name] == nil { order.append(reading.name) }
      readings[reading.name, default: []].append(reading)
    }
  }
  var (rows, places): ([AuditRow], [GroupingAudit]) = ([], [])
  for start in ["scratch", "meta"] {
    guard let values = TrueValues(truth, start: start) else { continue }
    for family in families(values, tasks: truth.tasks) {
      let random = RandomStream(seed: 0, name: "audit/\(start)/\(family.name)")
      rows += order.compactMap { name in
        row(name, readings[name] ?? [], family, values, start: start, replicates: replicates, random: random)
      }
      rows += rivals(family, values, start: start, replicates: replicates, random: random)
    }
    let runs = Array(values.seeds.indices)
    guard let partitions = try TruePartitions(values, taskCount: truth.tasks.count, runs: runs) else {
      continue
    }
    places += partitions.best.groupings.enumerated().map {
      partitions.audit($1, name: "best with \($0 + 1) groups", start: start)
    }
    places += groupings.map { partitions.audit($0.grouping, name: $0.name, start: start) }
  }
  return (artifact(rows, places, tasks: truth.tasks), auditText(rows, places, truth))
}

/// The kinds of sets: of each size, all, and those with each task.
private func families(_ truth: TrueValues, tasks: [String]) -> [SetFamily] {
  let sizes = Set(truth.subsets.map(\.count)).sorted().filter { $0 > 1 && $0 < tasks.count }
  let bySize = sizes.compactMap { SetFamily("sets of \($0)", of: truth, size: $0) }
  let all = SetFamily("all sets", of: truth).map { [$0] } ?? []
  return bySize + all
    + tasks.indices.compactMap { SetFamily("sets with \(tasks[$0])", of: truth, withTask: $0) }
}

/// A reading's row, over the scores that speak of every set; nil if there is none.
private func row(
  _ name: String, _ readings: [Estimate], _ family: SetFamily, _ truth: TrueValues, start: String,
  replicates: Int, random: RandomStream
) -> AuditRow? {
  var (predictions, runs): ([[Double]], [[Int]]) = ([], [])
  for reading in readings {
    let values = family.places.map { reading.value(truth.subsets[$0]) ?? .nan }
    guard !values.contains(where: \.isNaN) else { continue }
    predictions.append(values)
    // A start from θ* is that of the score's seed, where there is one.
    let own = truth.seeds.indices.filter { truth.seeds[$0] == reading.seed }
    runs.append(start == "meta" && !own.isEmpty ? own : Array(truth.seeds.indices))
  }
  guard !predictions.isEmpty else { return nil }
  let found = family.compare(predictions, runs: runs, replicates: replicates, random: random.derived(name))
  return AuditRow(
    predictor: name, start: start, sets: family.name, count: family.places.count,
    correlation: found.correlation,
    interval: found.interval, betweenRuns: family.betweenRuns, ceiling: family.ceiling)
}
