/// A number of a rollout that is not finite; the least of several is the one that came first.
///
/// Earlier steps come first; of one step, what is acted on, the actions, what they brought; of these, lower rows.
struct RolloutFinding: Comparable {
  /// An observation, a log-probability, a reward or a last observation.
  let number: Actor.Finding
  /// The step of the rollout, in 0...T.
  let step: Int
  /// The environment.
  let row: Int

  static func < (one: RolloutFinding, other: RolloutFinding) -> Bool {
    (one.step, one.phase, one.row) < (other.step, other.phase, other.row)
  }

  private var phase: Int {
    switch number.quantity {
    case .observation: 0
    case .logProbability: 1
    case .reward: 2
    default: 3
    }
  }
}
