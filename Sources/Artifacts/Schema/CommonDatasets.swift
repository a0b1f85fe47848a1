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

/// Subsets of tasks as a table of zeros and ones.
enum SubsetTable {
  /// The table (subset, task), row-major, of lists of task indices.
  static func flags(_ subsets: [[Int]], taskCount: Int) -> [UInt8] {
    var flags = [UInt8](repeating: 0, count: subsets.count * taskCount)
    for (row, subset) in subsets.enumerated() {
      for task in subset {
        precondition((0..<taskCount).contains(task), "subset \(row) holds the task \(task), of \(taskCount)")
        flags[row * taskCount + task] = 1
      }
    }
    return flags
  }

  /// The lists of task indices, ascending, of the table `/member`; it must have one row at least, and every row one
  /// task.
  static func subsets(_ contents: ValidatedContents) throws(ArtifactError) -> [[Int]] {
    let flags = try contents.flags("/member")
    let taskCount = try contents.length("/member", 1)
    guard try contents.length("/member", 0) > 0 else {
      throw contents.mismatch("/member", expected: "at least one subset", found: "none")
    }
    var subsets: [[Int]] = []
    for row in 0..<(try contents.length("/member", 0)) {
      subsets.append((0..<taskCount).filter { flags[row * taskCount + $0] })
      if subsets[row].isEmpty {
        throw contents.mismatch("/member[\(row)]", expected: "at least one task", found: "an empty subset")
      }
    }
    return subsets
  }
}
