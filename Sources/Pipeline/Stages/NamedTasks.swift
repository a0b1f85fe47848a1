internal import TaskAffinity

/// Does work on numbered tasks, and lets its errors call the tasks by name and say what file they are about.
///
/// - Parameters:
///   - tasks: the names of the tasks, by number.
///   - file: the file that the work depends on.
///   - work: throws `FitError` or `SubsetError` with the numbers of tasks.
/// - Throws: `InputError` for a `FitError`, `UsageError` for a `SubsetError`; other errors as they are.
func namingTasks<Result>(_ tasks: [String], file: String, _ work: () throws -> Result) throws -> Result {
  func name(_ task: Int) -> String { tasks.indices.contains(task) ? tasks[task] : "task \(task)" }
  do {
    return try work()
  } catch let error as FitError {
    throw InputError(file: file, reason: error.description(naming: name))
  } catch let error as SubsetError {
    throw UsageError("\(file): \(error.description(naming: name))")
  }
}
