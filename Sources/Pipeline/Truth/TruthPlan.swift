package import Configuration
internal import TaskAffinity

/// One training of the truth.
package struct TruthJob: Sendable, Equatable {
  /// What the training begins with.
  package let start: SetTrainingSection.Start
  /// What it is of.
  package let set: TaskSet

  /// The file of its result below the truth's folder, "scratch/tasks-0-3.h5".
  package var fileName: String { "\(start.rawValue)/\(set.name).h5" }
}

/// One of several equal parts of the truth, trained apart.
package struct Shard: Sendable, Equatable {
  /// Which part, from 1.
  package let number: Int
  /// How many parts there are.
  package let count: Int

  /// The part that a text such as "3/16" names.
  ///
  /// - Throws: `ProgramError.usage` for a text of another form and for a part that does not exist.
  package init(_ text: String) throws {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let number = parts[0], let count = parts[1], (1...1_000_000).contains(count),
      (1...count).contains(number)
    else {
      throw ProgramError.usage("a shard is a part and the number of parts, 1/16 to 16/16, found \"\(text)\"")
    }
    (self.number, self.count) = (number, count)
  }

  /// Every `count`th element, so that parts cost about the same.
  func part<Element>(of all: [Element]) -> [Element] {
    stride(from: number - 1, to: all.count, by: count).map { all[$0] }
  }
}

/// The trainings of the truth of one seed, the largest sets first.
///
/// - Parameter starts: what the trainings begin with; each set is trained once for each.
/// - Throws: `ProgramError.usage` for every size of more tasks than that is meant for.
package func truthJobs(
  _ section: TruthSection, taskCount: Int, starts: [SetTrainingSection.Start]
) throws -> [TruthJob] {
  guard section.sizes != nil || taskCount <= mostTasksOfAllSizes else {
    throw ProgramError.usage(
      "truth.sizes is all, but \(taskCount) tasks have 2^\(taskCount) − 1 sets; name sizes, such as [1, 2]")
  }
  let sizes = Set(section.sizes ?? Array(1...taskCount)).sorted(by: >).filter { $0 <= taskCount }
  return sizes.flatMap { size in
    combinations(of: taskCount, size: size).flatMap { members in
      starts.map { TruthJob(start: $0, set: TaskSet(members)) }
    }
  }
}

/// Up to this many tasks, sets of every size can be asked for at once.
private let mostTasksOfAllSizes = 14
