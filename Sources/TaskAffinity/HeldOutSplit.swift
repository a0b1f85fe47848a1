package import Random

/// A task that has too few episodes to be split.
package struct HeldOutSplitError: Error, Equatable, CustomStringConvertible {
  /// The task's place on the task axis.
  package let task: Int
  /// The number of its episodes, 0 or 1.
  package let episodeCount: Int

  package var description: String {
    "task \(task) has \(episodeCount) episodes; a split into fitted and held-out episodes needs two"
  }
}

/// Which transitions are held out: whole episodes of every task, drawn at random.
///
/// Transitions of one episode are not independent, so an episode is never on both sides. Of m episodes,
/// `fraction` · m are held out, rounded, but at least one and at most m − 1.
///
/// - Parameters:
///   - task: the task of each transition, shape (N), in 0..<names.count.
///   - episode: the episode of each transition, shape (N); numbers are distinct across tasks, and an episode's
///     transitions stand together.
///   - names: the names of the tasks, shape (n).
///   - fraction: the share held out, in 0...1.
///   - random: each task draws from the stream of its name, so a task's split does not depend on the others.
/// - Returns: whether each transition is held out, shape (N).
/// - Throws: `HeldOutSplitError` for a task with fewer than two episodes.
package func heldOutTransitions(
  task: [Int32], episode: [Int32], names: [String], fraction: Double, random: RandomStream
) throws(HeldOutSplitError) -> [Bool] {
  precondition(task.count == episode.count, "every transition has a task and an episode")
  var episodes = [[Int32]](repeating: [], count: names.count)
  for (task, episode) in zip(task, episode) where episodes[Int(task)].last != episode {
    episodes[Int(task)].append(episode)
  }
  var held: Set<Int32> = []
  for (index, name) in names.enumerated() {
    var drawn = episodes[index]
    guard drawn.count >= 2 else { throw HeldOutSplitError(task: index, episodeCount: drawn.count) }
    var stream = random.derived(name)
    stream.shuffle(count: drawn.count) { drawn.swapAt($0, $1) }
    let count = Int((fraction * Double(drawn.count)).rounded())
    held.formUnion(drawn.prefix(min(max(count, 1), drawn.count - 1)))
  }
  return episode.map { held.contains($0) }
}
