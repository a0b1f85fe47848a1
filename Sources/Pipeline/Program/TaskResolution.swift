internal import ClassicTasks
package import Configuration
package import Environments
internal import MuJoCoTasks
internal import Training

/// Every environment and task that the pipeline knows.
///
/// The files that environments read are looked for when they are needed.
package func standardRegistry() throws -> TaskRegistry {
  var registry = TaskRegistry()
  try registry.registerClassicTasks()
  try registry.registerMuJoCoTasks()
  return registry
}

extension TaskRegistry {
  /// The tasks that a configuration lists, each checked and with everything said; what their environments read is there.
  ///
  /// - Throws: `ConfigurationError`, at the entry's line; `AssetsError`.
  package func resolve(_ entries: [TaskEntry], file: String) throws -> [TaskSpecification] {
    let tasks = try entries.map { entry in
      do throws(EnvironmentError) {
        return try resolve(entry)
      } catch {
        throw ConfigurationError(file: file, line: entry.line, "\(error)")
      }
    }
    let families = try tasks.map { try family(of: $0) }
    for (index, family) in families.enumerated()
    where family.observationSize != families[0].observationSize
      || family.actionSpace != families[0].actionSpace || family.metrics != families[0].metrics
    {
      throw ConfigurationError(
        file: file, line: entries[index].line,
        "\(tasks[index].name) has other observations or actions than \(tasks[0].name), or other metrics; the tasks of a benchmark must share them"
      )
    }
    _ = try assetFiles(ofFamilies: Set(tasks.map(\.family)))
    return tasks
  }

  /// Whether each episode reached its task's goal, task after task; nil if these tasks do not define success.
  func success(in episodes: [[PlayedEpisode]], of tasks: [TaskSpecification]) throws -> [Bool]? {
    guard try family(of: tasks[0]).metrics.first == .success else { return nil }
    return episodes.joined().map { $0.metrics[0] > 0 }
  }

  private func resolve(_ entry: TaskEntry) throws(EnvironmentError) -> TaskSpecification {
    var task: TaskSpecification
    if let environment = entry.environment {
      task = TaskSpecification(
        name: entry.name, family: environment, parameters: entry.taskParameters, horizon: 1)
      task.horizon = try family(of: task).defaultHorizon
    } else {
      task = try self.task(named: entry.name)
      task.parameters.merge(entry.taskParameters) { $1 }
    }
    task.horizon = entry.horizon ?? task.horizon
    try validate(task)
    return task
  }
}

extension TaskEntry {
  /// The parameters as a task has them.
  fileprivate var taskParameters: [String: ParameterValue] {
    parameters.compactMapValues {
      switch $0 {
      case .number(let value): .number(value)
      case .string(let word): .choice(word)
      default: nil
      }
    }
  }
}

extension TaskSpecification {
  /// The task as an entry of a slice, with everything said.
  package var entry: ResolvedValue {
    TaskEntry.resolved(
      name: name, environment: family, horizon: horizon,
      parameters: parameters.mapValues {
        switch $0 {
        case .number(let value): .number(value)
        case .choice(let word): .string(word)
        }
      })
  }
}
