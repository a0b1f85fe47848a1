/// What can be wrong with a configuration of training, or go wrong while it runs.
package enum TrainingError: Error, Equatable, CustomStringConvertible {
  /// A setting lies outside its range.
  case invalidSetting(key: String, value: String, requirement: String)

  /// A number is infinite or not a number, and nothing is computed from it; in a training, the results of the
  /// iteration before were the last good ones.
  case nonFinite(NonFiniteNumber)

  /// A policy was to act in tasks of other spaces than those it was made for.
  case spacesDiffer(task: String, expected: String, found: String)

  /// A training was to go on from a snapshot of another one.
  case snapshotDoesNotFit(reason: String)

  package var description: String {
    switch self {
    case .invalidSetting(let key, let value, let requirement):
      "\(key) is \(value); it must be \(requirement)"
    case .nonFinite(let number):
      "\(number)"
    case .snapshotDoesNotFit(let reason):
      "a snapshot is not one of this training: \(reason); begin it anew"
    case .spacesDiffer(let task, let expected, let found):
      "task \(task) does not fit the policy: expected \(expected), found \(found)"
    }
  }
}
