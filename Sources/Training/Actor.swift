internal import Environments
internal import Policies
internal import Random

/// Acts for the rows of a batch, all in one task: normalises what is seen, feeds it to the policy, takes the most likely
/// action or draws one, clips it to the action space, and finds numbers that are not finite.
///
/// A step is `see` for every row, `decide` once, then `act` for every row; rows of the next step may be seen as soon as
/// the row of their number has acted. An actor serves one worker at a time.
final class Actor {
  /// How actions come about.
  enum Choice {
    /// The policy's most likely action.
    case mode
    /// An action drawn from the policy.
    case sample
    /// An action drawn uniformly from the action space; there need be no policy.
    case uniform
  }

  /// A number that is not finite, and what it is.
  struct Finding: Equatable {
    /// The number.
    let value: NonFiniteValue
    /// What it is.
    let quantity: NonFiniteNumber.Quantity

    /// A finding; nil for a finite number.
    init?(_ number: Double, _ quantity: NonFiniteNumber.Quantity) {
      guard let value = NonFiniteValue(number) else { return nil }
      (self.value, self.quantity) = (value, quantity)
    }
  }

  private let choice: Choice
  private let space: ActionSpace
  private let policy: (shape: Policy, workspace: Policy.Workspace)?
  private var normalizer: RunningNormalizer
  private var task = 0

  /// An actor for up to `capacity` rows; without a policy its actions are uniform.
  ///
  /// - Precondition: `choice` is `.uniform` if there is no policy.
  init(_ policy: Policy?, _ choice: Choice, observationSize: Int, space: ActionSpace, capacity: Int) {
    precondition(policy != nil || choice == .uniform, "only uniform actions need no policy")
    self.choice = choice
    self.space = space
    self.policy = policy.map { ($0, Policy.Workspace($0, capacity: max(capacity, 1))) }
    normalizer = RunningNormalizer(width: observationSize)
  }

  /// Prepares for steps in a task.
  ///
  /// - Parameters:
  ///   - parameters: θ, and whatever follows it.
  ///   - normalizer: the observations' statistics.
  ///   - task: the number by which the policy knows the task.
  func begin(_ parameters: [Float], _ normalizer: RunningNormalizer, task: Int) {
    if let policy { policy.shape.load(parameters, into: policy.workspace) }
    self.normalizer = normalizer
    self.task = task
  }

  /// Takes in what a row sees.
  ///
  /// - Parameters:
  ///   - observation: as the environment shows it, shape (O).
  ///   - normalised: shape (O), filled here.
  /// - Returns: the first entry that is not finite; nothing is taken in then, as normalising would clip an infinity.
  func see(
    _ observation: UnsafePointer<Double>, row: Int, normalised: UnsafeMutablePointer<Float>
  ) -> Finding? {
    if let entry = firstNonFinite(observation, count: normalizer.width) {
      return Finding(observation[entry], .observation(entry: entry))
    }
    normalizer.normalise(observation, into: normalised)
    if let policy {
      policy.shape.network.feed(normalised, task: task, row: row, workspace: policy.workspace.network)
    }
    return nil
  }

  /// Asks the policy about the first `count` rows.
  func decide(_ count: Int) {
    if let policy { policy.shape.network.forward(count: count, workspace: policy.workspace.network) }
  }

  /// Chooses a row's action.
  ///
  /// - Parameters:
  ///   - random: the row's own stream; a most likely action takes nothing from it.
  ///   - action: as chosen, shape (A), filled here.
  ///   - clipped: as the environment is to get it, shape (A), filled here.
  ///   - logProbability: log π(action | x), filled here; 0 if the policy was not asked.
  /// - Returns: the log-probability if it is not finite, as it is where the policy's output is not.
  func act(
    _ row: Int, using random: inout RandomStream, action: UnsafeMutablePointer<Float>,
    clipped: UnsafeMutablePointer<Float>, logProbability: inout Float
  ) -> Finding? {
    logProbability = 0
    switch (choice, policy) {
    case (.mode, let policy?):
      logProbability = policy.shape.mode(row: row, workspace: policy.workspace, action: action)
    case (.sample, let policy?):
      logProbability = policy.shape.sample(
        row: row, workspace: policy.workspace, using: &random, action: action)
    default: space.drawUniformly(into: action, using: &random)
    }
    space.clip(action, into: clipped)
    return Finding(Double(logProbability), .logProbability)
  }
}

extension ActionSpace {
  /// Copies an action, shape (width), brought into [low, high] if it is a vector.
  ///
  /// Policies draw from unbounded normals; like CleanRL and Stable-Baselines3, the environment gets the
  /// clipped action, while log-probabilities refer to the one drawn.
  fileprivate func clip(_ action: UnsafePointer<Float>, into clipped: UnsafeMutablePointer<Float>) {
    switch self {
    case .continuous(let size, let low, let high):
      for index in 0..<size { clipped[index] = min(max(action[index], low), high) }
    case .discrete: clipped[0] = action[0]
    }
  }

  /// Draws each entry uniformly from its range, or one of the choices.
  fileprivate func drawUniformly(
    into action: UnsafeMutablePointer<Float>, using random: inout RandomStream
  ) {
    switch self {
    case .continuous(let size, let low, let high):
      for index in 0..<size { action[index] = Float(random.uniform(in: Double(low)...Double(high))) }
    case .discrete(let count): action[0] = Float(random.index(below: count))
    }
  }
}
