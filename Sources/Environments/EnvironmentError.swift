/// What can be wrong with a task, its parameters, or the way an environment is driven.
package enum EnvironmentError: Error, Equatable, CustomStringConvertible {
  /// No task of this name is registered; `suggestion` is the one probably meant.
  case unknownTask(name: String, suggestion: String?)

  /// The task names a family that is not registered.
  case unknownFamily(task: String, family: String, suggestion: String?)

  /// The family has no such parameter.
  case unknownParameter(task: String, parameter: String, suggestion: String?)

  /// A parameter lies outside its range, or is not a number.
  case parameterOutOfRange(task: String, parameter: String, value: Double, range: ClosedRange<Double>)

  /// A parameter is a word where a number is wanted.
  case parameterNotNumber(task: String, parameter: String, value: String)

  /// A parameter is none of the few values allowed.
  case parameterNotAllowed(task: String, parameter: String, value: String, choices: [String])

  /// A task's episodes would have no steps.
  case horizonNotPositive(task: String, horizon: Int)

  /// A task of this name is registered already.
  case duplicateTask(String)

  /// A family of this name is registered already.
  case duplicateFamily(String)

  /// Tasks that are to share a batch have other observations, actions or metrics than its first task.
  case differentSpaces(task: String, first: String)

  /// A batch was asked for without any task.
  case noTasks

  /// `step` was called before `reset`.
  case stepBeforeReset

  /// A discrete action is not one of 0 ..< count.
  case invalidAction(value: Float, count: Int)

  /// An environment reported a metric that is infinite or not a number.
  case nonFiniteMetric(metric: String, value: Double)

  /// A sequence of actions does not consist of whole actions.
  case wrongActionCount(found: Int, width: Int)

  /// A snapshot is not one of this batch of environments.
  case snapshotDoesNotFit(quantity: String, expected: Int, found: Int)

  /// A trajectory was to begin at a given state, in a world whose state cannot be set.
  case stateCannotBeSet

  /// A state has the wrong number of entries.
  case wrongStateSize(expected: Int, found: Int)

  /// A state has an infinite entry or one that is not a number.
  case nonFiniteState(index: Int, value: Double)

  package var description: String {
    switch self {
    case .unknownTask(let name, let suggestion):
      "there is no task \"\(name)\"\(question(suggestion))"
    case .unknownFamily(let task, let family, let suggestion):
      "task \(task): there is no environment family \"\(family)\"\(question(suggestion))"
    case .unknownParameter(let task, let parameter, let suggestion):
      "task \(task): its family has no parameter \"\(parameter)\"\(question(suggestion))"
    case .parameterOutOfRange(let task, let parameter, let value, let range):
      "task \(task): \(parameter) is \(value), it must lie in [\(range.lowerBound), \(range.upperBound)]"
    case .parameterNotNumber(let task, let parameter, let value):
      "task \(task): \(parameter) is \(value), it must be a number"
    case .parameterNotAllowed(let task, let parameter, let value, let choices):
      "task \(task): \(parameter) is \(value), it must be one of \(choices.joined(separator: ", "))"
    case .horizonNotPositive(let task, let horizon):
      "task \(task): the horizon is \(horizon) steps, it must be at least 1"
    case .duplicateTask(let name):
      "a task \"\(name)\" is registered already; give one of the two another name"
    case .duplicateFamily(let name):
      "an environment family \"\(name)\" is registered already; give one of the two another name"
    case .differentSpaces(let task, let first):
      "task \(task) has other observations, actions or metrics than \(first); tasks of one batch must share them"
    case .noTasks:
      "a batch of environments needs at least one task"
    case .stepBeforeReset:
      "an environment was stepped before its first reset; call reset first"
    case .invalidAction(let value, let count):
      "\(value) is no action: it must be a whole number from 0 to \(count - 1)"
    case .nonFiniteMetric(let metric, let value):
      "an environment reports \(value) as \(metric); it must be finite"
    case .wrongActionCount(let found, let width):
      "\(found) numbers do not make whole actions of \(width) entries each"
    case .snapshotDoesNotFit(let quantity, let expected, let found):
      "a snapshot does not fit these environments: \(expected) \(quantity) expected, \(found) found"
    case .stateCannotBeSet:
      "the state of this environment cannot be set; give a seed instead"
    case .wrongStateSize(let expected, let found):
      "a state of this environment has \(expected) entries, not \(found)"
    case .nonFiniteState(let index, let value):
      "entry \(index) of a state is \(value); it must be finite"
    }
  }

  private func question(_ suggestion: String?) -> String {
    suggestion.map { "; did you mean \"\($0)\"?" } ?? ""
  }
}
