internal import Spelling

/// The families and tasks that are known by name, in the order in which they were registered.
package struct TaskRegistry: Sendable {
  /// The environment families.
  package private(set) var families: [EnvironmentFamily] = []

  /// The named tasks, each valid.
  package private(set) var tasks: [TaskSpecification] = []

  /// An empty registry.
  package init() {}

  /// Adds a family.
  ///
  /// - Throws: `EnvironmentError.duplicate`.
  package mutating func register(_ family: EnvironmentFamily) throws(EnvironmentError) {
    guard !families.contains(where: { $0.name == family.name }) else {
      throw .duplicate("an environment family", name: family.name)
    }
    families.append(family)
  }

  /// Adds a task of a family registered before.
  ///
  /// - Throws: `EnvironmentError.duplicate`, and what `validate` throws.
  package mutating func register(_ task: TaskSpecification) throws(EnvironmentError) {
    guard !tasks.contains(where: { $0.name == task.name }) else {
      throw .duplicate("a task", name: task.name)
    }
    try validate(task)
    tasks.append(task)
  }

  /// The task of this name.
  ///
  /// - Throws: `EnvironmentError.unknown`, with the name probably meant.
  package func task(named name: String) throws(EnvironmentError) -> TaskSpecification {
    guard let task = tasks.first(where: { $0.name == name }) else {
      throw .unknown(
        "there is no task", name: name, suggestion: closestSpelling(to: name, among: tasks.map(\.name)))
    }
    return task
  }

  /// The family that a task belongs to.
  ///
  /// - Throws: `EnvironmentError.unknown`, with the name probably meant.
  package func family(of task: TaskSpecification) throws(EnvironmentError) -> EnvironmentFamily {
    guard let family = families.first(where: { $0.name == task.family }) else {
      throw .unknown(
        "task \(task.name): there is no environment family", name: task.family,
        suggestion: closestSpelling(to: task.family, among: families.map(\.name)))
    }
    return family
  }

  /// Checks that an environment can be made of a task: its family exists, its horizon is positive, and its
  /// parameters are known and in range. The error names the task and what is wrong.
  package func validate(_ task: TaskSpecification) throws(EnvironmentError) {
    _ = try resolvedParameters(of: task)
  }

  /// Makes an environment of a task, registered or not.
  ///
  /// - Throws: what `validate` throws, and what the family's simulator throws.
  package func makeEnvironment(_ task: TaskSpecification) throws -> any Environment {
    try family(of: task).make(resolvedParameters(of: task))
  }

  /// Makes worlds of these tasks, at least one, a row each; the family's own group if all are of one that has it.
  ///
  /// - Throws: `differentSpaces`, what `validate` throws, and what the family's simulator throws.
  func makeGroup(_ tasks: [TaskSpecification]) throws -> any EnvironmentGroup {
    let first = try family(of: tasks[0])
    for task in tasks {
      let family = try family(of: task)
      guard family.observationSize == first.observationSize, family.actionSpace == first.actionSpace,
        family.metrics == first.metrics
      else { throw EnvironmentError.differentSpaces(task: task.name, first: tasks[0].name) }
    }
    if let make = first.makeGroup, tasks.allSatisfy({ $0.family == first.name }) {
      return try make(tasks.map { try resolvedParameters(of: $0) })
    }
    return EnvironmentRows(try tasks.map { try makeEnvironment($0) })
  }

  /// The files that families' environments read, path by name.
  ///
  /// - Parameter names: the families; unknown ones have none.
  /// - Throws: `AssetsError` for the first file that is not there.
  package func assetFiles(ofFamilies names: Set<String>) throws(AssetsError) -> [String: String] {
    var files: [String: String] = [:]
    for family in families where names.contains(family.name) {
      for asset in family.assets { files[asset.name] = try asset.path() }
    }
    return files
  }

  /// The task's parameters over the family's defaults, all checked.
  private func resolvedParameters(of task: TaskSpecification) throws(EnvironmentError) -> TaskParameters {
    let family = try family(of: task)
    guard task.horizon >= 1 else {
      throw .unfit(
        task: task.name, setting: "the horizon", value: "\(task.horizon) steps", demand: "be at least 1")
    }
    var values: [String: ParameterValue] = [:]
    for parameter in family.parameters { values[parameter.name] = parameter.defaultValue }
    for (name, value) in task.parameters.sorted(by: { $0.key < $1.key }) {
      guard let parameter = family.parameters.first(where: { $0.name == name }) else {
        throw .unknown(
          "task \(task.name): its family has no parameter", name: name,
          suggestion: closestSpelling(to: name, among: family.parameters.map(\.name)))
      }
      try parameter.check(value, of: task.name)
      values[name] = value
    }
    return TaskParameters(values)
  }
}
