import ClassicTasks
import Configuration
import Environments
import Policies
import Random
import TestSupport
import Training
import Workers

/// The classic tasks, and a family that goes bad on demand.
func testRegistry() throws -> TaskRegistry {
  var registry = TaskRegistry()
  try registry.registerClassicTasks()
  for family in [CountingEnvironment.family, DriftEnvironment.family, ChoiceEnvironment.family] {
    try registry.register(family)
  }
  return registry
}

/// A world that counts its steps: the observation is `scale` times the count, the reward 1. It terminates at step
/// `end`, diverges at step `diverges`, pays the action if `pays_action` is given, pays `bad_reward` (NaN unless given) at step `bad_step`, and shows ∞ after step
/// `bad_observation`, if these are given.
final class CountingEnvironment: RestorableEnvironment {
  let observationSize = 1
  let actionSpace = ActionSpace.continuous(size: 1, low: -0.25, high: 0.5)
  let stateSize = 1
  private var count = 0.0
  private let parameters: TaskParameters

  static let family = EnvironmentFamily(
    name: "Counting", observationSize: 1, actionSpace: .continuous(size: 1, low: -0.25, high: 0.5),
    defaultHorizon: 10,
    parameters: ["bad_step", "bad_reward", "bad_observation", "diverges", "end", "pays_action", "scale"].map {
      ParameterSpecification(
        name: $0, description: "See the environment.", unit: "1", defaultValue: nil, range: 0...1e300)
    }
  ) { CountingEnvironment($0) }

  init(_ parameters: TaskParameters) { self.parameters = parameters }

  func reset(using random: inout NumPyGenerator) throws { count = 0 }

  func step(action: UnsafeBufferPointer<Float>) throws -> StepOutcome {
    count += 1
    // Whatever the policy draws, the environment sees it clipped.
    guard (-0.25...0.5).contains(action[0]) else {
      throw EnvironmentError.invalidAction(value: action[0], count: 0)
    }
    if count == parameters["diverges"] { return StepOutcome(reward: 0, terminated: false, diverged: true) }
    if parameters["pays_action"] != nil { return StepOutcome(reward: Double(action[0]), terminated: false) }
    return StepOutcome(
      reward: count == parameters["bad_step"] ? parameters["bad_reward"] ?? .nan : 1,
      terminated: count == parameters["end"])
  }

  func observe(into observation: UnsafeMutableBufferPointer<Double>) {
    observation[0] = count == parameters["bad_observation"] ? .infinity : count * (parameters["scale"] ?? 1)
  }

  var state: [Double] { [count] }

  func setState(_ state: [Double]) throws { count = state[0] }
}

extension PPOConfiguration {
  /// A small learner for tests.
  static var small: PPOConfiguration {
    var configuration = PPOConfiguration()
    configuration.learningRate = 1e-3
    configuration.logStdInit = -1
    configuration.numEnvs = 4
    configuration.numSteps = 64
    configuration.updateEpochs = 4
    configuration.numMinibatches = 2
    return configuration
  }
}

extension Trainer {
  /// A training with networks of two layers of 16 units, or of others.
  convenience init(
    _ tasks: [TaskSpecification], _ configuration: PPOConfiguration = .small, hidden: [Int] = [16, 16],
    seesTask: Bool = false, totalSteps: Int = 1, seed: UInt64 = 1, registry: TaskRegistry? = nil,
    start: TrainingStart = .scratch, frozen: [String] = [], threads: Int = 1
  ) throws {
    try self.init(
      tasks: tasks, registry: registry ?? testRegistry(), configuration: configuration,
      makeNetwork: {
        MultilayerPerceptron(input: $0, hidden: hidden, outputs: $1, activation: .tanh)
      }, policySeesTask: seesTask, totalSteps: totalSteps, start: start, frozen: frozen,
      random: RandomStream(seed: seed, name: "test"), workers: WorkerPool(threads: threads))
  }
}

extension Trainer {
  /// The trainer after its last iteration.
  func finished(
    from start: TrainingSnapshot? = nil, progress: (TrainingProgress) -> Void = { _ in }
  ) throws -> Trainer {
    try run(from: start, progress: progress)
    return self
  }
}

/// A loss with a Gaussian policy of one action that sees one number, a critic that is told which of two tasks it is, and
/// hidden layers of 3 and 2 units.
func smallLoss(vfCoef: Double = 0.5) -> PPOLoss {
  PPOLoss(
    policy: Policy(
      network: MultilayerPerceptron(sizes: [1, 3, 1], activation: .tanh), distribution: .gaussian(size: 1)),
    critic: MultilayerPerceptron(
      input: NetworkInput(observationSize: 1, taskCount: 2), hidden: [2], outputs: 1, activation: .tanh),
    clipCoef: 0.2, entCoef: 0, vfCoef: vfCoef, clipVloss: true)
}

extension PPOLoss {
  /// A loss with these coefficients.
  init(
    policy: Policy, critic: any Network, clipCoef: Double, entCoef: Double, vfCoef: Double, clipVloss: Bool
  ) {
    var configuration = PPOConfiguration()
    (configuration.clipCoef, configuration.entCoef) = (clipCoef, entCoef)
    (configuration.vfCoef, configuration.clipVloss) = (vfCoef, clipVloss)
    self.init(policy: policy, critic: critic, configuration)
  }

  /// Adds the gradient of some rows by the parameters of both networks.
  ///
  /// - Returns: the rows' sums.
  func addGradient(
    rows: ArraySlice<Int32>, of buffer: RolloutBuffer, batchSize: Int, parameters: [Float],
    workspace: Workspace, to gradient: UnsafeMutablePointer<Float>
  ) -> LossSums {
    func sums(of part: Part) -> LossSums {
      addGradient(
        of: part, rows: rows, of: buffer, batchSize: batchSize, parameters: parameters, workspace: workspace,
        to: gradient)
    }
    var total = sums(of: .policy)
    total.add(sums(of: .critic))
    return total
  }
}
