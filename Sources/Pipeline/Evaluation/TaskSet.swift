/// Some of a benchmark's tasks that one policy is trained on: the unit of full-train-eval.
///
/// A set is named by its members ("tasks-0-3-7"), so that groupings which share a set share its training.
package struct TaskSet: Sendable, Hashable {
  /// The tasks' places on the benchmark's task axis, increasing.
  package let members: [Int]

  /// The set of these tasks.
  ///
  /// - Precondition: there is at least one.
  package init(_ members: [Int]) {
    precondition(!members.isEmpty, "a task set has a member")
    self.members = Set(members).sorted()
  }

  /// The set of this name.
  ///
  /// - Throws: `UsageError` for a name that is not of the form tasks-i-j-…, i < j < ….
  package init(name: String) throws {
    let members = name.split(separator: "-").dropFirst().compactMap { Int($0) }
    guard !members.isEmpty, TaskSet(members).name == name else {
      throw UsageError(
        "\"\(name)\" is not the name of a task set; one is tasks-0-3-7, with increasing numbers")
    }
    self.members = members
  }

  /// The set's name, which is also its file's.
  package var name: String { (["tasks"] + members.map(String.init)).joined(separator: "-") }

  /// The distinct sets among lists of tasks, the largest first, those of one size in the order of their members.
  package static func distinct(_ sets: [[Int]]) -> [TaskSet] {
    Set(sets.map { TaskSet($0) }).sorted {
      $0.members.count != $1.members.count
        ? $0.members.count > $1.members.count : $0.members.lexicographicallyPrecedes($1.members)
    }
  }
}
