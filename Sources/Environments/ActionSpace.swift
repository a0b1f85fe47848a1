/// What an environment accepts as an action.
package enum ActionSpace: Sendable, Equatable {
  /// Vectors of `size` numbers. Learners are expected to stay within [low, high]; what lies outside is the
  /// environment's affair (HalfCheetah's motors saturate at the bounds).
  case continuous(size: Int, low: Float, high: Float)

  /// One of `count` choices, written into a buffer as its index 0 ..< count, a whole number in a `Float`.
  case discrete(count: Int)

  /// The number of entries one action takes in a buffer: `size`, or 1 for a discrete choice.
  package var width: Int {
    switch self {
    case .continuous(let size, _, _): size
    case .discrete: 1
    }
  }
}
