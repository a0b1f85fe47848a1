internal import HDF5

/// What cluster hands on: the groupings to be trained.
package struct ClusterArtifact: Artifact {
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

  @Dataset(.taskNames) package var tasks: [String]
  /// Every grouping to be trained, in the order of tables.
  package var groupings: [Grouping] = []
  @Dataset("/relaxation", ["task", "task"], "Solution of the semidefinite program that is rounded.")
  package var relaxation: [Double]
  @Dataset("/objective", [], "Objective of the semidefinite program at the solution.")
  package var objective: Double
  @Dataset("/dual_bound", [], "Upper bound on that objective from a dual feasible point.")
  package var dualBound: Double
  @Dataset("/exact_objective", [], "Objective of the best grouping found by enumeration.")
  package var exactObjective: Double?
  @Dataset("/rounding_loss", [], "Exact objective minus that of the rounded grouping.")
  package var roundingLoss: Double?
  @Dataset("/selection/penalty", ["candidate"], "Trace penalties tried when k was chosen.")
  package var selectionPenalty: [Double]?
  @Dataset("/selection/trace", ["candidate"], "Trace of the relaxation at each penalty.")
  package var selectionTrace: [Double]?
  @Dataset("/selection/group_count", ["candidate"], "Number of groups at each penalty.", atLeast: 0)
  package var selectionGroupCount: [Int32]?
  @Dataset(
    "/curve/value", ["groups"], "What the best grouping with 1, 2, … groups retains, a mean over the tasks.",
    optional: true)
  package var curve: [Double]
  @Dataset(
    "/curve/low", ["groups"], "Lower end of its 95 % interval, over resampled episodes.", optional: true)
  package var curveLow: [Double]
  @Dataset("/curve/high", ["groups"], "Upper end of its 95 % interval.", optional: true)
  package var curveHigh: [Double]
  @Dataset(
    "/curve/label", ["groups", "task"], "The group of each task in that grouping.", atLeast: 0, optional: true
  )
  package var curveLabels: [Int32]
  @Attribute("/", "k", "Number of groups.")
  package var k: Int
  @Attribute(.verdictOfScore) package var verdict: String?

  /// `cluster.h5`.
  package static let layout = ArtifactLayout<Self>(
    Self(), stage: "cluster", version: 1,
    summary: "Groupings of the tasks: the one found, and the controls beside it.",
    .stored(\.$tasks), groupingTable,
    .stored(
      \.$relaxation, \.$objective, \.$dualBound, \.$exactObjective, \.$roundingLoss, \.$selectionPenalty,
      \.$selectionTrace, \.$selectionGroupCount, \.$curve, \.$curveLow, \.$curveHigh, \.$curveLabels, \.$k,
      \.$verdict),
    .count(of: \.$tasks, atLeast: 1, \.$k),
    .rule { (cluster, contents) throws(ArtifactError) in
      guard cluster.selectionPenalty != nil else { return }
      for (name, isThere) in [
        ("trace", cluster.selectionTrace != nil), ("group_count", cluster.selectionGroupCount != nil),
      ] where !isThere {
        throw contents.mismatch("/selection/\(name)", expected: "that of each penalty", found: "nothing")
      }
    },
    plots: [
      PlotSchema(name: "relaxation", signal: "/relaxation"),
      PlotSchema(
        name: "selection", signal: "/selection/trace", coordinates: ["candidate": "/selection/penalty"]),
    ])

  /// The groupings: a dataset for each, and their order.
  private static let groupingTable = LayoutPart<Self>.part(
    [
      DatasetSchema(
        path: "/groupings/<name>", type: .int32, dimensions: ["task"],
        description: "Group of each task, numbered from 0 without a gap.", range: 0...Double(Int32.max)),
      .attribute(
        "/groupings", "order", .string, "Names of the groupings in the order of tables.",
        dimensions: ["grouping"]),
    ]
  ) { (cluster, contents) throws(ArtifactError) in
    cluster.groupings = try groupings(contents)
  } write: { cluster, writer in
    for grouping in cluster.groupings {
      writer.contents.datasets["/groupings/" + grouping.name] = grouping.labels.stored(along: [nil])
    }
    writer.contents.attributes["/groupings@order"] = cluster.groupings.map(\.name).stored(along: [nil])
  }

  private static func groupings(_ contents: ArtifactContents) throws(ArtifactError) -> [Grouping] {
    let stored = contents.datasets.keys.filter { $0.hasPrefix("/groupings/") }.sorted()
    let order = contents.attributes["/groupings@order"]?.values.array(of: String.self) ?? []
    guard order.map({ "/groupings/" + $0 }).sorted() == stored else {
      throw contents.mismatch(
        "/groupings@order", expected: "the names of all groupings: \(stored.joined(separator: ", "))",
        found: "[\(order.joined(separator: ", "))]")
    }
    var groupings: [Grouping] = []
    for name in order {
      let labels = contents.datasets["/groupings/" + name]?.values.array(of: Int32.self) ?? []
      let used = Set(labels)
      guard used.count == Int(labels.max() ?? -1) + 1 else {
        throw contents.mismatch(
          "/groupings/" + name, expected: "groups numbered from 0 without a gap", found: "\(used.sorted())")
      }
      groupings.append(Grouping(name: name, labels: labels))
    }
    return groupings
  }
}
