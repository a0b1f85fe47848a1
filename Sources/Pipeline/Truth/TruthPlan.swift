package import Configuration
internal import TaskAffinity

/// One training of the truth.
package struct TruthJob: Sendable, Equatable {
  /// Which of the trainings of the set it is.
  package let run: TruthRunKind
  /// What it is of.
  package let set: TaskSet

  /// The file of its result below the truth's folder, "meta-1/tasks-0-3.h5".
  package var fileName: String { "\(run.folder)/\(set.name).h5" }
}

/// One of the trainings that every set has with a seed.
package struct TruthRunKind: Sendable, Equatable {
  /// What it begins with.
  package let start: SetTrainingSection.Start
  /// Its number among those with this start, from 0; others have other random numbers.
  package let number: Int

  /// The folder of its results below the truth's, "scratch-0".
  package var folder: String { "\(start.rawValue)-\(number)" }

  /// All of a section, for the given kinds of start.
  package static func all(_ section: TruthSection, starts: [SetTrainingSection.Start]) -> [TruthRunKind] {
    starts.flatMap { start in
      (0..<(start == .meta ? section.metaRepeats : 1)).map { TruthRunKind(start: start, number: $0) }
    }
  }
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

/// The task sets of the truth, the smallest first, those of one size in the order of their members.
///
/// - Throws: `ProgramError.usage` for every size of more tasks than that is meant for, and where no set has the sizes.
package func truthSets(_ section: TruthSection, taskCount: Int) throws -> [TaskSet] {
  guard section.sizes != nil || taskCount <= mostTasksOfAllSizes else {
    throw ProgramError.usage(
      "truth.sizes is all, but \(taskCount) tasks have 2^\(taskCount) − 1 sets; name sizes, such as [1, 2]")
  }
  let sizes = Set(section.sizes ?? Array(1...taskCount)).sorted().filter { $0 <= taskCount }
  guard !sizes.isEmpty else {
    throw ProgramError.usage("truth.sizes has no size that \(taskCount) tasks have")
  }
  return sizes.flatMap { combinations(of: taskCount, size: $0) }.map { TaskSet($0) }
}

/// Up to this many tasks, sets of every size can be asked for at once.
private let mostTasksOfAllSizes = 14
