internal import Artifacts
internal import Clustering
internal import Spelling
internal import Statistics

/// The audit as it is stored.
func artifact(_ rows: [AuditRow], _ places: [GroupingAudit], tasks: [String]) -> AuditArtifact {
  AuditArtifact {
    $0.tasks = tasks
    $0.predictors = rows.map(\.predictor)
    $0.starts = rows.map(\.start)
    $0.sets = rows.map(\.sets)
    $0.counts = rows.map { Int32($0.count) }
    $0.correlation = rows.map(\.correlation)
    $0.low = rows.map(\.interval.low)
    $0.high = rows.map(\.interval.high)
    $0.betweenRuns = rows.map(\.betweenRuns)
    $0.ceiling = rows.map(\.ceiling)
    $0.groupings = places.map(\.name)
    $0.groupingStarts = places.map(\.start)
    $0.labels = places.flatMap { $0.grouping.labels.map { Int32($0) } }
    $0.values = places.map(\.value)
    $0.regret = places.map(\.regret)
    $0.rank = places.map(\.rank)
  }
}

/// The audit as text: for each start a table of rank correlations, a row for each predictor and a column for each kind of
/// sets, and a table of groupings.
func auditText(_ rows: [AuditRow], _ places: [GroupingAudit], _ truth: TruthArtifact) -> String {
  var text = missingText(truth)
  for start in ["scratch", "meta"] {
    let runs = truth.starts.count { $0 == start }
    guard runs > 0 else { continue }
    let title = start == "scratch" ? "trained from scratch" : "adapted from θ*"
    text += "Sets \(title), \(runs) \(runs == 1 ? "run" : "runs")\n\n"
    text += correlationText(rows.filter { $0.start == start })
    text += groupingText(places.filter { $0.start == start })
  }
  return text
}

private func correlationText(_ rows: [AuditRow]) -> String {
  guard !rows.isEmpty else { return "" }
  func unique(_ key: KeyPath<AuditRow, String>) -> [String] {
    rows.map { $0[keyPath: key] }.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
  let kinds = unique(\.sets).filter { !$0.hasPrefix("sets with ") }
  let tasks = rows.filter { $0.sets.hasPrefix("sets with ") }
  var table = [["rank correlation"] + kinds.flatMap { [$0, "95 % interval"] } + ["each task"]]
  for predictor in unique(\.predictor) {
    let cells = kinds.flatMap { kind -> [String] in
      guard let row = rows.first(where: { $0.predictor == predictor && $0.sets == kind }) else {
        return ["", ""]
      }
      return [fixed(row.correlation, 2), "[\(fixed(row.interval.low, 2)), \(fixed(row.interval.high, 2))]"]
    }
    let each = tasks.filter { $0.predictor == predictor }.map(\.correlation).filter { !$0.isNaN }
    table.append([predictor] + cells + [each.isEmpty ? "" : fixed(mean(each), 2)])
  }
  for (name, key) in [("between repeats", \AuditRow.betweenRuns), ("ceiling", \AuditRow.ceiling)] {
    func number(_ rows: [AuditRow]) -> String {
      let known = rows.map { $0[keyPath: key] }.filter { !$0.isNaN }
      return known.isEmpty ? "–" : fixed(mean(known), 2)
    }
    let cells = kinds.flatMap { kind in [number(rows.filter { $0.sets == kind }), ""] }
    table.append([name] + cells + [number(tasks)])
  }
  return aligned(table) + "\n"
}

/// Which sets were not trained, if any.
private func missingText(_ truth: TruthArtifact) -> String {
  let (entries, episodes) = (truth.entryTask.count, max(truth.episodeCount, 1))
  let lines = truth.starts.indices.compactMap { run -> String? in
    let missing = Set(
      (0..<entries).filter { truth.returns[(run * entries + $0) * episodes].isNaN }.map {
        truth.entrySubset[$0]
      })
    return missing.isEmpty
      ? nil
      : "seed \(truth.seeds[run]), \(truth.starts[run])-\(truth.numbers[run]): \(missing.count) of \(truth.subsets.count) sets are not trained; only kinds of sets that every run has are compared\n"
  }
  return lines.joined() + (lines.isEmpty ? "" : "\n")
}

private func groupingText(_ places: [GroupingAudit]) -> String {
  guard !places.isEmpty else { return "" }
  var table = [["grouping", "groups", "true value", "regret", "better"]]
  for place in places {
    table.append([
      place.name, "\(place.grouping.groupCount)", fixed(place.value, 3), fixed(place.regret, 3),
      "\(fixed(100 * place.rank, 2)) %",
    ])
  }
  return aligned(table) + """
    True value: the mean over tasks of the return, 0 for random actions and 1 for the task's best set. Regret: what the best
    grouping with as many groups has more. Better: the share of such groupings with a larger value.


    """
}
