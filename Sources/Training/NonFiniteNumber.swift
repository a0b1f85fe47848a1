/// A number that is not finite.
package enum NonFiniteValue: String, Sendable, CaseIterable {
  /// Not a number.
  case nan
  /// ∞.
  case infinity = "inf"
  /// −∞.
  case negativeInfinity = "-inf"

  /// What kind of number it is; nil for a finite one.
  package init?(_ number: Double) {
    if number.isFinite { return nil }
    self = number.isNaN ? .nan : number > 0 ? .infinity : .negativeInfinity
  }

  /// The number itself.
  package var number: Double {
    switch self {
    case .nan: .nan
    case .infinity: .infinity
    case .negativeInfinity: -.infinity
    }
  }
}

/// The first number of a computation that was not finite: what it was, of which tasks, and when.
package struct NonFiniteNumber: Sendable, Equatable {
  /// What kind of number was found.
  package let value: NonFiniteValue
  /// Where.
  package let quantity: Quantity
  /// The tasks that it belongs to: one, or all that share it.
  package let tasks: [String]
  /// When.
  package let moment: Moment

  /// A number from its parts.
  package init(_ value: NonFiniteValue, in quantity: Quantity, tasks: [String], at moment: Moment) {
    self.value = value
    self.quantity = quantity
    self.tasks = tasks
    self.moment = moment
  }

  /// A quantity of the learner; tensors are named as in artifacts.
  package enum Quantity: Sendable, Equatable {
    /// An entry of a raw observation.
    case observation(entry: Int)
    /// An entry of the raw last observation of an episode that was truncated.
    case finalObservation(entry: Int)
    /// The running variance of an entry of the observations.
    case observationVariance(entry: Int)
    /// A reward in single precision.
    case reward
    /// The critic's value of an observation.
    case value
    /// The critic's value of the last observation of an episode that was truncated.
    case finalValue
    /// log π(a | x) of an action as it was drawn.
    case logProbability
    /// An advantage before it is standardised.
    case advantage
    /// A sum of the loss, such as "policy loss".
    case loss(String)
    /// The gradient of the loss by a tensor, such as "policy/layer_0/weight".
    case gradient(of: String)
    /// A tensor of policy or critic.
    case parameter(String)
    /// An entry of a projected gradient.
    case feature(entry: Int)
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
  }
}

extension NonFiniteNumber: CustomStringConvertible {
  /// The number and the remedy, such as "the reward of task cartpole/flip is nan at environment step 1234
  /// (iteration 3); check the task's parameters".
  package var description: String {
    let owner =
      (tasks.count == 1 ? "of task " : tasks.isEmpty ? "" : "of the tasks ")
      + tasks.joined(separator: ", ")
    return
      "the \(quantity.words)\(owner.isEmpty ? "" : " " + owner) is \(value.rawValue) at \(moment.words); "
      + quantity.remedy
  }
}

extension NonFiniteNumber.Quantity {
  fileprivate var words: String {
    switch self {
    case .observation(let entry): "observation's entry \(entry)"
    case .finalObservation(let entry): "last observation's entry \(entry)"
    case .observationVariance(let entry): "variance of the observations' entry \(entry)"
    case .reward: "reward"
    case .value: "value"
    case .finalValue: "last observation's value"
    case .logProbability: "log-probability"
    case .advantage: "advantage"
    case .loss(let name): name
    case .gradient(let tensor): "gradient of \(tensor)"
    case .parameter(let tensor): "parameter \(tensor)"
    case .feature(let entry): "projected gradient's entry \(entry)"
    }
  }

  fileprivate var remedy: String {
    switch self {
    case .observation, .finalObservation, .observationVariance, .reward: "check the task's parameters"
    case .value, .finalValue, .logProbability, .advantage, .loss, .gradient, .parameter, .feature:
      "lower ppo.learning_rate or ppo.ent_coef"
    }
  }
}

extension NonFiniteNumber.Moment {
  fileprivate var words: String {
    switch self {
    case .environmentStep(let step, let iteration): "environment step \(step) (iteration \(iteration))"
    case .optimizerStep(let step, let iteration): "optimiser step \(step) (iteration \(iteration))"
    case .episodeStep(let step, let episode): "step \(step) of episode \(episode)"
    case .transition(let number): "transition \(number)"
    }
  }
}

/// The index of the first number that is not finite.
func firstNonFinite(_ numbers: UnsafePointer<Double>, count: Int) -> Int? {
  // 0 · x is 0 unless x is infinite or not a number, and a sum with NaN is NaN.
  var sum = 0.0
  for index in 0..<count { sum += 0 * numbers[index] }
  return sum == 0 ? nil : (0..<count).first { !numbers[$0].isFinite }
}

/// The index of the first number that is not finite.
func firstNonFinite(_ numbers: UnsafePointer<Float>, count: Int) -> Int? {
  var sums = SIMD8<Float>()
  var index = 0
  while index + 8 <= count {
    sums += 0 * UnsafeRawPointer(numbers + index).loadUnaligned(as: SIMD8<Float>.self)
    index += 8
  }
  var sum = sums.sum()
  for rest in index..<count { sum += 0 * numbers[rest] }
  return sum == 0 ? nil : (0..<count).first { !numbers[$0].isFinite }
}
