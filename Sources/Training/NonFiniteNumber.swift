/// The first number of a computation that was not finite: what it was, of which tasks, and when.
package struct NonFiniteNumber: Sendable, Equatable {
  /// What was found: "nan", "inf" or "-inf".
  package let value: String
  /// Where.
  package let quantity: Quantity
  /// The tasks that it belongs to: one, or all that share it.
  package let tasks: [String]
  /// When.
  package let moment: Moment

  /// A number from its parts.
  package init(_ number: Double, in quantity: Quantity, tasks: [String], at moment: Moment) {
    value = number.isNaN ? "nan" : "\(number)"
    self.quantity = quantity
    self.tasks = tasks
    self.moment = moment
  }

  /// A quantity of the learner; tensors are named as in artifacts.
  package struct Quantity: Sendable, Equatable {
    /// What it is called in a sentence.
    let words: String
    /// What to do about it.
    let remedy: String

    private static func ofWorld(_ words: String) -> Quantity {
      Quantity(words: words, remedy: "check the task's parameters")
    }

    private static func ofLearner(_ words: String) -> Quantity {
      Quantity(words: words, remedy: "lower ppo.learning_rate or ppo.ent_coef")
    }

    /// An entry of a raw observation.
    package static func observation(entry: Int) -> Quantity { ofWorld("observation's entry \(entry)") }
    /// An entry of the raw last observation of an episode that was truncated.
    package static func finalObservation(entry: Int) -> Quantity {
      ofWorld("last observation's entry \(entry)")
    }
    /// The running variance of an entry of the observations.
    package static func observationVariance(entry: Int) -> Quantity {
      ofWorld("variance of the observations' entry \(entry)")
    }
    /// A reward in single precision.
    package static let reward = ofWorld("reward")
    /// The critic's value of an observation.
    package static let value = ofLearner("value")
    /// The critic's value of the last observation of an episode that was truncated.
    package static let finalValue = ofLearner("last observation's value")
    /// log π(a | x) of an action as it was chosen.
    package static let logProbability = ofLearner("log-probability")
    /// An advantage before it is standardised.
    package static let advantage = ofLearner("advantage")
    /// A sum of the loss, such as "policy loss".
    package static func loss(_ name: String) -> Quantity { ofLearner(name) }
    /// The gradient of the loss by a tensor, such as "policy/layer_0/weight".
    package static func gradient(of tensor: String) -> Quantity { ofLearner("gradient of \(tensor)") }
    /// A tensor of policy or critic.
    package static func parameter(_ tensor: String) -> Quantity { ofLearner("parameter \(tensor)") }
    /// An entry of a projected gradient.
    package static func feature(entry: Int) -> Quantity {
      ofLearner("projected gradient's entry \(entry)")
    }
  }

  /// A time in a training or in the episodes of a trained policy; everything counts from 0.
  package enum Moment: Sendable, Equatable {
    /// A step over all environments of a training: iteration · T · E + t · E + e.
    case environmentStep(Int, iteration: Int)
    /// A step of the optimiser.
    case optimizerStep(Int, iteration: Int)
    /// A step of one of a task's episodes.
    case episodeStep(Int, episode: Int)
    /// One of all tasks' transitions.
    case transition(Int)

    fileprivate var words: String {
      switch self {
      case .environmentStep(let step, let iteration): "environment step \(step) (iteration \(iteration))"
      case .optimizerStep(let step, let iteration): "optimiser step \(step) (iteration \(iteration))"
      case .episodeStep(let step, let episode): "step \(step) of episode \(episode)"
      case .transition(let number): "transition \(number)"
      }
    }
  }
}

extension NonFiniteNumber: CustomStringConvertible {
  /// The number and the remedy, such as "the reward of task cartpole/flip is nan at environment step 1234
  /// (iteration 3); check the task's parameters".
  package var description: String {
    let owner = tasks.isEmpty ? "" : tasks.count == 1 ? " of task " : " of the tasks "
    return
      "the \(quantity.words)\(owner)\(tasks.joined(separator: ", ")) is \(value) at \(moment.words); "
      + quantity.remedy
  }
}

/// Requires numbers to be finite.
///
/// - Parameter number: the first that is not, given its index and itself.
/// - Throws: `TrainingError.nonFinite` with it.
func requireFinite(
  _ numbers: UnsafePointer<Float>, count: Int, _ number: (Int, Double) -> NonFiniteNumber
) throws(TrainingError) {
  guard let index = firstNonFinite(numbers, count: count) else { return }
  throw .nonFinite(number(index, Double(numbers[index])))
}

/// The index of the first number that is not finite.
func firstNonFinite<Number: BinaryFloatingPoint & SIMDScalar & BitwiseCopyable>(
  _ numbers: UnsafePointer<Number>, count: Int
) -> Int? {
  // 0 · x is 0 unless x is infinite or not a number, and a sum with NaN is NaN.
  var sums = SIMD8<Number>()
  var index = 0
  while index + 8 <= count {
    sums += 0 * UnsafeRawPointer(numbers + index).loadUnaligned(as: SIMD8<Number>.self)
    index += 8
  }
  var sum = sums.sum()
  for rest in index..<count { sum += 0 * numbers[rest] }
  return sum == 0 ? nil : (0..<count).first { !numbers[$0].isFinite }
}
