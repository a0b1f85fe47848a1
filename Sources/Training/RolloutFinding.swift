/// A number of a rollout that is not finite; the least of several is the one that came first.
///
/// Earlier steps come first; of one step, what is acted on, the actions, what they brought; of these, lower rows.
struct RolloutFinding: Comparable {
  /// What kind of number it is.
  let value: NonFiniteValue
  /// An observation, a log-probability, a reward or a last observation.
  let quantity: NonFiniteNumber.Quantity
  /// The step of the rollout, in 0...T.
  let step: Int
  /// The environment.
  let row: Int

  /// A finding; nil for a finite number.
  init?(_ number: Double, _ quantity: NonFiniteNumber.Quantity, step: Int, row: Int) {
    guard let value = NonFiniteValue(number) else { return nil }
    self.value = value
    self.quantity = quantity
    self.step = step
    self.row = row
  }

  static func < (one: RolloutFinding, other: RolloutFinding) -> Bool {
    (one.step, one.phase, one.row) < (other.step, other.phase, other.row)
  }

  private var phase: Int {
    switch quantity {
    case .observation: 0
    case .logProbability: 1
    case .reward: 2
    default: 3
    }
  }
}
