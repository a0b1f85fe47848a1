internal import Artifacts
internal import Digest

/// Some of a benchmark's tasks that one policy is trained on: the unit of full-train-eval.
///
/// A set is named by its members, so that groupings which share a set share its training.
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
  /// - Parameter file: the file of cluster, by whose groupings a name that does not spell its members is known.
  /// - Throws: `ProgramError.usage` for a name that is neither of the form tasks-i-j-…, i < j < …, nor of a set of the groupings.
  package init(name: String, cluster file: String? = nil) throws {
    if let set = try file.flatMap({ try distinctTaskSets(cluster: $0).first { $0.name == name } }) {
      self = set
      return
    }
    let members = name.split(separator: "-").dropFirst().compactMap { Int($0) }
    guard !members.isEmpty, TaskSet(members).name == name else {
      throw ProgramError.usage(
        "\"\(name)\" is not the name of a task set; one is tasks-0-3-7, with increasing numbers, or what `full-train-eval sets` prints"
      )
    }
    self.members = members
  }

  /// All members by number, "tasks-0-3-7": the name of the set's random streams.
  var spelledName: String { (["tasks"] + members.map(String.init)).joined(separator: "-") }

  /// The set's name, which is also its file's: all members by number, or, where that is longer than 60 characters, how
  /// many there are and the start of the SHA-256 of that text, "tasks-30-0123456789abcdef".
  package var name: String {
    let text = spelledName
    guard text.utf8.count > 60 else { return text }
    return "tasks-\(members.count)-\(SHA256.digest(of: Array(text.utf8)).prefix(16))"
  }

  /// The distinct sets among lists of tasks, the largest first, those of one size in the order of their members.
  package static func distinct(_ sets: [[Int]]) -> [TaskSet] {
    Set(sets.map { TaskSet($0) }).sorted {
      $0.members.count != $1.members.count
        ? $0.members.count > $1.members.count : $0.members.lexicographicallyPrecedes($1.members)
    }
  }
}

/// The distinct task sets behind the groupings of a cluster file, the largest first: the order in which they keep
/// parallel workers busy longest.
package func distinctTaskSets(cluster file: String) throws -> [TaskSet] {
  try TaskSet.distinct(ClusterArtifact(reading: file).groupings.flatMap(\.sets))
}

extension ClusterArtifact.Grouping {
  /// The task set that each task is trained in, shape (K).
  var taskSets: [TaskSet] {
    let sets = sets.map { TaskSet($0) }
    return labels.map { sets[Int($0)] }
  }
}
