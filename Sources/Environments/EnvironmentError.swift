/// What can be wrong with a task, its parameters, or the way an environment is driven.
package enum EnvironmentError: Error, Equatable, CustomStringConvertible {
  /// A name that is not registered: what is looked for in vain ("there is no task"), its name, and the one probably meant.
  case unknown(_ complaint: String, name: String, suggestion: String?)

  /// A setting of a task is not what it must be ("be at least 1").
  case unfit(task: String, setting: String, value: String, demand: String)

  /// Something of this name is registered already ("a task").
  case duplicate(_ kind: String, name: String)

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
    case .unknown(let complaint, let name, let suggestion):
      "\(complaint) \"\(name)\"\(suggestion.map { "; did you mean \"\($0)\"?" } ?? "")"
    case .unfit(let task, let setting, let value, let demand):
      "task \(task): \(setting) is \(value), it must \(demand)"
    case .duplicate(let kind, let name):
      "\(kind) \"\(name)\" is registered already; give one of the two another name"
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
}
