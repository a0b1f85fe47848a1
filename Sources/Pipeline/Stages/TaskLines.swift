internal import Logging
internal import Spelling
internal import Statistics

/// More tasks than this have one line in a log, with what is extreme among them.
let mostTaskLines = 20

extension Logger {
  /// Says a number of every task: one aligned line per task, or one line of all where there are many.
  ///
  /// - Parameters:
  ///   - quantity: what the number is, such as "return".
  ///   - tasks: the tasks' names, shape (K).
  ///   - values: the numbers, shape (K), in the quantity's unit.
  ///   - intervals: their intervals, shape (K); nil for none.
  func report(
    _ quantity: String, of tasks: [String], _ values: [Double], intervals: [ConfidenceInterval]? = nil,
    decimals: Int
  ) {
    if tasks.count > mostTaskLines,
      let least = values.indices.min(by: { values[$0] < values[$1] }),
      let most = values.indices.max(by: { values[$0] < values[$1] })
    {
      info(
        """
        \(quantity) of \(tasks.count) tasks: mean \(fixed(mean(values), decimals)), least \
        \(fixed(values[least], decimals)) (\(tasks[least])), most \(fixed(values[most], decimals)) (\(tasks[most]))
        """)
      return
    }
    let rows = tasks.indices.map { task in
      let ends = intervals.map {
        ["[\(fixed($0[task].low, decimals)),", "\(fixed($0[task].high, decimals))]"]
      }
      return [tasks[task], quantity, fixed(values[task], decimals)] + (ends ?? [])
    }
    for line in aligned(rows).split(separator: "\n") { info("\(line)") }
  }

  /// Says which tasks are in which group, a line for each; of a large group its first tasks.
  func report(groups: [[Int]], of tasks: [String]) {
    for (number, group) in groups.enumerated() {
      let named = group.prefix(mostTaskLines).map { tasks[$0] }
      let rest = group.count > named.count ? " and \(group.count - named.count) more" : ""
      info(
        "group \(number), \(group.count) task\(group.count == 1 ? "" : "s"): \(named.joined(separator: ", "))\(rest)"
      )
    }
  }
}
