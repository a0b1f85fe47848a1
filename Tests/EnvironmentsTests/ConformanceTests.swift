import Environments
import Random
import Testing

/// What every registered task must satisfy (after dm_control's suite tests and Gymnasium's check_env).
@Suite struct ConformanceTests {
  @Test("all tasks are there: two plain ones and ten sources per benchmark")
  func allTasksAreTested() {
    #expect(registeredTasks.count == 22)
    #expect(registeredTasks.count { !$0.name.contains("/") } == 2)
    for benchmark in ["cartpole", "halfcheetah"] {
      #expect(registeredTasks.count { $0.name.hasPrefix("\(benchmark)/") } == 10)
    }
  }

  @Test("an environment has the sizes that its family declares", arguments: registeredTasks)
  func sizes(task: TaskSpecification) throws {
    let registry = try makeRegistry()
    let family = try registry.family(of: task)
    let environment = try registry.makeRestorable(task)
    #expect(environment.observationSize == family.observationSize)
    #expect(environment.actionSpace == family.actionSpace)
    var random = NumPyGenerator(seed: 0)
    try environment.reset(using: &random)
    #expect(environment.state.count == environment.stateSize)
  }

  @Test("observe fills every entry of its buffer and none beyond", arguments: registeredTasks)
  func observationBounds(task: TaskSpecification) throws {
    let environment = try makeRegistry().makeRestorable(task)
    var random = NumPyGenerator(seed: 0)
    try environment.reset(using: &random)
    let size = environment.observationSize
    var buffer = [Double](repeating: .nan, count: size + 2)
    buffer.withUnsafeMutableBufferPointer {
      environment.observe(into: UnsafeMutableBufferPointer(rebasing: $0[1...size]))
    }
    #expect(buffer[0].isNaN && buffer[size + 1].isNaN)
    #expect(buffer[1...size].allSatisfy { $0.isFinite })
  }

  @Test(
    "under random actions all numbers are finite and no entry of an observation is constant",
    arguments: registeredTasks)
  func finiteAndAlive(task: TaskSpecification) throws {
    let trajectory = try run(task, seed: 1)
    #expect(trajectory.observations.allSatisfy { $0.isFinite })
    #expect(trajectory.rewards.allSatisfy { $0.isFinite })
    let size = trajectory.observationSize
    for entry in 0..<size {
      let values = stride(from: entry, to: trajectory.observations.count, by: size).map {
        trajectory.observations[$0]
      }
      #expect(Set(values).count > 1, "entry \(entry) is constant")
    }
  }

  @Test("another environment goes on from a snapshot with equal bits", arguments: registeredTasks)
  func snapshots(task: TaskSpecification) throws {
    let registry = try makeRegistry()
    let first = try registry.makeRestorable(task)
    let second = try registry.makeRestorable(task)
    var random = NumPyGenerator(seed: 6)
    let width = first.actionSpace.width
    let actions = first.actionSpace.randomActions(60, using: &random)
    try first.reset(using: &random)
    try second.reset(using: &random)
    for step in 0..<60 {
      // What the second one did since the last snapshot has to leave no trace.
      if step % 15 == 7 {
        let snapshot = first.snapshot
        #expect(!snapshot.isEmpty && snapshot.allSatisfy(\.isFinite))
        try second.restore(snapshot)
        #expect(second.snapshot == snapshot)
      }
      let action = Array(actions[step * width..<(step + 1) * width])
      let outcomes = (try first.step(action), try second.step(action))
      guard step >= 7 else { continue }
      #expect(outcomes.0 == outcomes.1 && first.observation() == second.observation())
    }
    #expect(throws: EnvironmentError.wrongStateSize(expected: first.snapshot.count, found: 1)) {
      try second.restore([0])
    }
  }

  @Test("equal seeds give equal trajectories, other seeds others", arguments: registeredTasks)
  func seeds(task: TaskSpecification) throws {
    let trajectory = try run(task, seed: 2)
    #expect(try run(task, seed: 2) == trajectory)
    #expect(try run(task, seed: 3).observations != trajectory.observations)
  }

  @Test("two resets of one environment differ, and forget what was before", arguments: registeredTasks)
  func resets(task: TaskSpecification) throws {
    let registry = try makeRegistry()
    let used = try registry.makeRestorable(task)
    var random = NumPyGenerator(seed: 4)
    try used.reset(using: &random)
    let first = used.observation()
    let actions = used.actionSpace.randomActions(1, using: &random)
    for _ in 0..<20 { _ = try used.step(actions) }
    var copy = random
    try used.reset(using: &random)
    #expect(used.observation() != first)

    let fresh = try registry.makeRestorable(task)
    try fresh.reset(using: &copy)
    for _ in 0..<20 {
      let outcome = try used.step(actions)
      #expect(try fresh.step(actions) == outcome)
    }
    #expect(used.observation() == fresh.observation())
  }

  @Test("environments stepped in turns do not disturb each other", arguments: registeredTasks)
  func independence(task: TaskSpecification) throws {
    let registry = try makeRegistry()
    var random = NumPyGenerator(seed: 5)
    let pair = [try registry.makeRestorable(task), try registry.makeRestorable(task)]
    for environment in pair { try environment.reset(using: &random) }
    let starts = pair.map(\.state)
    let width = pair[0].actionSpace.width
    let actions = (0..<2).map { _ in pair[0].actionSpace.randomActions(30, using: &random) }
    var seen: [[Double]] = pair.map { $0.observation() }
    for step in 0..<30 {
      for index in 0..<2 {
        _ = try pair[index].step(Array(actions[index][step * width..<(step + 1) * width]))
        seen[index] += pair[index].observation()
      }
    }
    for index in 0..<2 {
      let alone = try replay(
        registry.makeRestorable(task), actions: actions[index], horizon: 30, from: starts[index])
      #expect(alone.observations == seen[index])
    }
  }

  @Test("a state can be read, set, and continued from", arguments: registeredTasks)
  func stateRoundTrip(task: TaskSpecification) throws {
    let registry = try makeRegistry()
    var random = NumPyGenerator(seed: 6)
    let environment = try registry.makeRestorable(task)
    try environment.reset(using: &random)
    let actions = environment.actionSpace.randomActions(1, using: &random)
    for _ in 0..<5 { _ = try environment.step(actions) }
    let state = environment.state
    let observation = environment.observation()

    let other = try registry.makeRestorable(task)
    try other.setState(state)
    #expect(other.state == state)
    #expect(other.observation() == observation)
    try environment.setState(state)
    for _ in 0..<10 {
      let outcome = try environment.step(actions)
      #expect(try other.step(actions) == outcome)
    }
    #expect(environment.state == other.state)
  }

  @Test(
    "a state of the wrong size or with a bad number is refused and changes nothing",
    arguments: registeredTasks)
  func badStates(task: TaskSpecification) throws {
    let environment = try makeRegistry().makeRestorable(task)
    var random = NumPyGenerator(seed: 7)
    try environment.reset(using: &random)
    let state = environment.state
    #expect(throws: EnvironmentError.wrongStateSize(expected: state.count, found: state.count + 1)) {
      try environment.setState(state + [0])
    }
    var infinite = state
    infinite[1] = .infinity
    #expect(throws: EnvironmentError.nonFiniteState(index: 1, value: .infinity)) {
      try environment.setState(infinite)
    }
    #expect(environment.state == state)
  }

  @Test("an episode that does not terminate is truncated exactly at its horizon", arguments: registeredTasks)
  func truncation(task: TaskSpecification) throws {
    // Pushing to and fro for four steps lets no cart-pole fall; a cheetah never terminates at all.
    let horizon = task.family == "CartPole-v1" ? 4 : task.horizon
    var short = task
    short.horizon = horizon
    let batch = try EnvironmentBatch(
      tasks: [short], registry: makeRegistry(), random: RandomStream(seed: 8, name: "truncation"))
    try batch.reset()
    for _ in 0..<2 {
      for step in 1...horizon {
        for entry in 0..<batch.actionSpace.width { batch.actions[entry] = Float(step % 2) }
        try batch.step(0..<1)
        #expect(!batch.outcomes[0].terminated)
        #expect(batch.outcomes[0].truncated == (step == horizon))
      }
    }
  }

  @Test("a cart-pole has fallen beyond 2.4 m or 12°, to either side, and not before")
  func fallen() throws {
    let pole = try makeRegistry().makeRestorable(makeRegistry().task(named: "CartPole-v1"))
    for side in [-1.0, 1] {
      for (position, angle, falls) in [
        (2.39, 0, false), (2.41, 0, true), (0, 11.99, false), (0, 12.01, true),
      ] {
        // At rest: a step moves only the velocities.
        try pole.setState([side * position, 0, side * angle * .pi / 180, 0])
        let outcome = try [Float(0)].withUnsafeBufferPointer { try pole.step(action: $0) }
        #expect(outcome.terminated == falls, "\(position) m, \(angle)°")
      }
    }
  }

  /// One run of random actions over the whole horizon (at most 400 steps), start and actions from one seed.
  private func run(_ task: TaskSpecification, seed: UInt64) throws -> Trajectory {
    let environment = try makeRegistry().makeRestorable(task)
    var random = NumPyGenerator(seed: seed)
    let actions = environment.actionSpace.randomActions(min(task.horizon, 400), using: &random)
    return try replay(environment, actions: actions, horizon: task.horizon, random: &random)
  }
}
