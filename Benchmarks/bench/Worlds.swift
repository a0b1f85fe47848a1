internal import ClassicTasks
internal import Environments
internal import MuJoCo
internal import MuJoCoTasks
internal import Random
internal import Workers

/// All tasks that benchmarks use.
func worlds() throws -> TaskRegistry {
  var registry = TaskRegistry()
  try registry.registerClassicTasks()
  try registry.registerMuJoCoTasks()
  return registry
}

/// Actions drawn before the clock starts, so that no contestant is charged for drawing them.
struct DrawnActions {
  /// The number of rows of which each takes the next one in turn.
  static let count = 4096
  /// Entries per action (A).
  let width: Int
  /// Shape (count, A): uniform in a box, or any choice.
  let entries: [Float]

  /// Actions of this space.
  init(_ space: ActionSpace) {
    var random = RandomStream(seed: 0, name: "benchmark actions")
    width = space.width
    entries = (0..<Self.count * space.width).map { _ in
      switch space {
      case .continuous(_, let low, let high): Float(random.uniform(in: Double(low)...Double(high)))
      case .discrete(let count): Float(random.index(below: count))
      }
    }
  }

  /// Copies the actions of `rows` rows at one step.
  func copy(step: Int, rows: Range<Int>, into actions: UnsafeMutablePointer<Float>) {
    for row in rows {
      let place = (step &* 61 &+ row &* 17) & (Self.count - 1)
      for index in 0..<width { actions[row &* width &+ index] = entries[place &* width &+ index] }
    }
  }
}

/// Half-cheetahs without task, observation and clock: the engine alone. Piece i of a call steps simulation i alone, so
/// they may be stepped on several threads.
final class BareCheetahs: @unchecked Sendable {
  private let simulations: [Simulation]
  private let actions: DrawnActions
  private let workers: WorkerPool

  /// Simulations of one model, one per worker unless `count` says more.
  init(_ workers: WorkerPool, count: Int? = nil) throws {
    let model = try PhysicsModel(path: AssetFolder().path(of: "half_cheetah.xml"))
    simulations = try (0..<(count ?? workers.threads)).map { _ in try Simulation(model) }
    actions = DrawnActions(.continuous(size: 6, low: -1, high: 1))
    self.workers = workers
  }

  /// Runs `steps` control steps of five calls of mj_step on every thread, starting again after every 1000.
  ///
  /// - Returns: control steps of all threads.
  func run(steps: Int) throws -> Int {
    try workers.run(simulations.count) { index, _ in
      let simulation = simulations[index]
      for step in 0..<steps {
        if step % 1000 == 0 { try simulation.reset() }
        let place = (step &* 61 &+ index &* 17) & (DrawnActions.count - 1)
        for motor in 0..<6 { simulation.controls[motor] = Double(actions.entries[place * 6 + motor]) }
        try simulation.step(count: 5)
      }
    }
    return steps * simulations.count
  }

  /// Runs `steps` control steps of all simulations, of which none goes on before all have taken theirs.
  ///
  /// - Returns: control steps of all simulations.
  func runTogether(steps: Int) throws -> Int {
    for step in 0..<steps {
      try workers.run(simulations.count) { index, _ in
        if step % 1000 == 0 { try simulations[index].reset() }
        let place = (step &* 61 &+ index &* 17) & (DrawnActions.count - 1)
        for motor in 0..<6 { simulations[index].controls[motor] = Double(actions.entries[place * 6 + motor]) }
        try simulations[index].step(count: 5)
      }
    }
    return steps * simulations.count
  }
}
