internal import Artifacts

/// The distinct task sets behind the groupings of a cluster file, the largest first: the order in which they keep
/// parallel workers busy longest.
///
/// - Parameter file: the file of cluster.
package func distinctTaskSets(cluster file: String) throws -> [TaskSet] {
  try ClusterArtifact(reading: file).distinctTaskSets
}

extension ClusterArtifact {
  /// The distinct task sets behind the groupings, the largest first.
  var distinctTaskSets: [TaskSet] { TaskSet.distinct(groupings.flatMap(\.sets)) }
}

extension ClusterArtifact.Grouping {
  /// The task set that each task is trained in, shape (K).
  var taskSets: [TaskSet] {
    let sets = sets.map { TaskSet($0) }
    return labels.map { sets[Int($0)] }
  }
}
