internal import HDF5

extension ArtifactSchema {
  /// `cluster.h5`.
  package static let cluster = ArtifactSchema(
    stage: "cluster", version: 1,
    summary: "Groupings of the tasks: the one found, and the controls beside it.",
    datasets: [
      .taskNames,
      DatasetSchema(
        "/groupings/<name>", .int32, ["task"], units: "1",
        "Group of each task, numbered from 0 without a gap.",
        range: 0...Double(Int32.max)),
      DatasetSchema(
        "/relaxation", .float64, ["task", "task"], units: "1",
        "Solution of the semidefinite program that is rounded."),
      DatasetSchema(
        "/objective", .float64, [], units: "1", "Objective of the semidefinite program at the solution."),
      DatasetSchema(
        "/dual_bound", .float64, [], units: "1", "Upper bound on that objective from a dual feasible point."),
      DatasetSchema(
        "/exact_objective", .float64, [], units: "1", "Objective of the best grouping found by enumeration.",
        optional: true),
      DatasetSchema(
        "/rounding_loss", .float64, [], units: "1",
        "Exact objective minus that of the rounded grouping.", optional: true),
      DatasetSchema(
        "/selection/penalty", .float64, ["candidate"], units: "1", "Trace penalties tried when k was chosen.",
        optional: true),
      DatasetSchema(
        "/selection/trace", .float64, ["candidate"], units: "1", "Trace of the relaxation at each penalty.",
        optional: true),
      DatasetSchema(
        "/selection/group_count", .int32, ["candidate"], units: "1", "Number of groups at each penalty.",
        range: 0...Double(Int32.max), optional: true),
    ],
    attributes: [
      AttributeSchema("/", "k", .integer, "Number of groups."),
      AttributeSchema("/groupings", "order", .strings, "Names of the groupings in the order of tables."),
      .verdictOfScore,
    ],
    plots: [
      PlotSchema("relaxation", signal: "/relaxation"),
      PlotSchema("selection", signal: "/selection/trace", coordinates: ["candidate": "/selection/penalty"]),
    ])
}
