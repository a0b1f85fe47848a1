internal import HDF5

/// What cluster hands on: the groupings to be trained.
package struct ClusterArtifact: Artifact {
  /// How it is stored.
  package static var schema: ArtifactSchema { .cluster }

  /// A way to divide the tasks among groups.
  package struct Grouping: Sendable, Equatable {
    /// Its name, such as "policygradex" or "random-0"; no slash.
    package let name: String

    /// The group of each task (K), numbered from 0 without a gap.
    package let labels: [Int32]

    /// A grouping.
    package init(name: String, labels: [Int32]) {
      self.name = name
      self.labels = labels
    }

    /// The task indices of each group, ascending, in the order of the groups.
    package var sets: [[Int]] {
      var sets = [[Int]](repeating: [], count: Int(labels.max() ?? -1) + 1)
      for (task, label) in labels.enumerated() { sets[Int(label)].append(task) }
      return sets
    }
  }

  /// The curve by which the number of groups was chosen; one entry for each trace penalty tried (L).
  package struct Selection: Sendable, Equatable {
    /// The penalties.
    package let penalty: [Double]
    /// The trace of the relaxation at each.
    package let trace: [Double]
    /// The number of groups at each.
    package let groupCount: [Int32]

    /// A curve.
    package init(penalty: [Double], trace: [Double], groupCount: [Int32]) {
      self.penalty = penalty
      self.trace = trace
      self.groupCount = groupCount
    }
  }

  /// The names of the tasks (K).
  package let tasks: [String]

  /// The solution of the semidefinite program (K, K), row-major.
  package let relaxation: [Double]

  /// Its objective.
  package let objective: Double

  /// An upper bound on the objective from a dual feasible point.
  package let dualBound: Double

  /// The objective of the best grouping, where enumeration was possible.
  package let exactObjective: Double?

  /// The exact objective minus that of the rounded grouping, where enumeration was possible.
  package let roundingLoss: Double?

  /// How k was chosen; nil if it was given.
  package let selection: Selection?

  /// The number of groups.
  package let k: Int

  /// Every grouping to be trained, in the order of tables.
  package let groupings: [Grouping]

  /// The verdict of score, in words: whether the affinities show reliable structure; nil if the file does not say.
  package let verdict: String?

  /// The values of the stage; see the properties.
  package init(
    tasks: [String], relaxation: [Double], objective: Double, dualBound: Double, exactObjective: Double?,
    roundingLoss: Double?, selection: Selection?, k: Int, groupings: [Grouping],
    verdict: String?
  ) {
    self.tasks = tasks
    self.relaxation = relaxation
    self.objective = objective
    self.dualBound = dualBound
    self.exactObjective = exactObjective
    self.roundingLoss = roundingLoss
    self.selection = selection
    self.k = k
    self.groupings = groupings
    self.verdict = verdict
  }

  /// The values of a validated file.
  package init(_ contents: ValidatedContents) throws(ArtifactError) {
    var selection: Selection?
    if let penalty = contents.optional("/selection/penalty", as: Double.self) {
      selection = Selection(
        penalty: penalty, trace: try contents.values("/selection/trace"),
        groupCount: try contents.values("/selection/group_count"))
    }
    self.init(
      tasks: try contents.values("/dims/task"), relaxation: try contents.values("/relaxation"),
      objective: try contents.scalar("/objective"), dualBound: try contents.scalar("/dual_bound"),
      exactObjective: contents.optional("/exact_objective", as: Double.self)?.first,
      roundingLoss: contents.optional("/rounding_loss", as: Double.self)?.first, selection: selection,
      k: try contents.integer("k", of: "/"), groupings: try Self.groupings(contents),
      verdict: contents.text("verdict", of: "/"))
    guard (1...max(tasks.count, 1)).contains(k) else {
      throw contents.mismatch("/@k", expected: "a number from 1 to \(tasks.count)", found: "\(k)")
    }
  }

  private static func groupings(_ contents: ValidatedContents) throws(ArtifactError) -> [Grouping] {
    let stored = contents.contents.datasets.keys.filter { $0.hasPrefix("/groupings/") }.sorted()
    guard case .strings(let order)? = contents.contents.attributes["/groupings"]?["order"],
      order.map({ "/groupings/" + $0 }).sorted() == stored
    else {
      throw contents.mismatch(
        "/groupings@order", expected: "the names of all groupings: \(stored.joined(separator: ", "))",
        found: contents.contents.attributes["/groupings"]?["order"].map { "\($0)" } ?? "nothing")
    }
    var groupings: [Grouping] = []
    for name in order {
      let labels = try contents.values("/groupings/" + name, as: Int32.self)
      let used = Set(labels)
      guard used.count == Int(labels.max() ?? -1) + 1 else {
        throw contents.mismatch(
          "/groupings/" + name, expected: "groups numbered from 0 without a gap", found: "\(used.sorted())")
      }
      groupings.append(Grouping(name: name, labels: labels))
    }
    return groupings
  }

  /// The datasets and attributes.
  package var contents: ArtifactContents {
    var contents = ArtifactContents()
    contents.add(tasks: tasks)
    contents.add("/relaxation", .float64(relaxation), shape: [tasks.count, tasks.count])
    contents.add("/objective", .float64([objective]), shape: [])
    contents.add("/dual_bound", .float64([dualBound]), shape: [])
    if let exactObjective { contents.add("/exact_objective", .float64([exactObjective]), shape: []) }
    if let roundingLoss { contents.add("/rounding_loss", .float64([roundingLoss]), shape: []) }
    if let selection {
      let count = selection.penalty.count
      contents.add("/selection/penalty", .float64(selection.penalty), shape: [count])
      contents.add("/selection/trace", .float64(selection.trace), shape: [count])
      contents.add("/selection/group_count", .int32(selection.groupCount), shape: [count])
    }
    for grouping in groupings {
      contents.add("/groupings/" + grouping.name, .int32(grouping.labels), shape: [tasks.count])
    }
    contents.add(attribute: "order", of: "/groupings", .strings(groupings.map(\.name)))
    contents.add(attribute: "k", of: "/", .integer(Int64(k)))
    if let verdict { contents.add(attribute: "verdict", of: "/", .string(verdict)) }
    return contents
  }
}
