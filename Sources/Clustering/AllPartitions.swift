/// Calls `body` with every partition of the tasks, once each, as the labels of `Grouping` and the number of groups. The
/// labels are restricted growth strings, in lexicographic order.
///
/// - Precondition: there is a task.
package func forEachPartition(taskCount n: Int, _ body: (_ labels: [Int], _ groupCount: Int) -> Void) {
  precondition(n >= 1, "there is a task")
  var labels = [Int](repeating: 0, count: n)
  func place(_ task: Int, _ groupCount: Int) {
    guard task < n else { return body(labels, groupCount) }
    for group in 0...groupCount {
      labels[task] = group
      place(task + 1, max(groupCount, group + 1))
    }
  }
  labels[0] = 0
  place(1, 1)
}
