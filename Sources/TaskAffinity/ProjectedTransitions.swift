internal import Foundation

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

  /// One part of one task's transitions, widened to double precision.
  ///
  /// - Parameters:
  ///   - task: the task.
  ///   - heldOut: true for the held-out part, false for the part that is fitted.
  package func part(task wanted: Int, heldOut part: Bool) -> TaskPart {
    let rows = advantage.indices.filter {
      task[$0] == Int32(wanted) && heldOut[$0] == part && abs(advantage[$0]) >= Self.smallestAdvantage
    }
    var wide = [Double](repeating: 0, count: rows.count * dimension)
    for (position, row) in rows.enumerated() {
      for column in 0..<dimension {
        wide[position * dimension + column] = Double(features[row * dimension + column])
      }
    }
    var number: [Int32: Int] = [:]
    var episodes: [Int] = []
    for row in rows {
      let position = number[episode[row]] ?? number.count
      number[episode[row]] = position
      episodes.append(position)
    }
    return TaskPart(
      dimension: dimension, features: wide, label: rows.map { advantage[$0] > 0 ? 1 : -1 },
      weight: rows.map { abs(Double(advantage[$0])) }, episode: episodes, episodeCount: number.count)
  }
}

/// Some transitions of one task, ready for sums in double precision.
package struct TaskPart: Sendable {
  /// The dimension of the features (d).
  package let dimension: Int
  /// The projected scores (g̃), shape (N, d).
  package let features: [Double]
  /// The labels y = sign Â, −1 or 1, shape (N).
  package let label: [Double]
  /// The weights w = |Â| > 0, shape (N).
  package let weight: [Double]
  /// The episode of each transition, numbered from 0 in the order of appearance, shape (N).
  package let episode: [Int]
  /// The number of episodes.
  package let episodeCount: Int
  /// The sum of the weights (W).
  package let totalWeight: Double

  /// Some transitions of one task; see the properties.
  init(
    dimension: Int, features: [Double], label: [Double], weight: [Double], episode: [Int], episodeCount: Int
  ) {
    self.dimension = dimension
    self.features = features
    self.label = label
    self.weight = weight
    self.episode = episode
    self.episodeCount = episodeCount
    totalWeight = weight.reduce(0, +)
  }

  /// The number of transitions (N).
  package var count: Int { label.count }
}

/// log(1 + eˣ) without overflow.
func softplus(_ x: Double) -> Double {
  max(x, 0) + log1p(exp(-abs(x)))
}

/// 1 / (1 + e⁻ˣ) without overflow.
func sigmoid(_ x: Double) -> Double {
  let decay = exp(-abs(x))
  return x >= 0 ? 1 / (1 + decay) : decay / (1 + decay)
}
