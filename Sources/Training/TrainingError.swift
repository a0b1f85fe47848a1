/// What can be wrong with a configuration of training, or go wrong while it runs.
package enum TrainingError: Error, Equatable, CustomStringConvertible {
  /// A setting lies outside its range.
  case invalidSetting(key: String, value: String, requirement: String)

  /// A number of the learner is infinite or not a number; the parameters of the iteration before were the
  /// last good ones.
  case diverged(quantity: String, iteration: Int)

  /// An environment gave a reward that is infinite or not a number.
  case nonFiniteReward(task: String, iteration: Int)

  /// The same of an episode played outside training: its reward, or the critic's value of it.
  case nonFiniteEpisode(task: String, quantity: String)

  /// A policy was to act in tasks of other spaces than those it was made for.
  case spacesDiffer(task: String, expected: String, found: String)

  /// A training was to go on from a snapshot of another one.
  case snapshotDoesNotFit

  package var description: String {
    switch self {
    case .invalidSetting(let key, let value, let requirement):
      "\(key) is \(value); it must be \(requirement)"
    case .diverged(let quantity, let iteration):
      "training diverged: the \(quantity) of iteration \(iteration) is not finite; lower learning_rate"
    case .nonFiniteReward(let task, let iteration):
      "task \(task) gave a reward that is not finite in iteration \(iteration); check the task's parameters"
    case .nonFiniteEpisode(let task, let quantity):
      "a \(quantity) of task \(task) is not finite; check the task's parameters and the policy's"
    case .snapshotDoesNotFit:
      "a snapshot is not one of this training; begin it anew"
    case .spacesDiffer(let task, let expected, let found):
      "task \(task) does not fit the policy: expected \(expected), found \(found)"
    }
  }
}
