internal import Environments
internal import Policies
internal import Random

/// Acts for the rows of a batch, all in one task: normalises what is seen, feeds it to the policy, takes the most likely
/// action or draws one, clips it to the action space, and finds numbers that are not finite.
///
/// A step is `see` for every row, `decide` once, then `act` for every row; rows of the next step may be seen as soon as
/// the row of their number has acted.
struct Actor {
  /// A number that is not finite, and what it is.
  struct Finding {
    /// The number.
    let value: Double
    /// What it is.
    let quantity: NonFiniteNumber.Quantity

    /// A finding; nil for a finite number.
    init?(_ value: Double, _ quantity: NonFiniteNumber.Quantity) {
      guard !value.isFinite else { return nil }
      (self.value, self.quantity) = (value, quantity)
    }
  }

  private let asked: (policy: Policy, workspace: Policy.Workspace)?
  private let sampled: Bool
  private let space: ActionSpace
  private let normalizer: RunningNormalizer
  private let task: Int

  /// An actor in one task.
  ///
  /// - Parameters:
  ///   - asked: who acts, and room for the rows, which no other actor uses meanwhile; nil for uniform actions.
  ///   - sampled: whether actions are drawn from the policy; else they are its most likely ones.
  ///   - parameters: θ, and whatever follows it.
  ///   - normalizer: the observations' statistics.
  ///   - task: the number by which the policy knows the task.
  init(
    _ asked: (policy: Policy, workspace: Policy.Workspace)?, sampled: Bool, space: ActionSpace,
    parameters: [Float], normalizer: RunningNormalizer, task: Int
  ) {
    (self.asked, self.sampled, self.space) = (asked, sampled, space)
    (self.normalizer, self.task) = (normalizer, task)
    if let asked { asked.policy.load(parameters, into: asked.workspace) }
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
    if let (policy, workspace) = asked {
      policy.network.feed(normalised, task: task, row: row, workspace: workspace.network)
    }
    return nil
  }

  /// Asks the policy about the first `count` rows.
  func decide(_ count: Int) {
    if let (policy, workspace) = asked {
      policy.network.forward(count: count, workspace: workspace.network)
    }
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
    if let (policy, workspace) = asked {
      logProbability =
        sampled
        ? policy.sample(row: row, workspace: workspace, using: &random, action: action)
        : policy.mode(row: row, workspace: workspace, action: action)
    } else {
      logProbability = 0
      space.drawUniformly(into: action, using: &random)
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
