internal import HDF5

extension DatasetSchema {
  /// The names of the tasks, wherever a dimension is labelled "task".
  static let taskNames = DatasetSchema(
    "/dims/task", .string, ["task"], units: "", "Names of the tasks, in the order of every task dimension.")

  /// Which tasks are in which subset.
  static let member = DatasetSchema(
    "/member", .uint8, ["subset", "task"], units: "1", "1 if the task is in the subset, else 0.", range: 0...1
  )
}

extension AttributeSchema {
  /// The verdict of score, handed on to the table at the end.
  static let verdictOfScore = AttributeSchema(
    "/", "verdict", .string, "The verdict of score: whether the gains show reliable structure, in words.",
    optional: true)
}
