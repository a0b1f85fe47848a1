package import Environments
import Random
import Synchronization

/// A number that a world brings at one of its steps in the place of its own.
package struct WorldFault: Sendable {
  /// What the world says wrongly.
  package enum Quantity: String, Sendable {
    /// The first entry of the observation that is acted on at a step.
    case observation
    /// The reward of a step.
    case reward
  }

  /// The number.
  package let value: Double
  /// What it is put in the place of.
  package let quantity: Quantity
  /// A step over `rows` environments: t · E + e, from 0.
  package let step: Int

  /// A fault; see the properties.
  package init(_ value: Double, in quantity: Quantity, step: Int) {
    (self.value, self.quantity, self.step) = (value, quantity, step)
  }

  /// Reads `value@quantity:step`, such as "nan@reward:1234"; nil for anything else.
  package init?(parsing text: String) {
    let parts = text.split(whereSeparator: { "@:".contains($0) })
    guard parts.count == 3, let value = Double(parts[0]), let step = Int(parts[2]),
      let quantity = Quantity(rawValue: String(parts[1]))
    else { return nil }
    self.init(value, in: quantity, step: step)
  }
}

extension TaskRegistry {
  /// The same families and tasks, one world at a time; of the first `rows` worlds that are made, which a training takes,
  /// one has the fault, if there is one.
  package func spoilt(by fault: WorldFault?, rows: Int) throws -> TaskRegistry {
    var registry = TaskRegistry()
    let made = Counter()
    for family in families {
      let sound = family.make
      try registry.register(
        EnvironmentFamily(
          name: family.name, observationSize: family.observationSize, actionSpace: family.actionSpace,
          defaultHorizon: family.defaultHorizon, stepsPerPiece: family.stepsPerPiece,
          metrics: family.metrics, assets: family.assets, parameters: family.parameters
        ) { parameters in
          guard let world = try sound(parameters) as? any RestorableEnvironment else {
            throw EnvironmentError.stateCannotBeSet
          }
          guard let fault, made.next() == fault.step % rows else { return world }
          return FaultyWorld(world, fault, step: fault.step / rows)
        })
    }
    for task in tasks { try registry.register(task) }
    return registry
  }
}

/// Counts from 0.
private final class Counter: Sendable {
  private let count = Atomic(0)
  func next() -> Int { count.add(1, ordering: .relaxed).oldValue }
}

/// Another world with a fault.
private final class FaultyWorld: RestorableEnvironment {
  private let world: any RestorableEnvironment
  private let fault: WorldFault
  private let faultyStep: Int
  private var steps = 0
  /// Whether the observation to come is the last one of an episode, on which nobody acts.
  private var hasEnded = false

  init(_ world: any RestorableEnvironment, _ fault: WorldFault, step: Int) {
    (self.world, self.fault, faultyStep) = (world, fault, step)
  }

  var observationSize: Int { world.observationSize }
  var actionSpace: ActionSpace { world.actionSpace }
  var stateSize: Int { world.stateSize }
  var state: [Double] { world.state }
  var snapshot: [Double] { world.snapshot }
  func setState(_ state: [Double]) throws { try world.setState(state) }
  func restore(_ snapshot: [Double]) throws { try world.restore(snapshot) }

  func reset(using random: inout NumPyGenerator) throws {
    hasEnded = false
    try world.reset(using: &random)
  }

  func step(action: UnsafeBufferPointer<Float>) throws -> StepOutcome {
    var outcome = try world.step(action: action)
    if fault.quantity == .reward, steps == faultyStep { outcome.reward = fault.value }
    steps += 1
    hasEnded = outcome.terminated || outcome.diverged
    return outcome
  }

  func observe(into observation: UnsafeMutableBufferPointer<Double>) {
    world.observe(into: observation)
    if fault.quantity == .observation, steps == faultyStep, !hasEnded { observation[0] = fault.value }
  }
}
