internal import Clustering
internal import Configuration
internal import Random

extension Workload {
  /// The task sets that cluster is expected to ask for, the largest first.
  ///
  /// One set for all tasks and one for each are certain. Of the groupings it is assumed that they have k groups of
  /// equal size, and that who is in which is random; the random groupings are drawn as cluster draws them. So the
  /// environment steps are right but for sets that two groupings happen to share, and the number of sets is as good
  /// as k.
  ///
  /// - Parameter random: the stream of the draws.
  func expectedSets(random: RandomStream) -> [TaskSet] {
    let even = Grouping(labels: (0..<taskCount).map { $0 % groupCount })
    let others = randomGroupings(
      like: even, count: configuration.cluster.randomGroupings + 1, using: random.derived("random-groupings"))
    let groupings = [even, .single(taskCount), .separate(taskCount)] + others
    return Set(groupings.flatMap(\.groups).map { TaskSet($0) }).sorted {
      $0.members.count != $1.members.count
        ? $0.members.count > $1.members.count : $0.members.lexicographicallyPrecedes($1.members)
    }
  }
}
