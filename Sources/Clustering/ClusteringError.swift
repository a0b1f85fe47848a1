package import LinearAlgebra

/// Why tasks could not be clustered.
package enum ClusteringError: Error, Equatable, CustomStringConvertible {
  /// The affinity matrix has no rows.
  case noTasks
  /// An affinity is infinite or not a number.
  case notFinite(row: Int, column: Int)
  /// More groups than tasks, or none, were asked for.
  case invalidGroupCount(Int, tasks: Int)
  /// Too many tasks to enumerate their partitions.
  case tooManyTasks(Int, limit: Int)
  /// A factorisation failed.
  case linearAlgebra(LinearAlgebraError)

  package var description: String {
    switch self {
    case .noTasks:
      "there is no task to cluster; give an affinity matrix with at least one row"
    case .notFinite(let row, let column):
      "the affinity of tasks \(row) and \(column) is not finite; sample subsets until every pair occurs"
    case .invalidGroupCount(let count, let tasks):
      "\(tasks) tasks cannot form \(count) groups; ask for 1 to \(tasks)"
    case .tooManyTasks(let count, let limit):
      "the partitions of \(count) tasks are too many to enumerate; the limit is \(limit) tasks"
    case .linearAlgebra(let error):
      "the relaxation failed: \(error)"
    }
  }
}
