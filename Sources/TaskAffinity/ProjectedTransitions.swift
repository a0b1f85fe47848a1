/// The transitions of all tasks as the surrogate sees them: a projected score, a label and a weight each.
package struct ProjectedTransitions: Sendable {
  /// The number of tasks (n).
  package let taskCount: Int
  /// The dimension of the features (d).
  package let dimension: Int
  /// The projected scores Pᵀ∇log π (g̃), shape (N, d).
  package let features: [Float]
  /// The advantage of each transition, standardised per task, shape (N). Its sign is the label (y), its size the
  /// weight (w); transitions below `smallestAdvantage` carry neither.
  package let advantage: [Float]
  /// The task of each transition, in 0..<n, shape (N).
  package let task: [Int32]
  /// The episode of each transition, shape (N); an episode belongs to one task.
  package let episode: [Int32]
  /// Whether the transition is kept from the fits, shape (N); the same for all of an episode.
  package let heldOut: [Bool]

  /// An advantage smaller than this has no reliable sign.
  package static let smallestAdvantage: Float = 1e-8

  /// Bundles columns of equal length.
  ///
  /// - Precondition: the lengths agree, and tasks are in range.
  package init(
    taskCount: Int, dimension: Int, features: [Float], advantage: [Float], task: [Int32], episode: [Int32],
    heldOut: [Bool]
  ) {
    let count = advantage.count
    precondition(features.count == count * dimension, "features have shape (N, d)")
    precondition(
      task.count == count && episode.count == count && heldOut.count == count, "columns have N entries")
    precondition(task.allSatisfy { (0..<Int32(taskCount)).contains($0) }, "tasks are in 0..<n")
    self.taskCount = taskCount
    self.dimension = dimension
    self.features = features
    self.advantage = advantage
    self.task = task
    self.episode = episode
    self.heldOut = heldOut
  }

  /// One part of every task's transitions, shape (n).
  ///
  /// - Parameter part: true for the held-out part, false for the part that is fitted.
  func parts(heldOut part: Bool) -> [TaskPart] {
    var rows = [[Int]](repeating: [], count: taskCount)
    for row in advantage.indices where heldOut[row] == part && abs(advantage[row]) >= Self.smallestAdvantage {
      rows[Int(task[row])].append(row)
    }
    return rows.map { TaskPart(self, rows: $0) }
  }
}
