internal import Foundation
internal import TaskAffinity

extension Peers {
  /// scikit-learn's fit of all of the given tasks together, in seconds: the problem that `fitSubsets` solves for
  /// the subset of all tasks.
  ///
  /// - Parameter problem: makes the transitions, of which those held out are left out, and the ridge λ.
  func logisticFit(
    _ problem: @escaping () throws -> (transitions: ProjectedTransitions, ridge: Double)
  ) -> [Contestant] {
    guard python != nil else { return [] }
    return [
      Contestant("scikit-learn, lbfgs") {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).fit")
          .path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let (transitions, ridge) = try problem()
        try fitProblem(transitions, ridge: ridge).write(to: URL(fileURLWithPath: path))
        return try round("sklearn_fit.py", [path])
      }
    ]
  }

  /// A solver's time for the relaxation of a random affinity of `tasks` tasks, in seconds.
  ///
  /// - Parameters:
  ///   - solver: CLARABEL or SCS.
  ///   - groups: k.
  func relaxation(_ solver: String, tasks: Int, groups: Int) -> [Contestant] {
    contestant("\(solver) under cvxpy", "cvxpy_relaxation.py", ["\(tasks)", solver, "\(groups)"])
  }
}

/// The bytes of a problem as sklearn_fit.py reads them.
private func fitProblem(_ transitions: ProjectedTransitions, ridge: Double) -> Data {
  let rows = transitions.heldOut.indices.filter { !transitions.heldOut[$0] }
  let width = transitions.dimension
  var data = Data()
  func append(_ values: [some Any]) { values.withUnsafeBytes { data.append(contentsOf: $0) } }
  append([Int64(rows.count), Int64(width), Int64(transitions.taskCount)])
  append([ridge])
  for row in rows { append(Array(transitions.features[row * width..<(row + 1) * width])) }
  append(rows.map { transitions.advantage[$0] })
  append(rows.map { transitions.task[$0] })
  return data
}
