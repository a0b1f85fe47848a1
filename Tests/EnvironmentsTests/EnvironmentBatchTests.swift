import Environments
import Random
import Testing
import Workers

@Suite struct EnvironmentBatchTests {
  /// Everything that a batch reports, step by step.
  private struct Record: Equatable {
    var observations: [Double] = []
    var finalObservations: [Double] = []
    var outcomes: [StepOutcome] = []
    var episodeReturns: [Double] = []
    var episodeLengths: [Int] = []
  }

  private static let families = ["CartPole-v1", "HalfCheetah-v5"]

  /// Worlds that write down their state, in snapshots of many widths, beside worlds that are replayed.
  private static let mixed = "mixed walks"

  @Test(
    "a batch gives what single episodes give: autoreset on the step that ends, last observation kept",
    arguments: families)
  func matchesSingleEpisodes(family: String) throws {
    let tasks = shortTasks(of: family)
    let random = RandomStream(seed: 0, name: "batch")
    let record = try runBatch(tasks, random: random, steps: 60, threads: 1)
    #expect(try runEpisodes(tasks, random: random, steps: 60) == record)
    #expect(record.outcomes.contains { $0.truncated } && !record.outcomes.allSatisfy { $0.truncated })
    if family == "CartPole-v1" {
      // The step limit is longer than some of these poles stand, so both ways to end are covered.
      #expect(record.outcomes.contains { $0.terminated })
    }
  }

  @Test("1, 2 and 8 threads give results equal to the bit", arguments: families)
  func threads(family: String) throws {
    let tasks = registeredTasks.filter { $0.family == family }
    let random = RandomStream(seed: 1, name: "batch")
    let record = try runBatch(tasks, random: random, steps: 250, threads: 1)
    #expect(record.outcomes.contains { $0.truncated } || record.outcomes.contains { $0.terminated })
    for threads in [2, 8] {
      #expect(try runBatch(tasks, random: random, steps: 250, threads: threads) == record)
    }
  }

  @Test(
    "another batch goes on from a snapshot with equal bits, through the ends of episodes",
    arguments: families + [mixed])
  func snapshots(family: String) throws {
    let (registry, tasks) =
      family == Self.mixed ? try walks() : (try makeRegistry(), shortTasks(of: family))
    for steps in [0, 1, 13, 40] {
      let first = try EnvironmentBatch(
        tasks: tasks, registry: registry, random: RandomStream(seed: 3, name: "first"))
      let second = try EnvironmentBatch(
        tasks: tasks, registry: registry, random: RandomStream(seed: 4, name: "second"))
      var random = NumPyGenerator(seed: 5)
      let width = first.actionSpace.width
      func step(_ batches: [EnvironmentBatch]) throws {
        let actions = first.actionSpace.randomActions(tasks.count, using: &random)
        for batch in batches {
          for (index, action) in actions.enumerated() { batch.actions[index] = action }
          #expect(actions.count == tasks.count * width)
          try batch.step(on: WorkerPool(threads: 2))
        }
      }
      try first.reset()
      for _ in 0..<steps { try step([first]) }
      let snapshot = first.snapshot
      try second.restore(snapshot)
      #expect(second.snapshot == snapshot)
      func observations(_ batch: EnvironmentBatch) -> [Double] {
        Array(UnsafeBufferPointer(start: batch.observations, count: batch.count * batch.observationSize))
      }
      #expect(observations(first) == observations(second))
      for _ in 0..<50 {
        try step([first, second])
        #expect(first.snapshot == second.snapshot && observations(first) == observations(second))
        for row in 0..<tasks.count {
          #expect(first.outcomes[row] == second.outcomes[row])
          #expect(first.episodeReturns[row] == second.episodeReturns[row])
          #expect(first.episodeLengths[row] == second.episodeLengths[row])
          for index in row * first.metrics.count..<(row + 1) * first.metrics.count {
            #expect(first.episodeMetrics[index] == second.episodeMetrics[index])
          }
        }
      }
    }
  }

  @Test("a row is stored as its world, as wide as that is, or as its episode's actions")
  func snapshotWidths() throws {
    let (registry, tasks) = try walks()
    let batch = try EnvironmentBatch(
      tasks: tasks, registry: registry, random: RandomStream(seed: 3, name: "first"))
    try batch.reset()
    for _ in 0..<5 { try batch.step(0..<tasks.count) }
    #expect(batch.snapshot.worlds.map(\.count) == [5, 6, 5, 12, 5, 18])
    var short = batch.snapshot
    short.worlds[0].removeLast()
    #expect(
      throws: EnvironmentError.snapshotDoesNotFit(quantity: "entries of actions", expected: 5, found: 4)
    ) { try batch.restore(short) }
  }

  @Test("a snapshot of other environments is refused, and says what does not fit")
  func unfitSnapshot() throws {
    let registry = try makeRegistry()
    let tasks = shortTasks(of: "CartPole-v1")
    let random = RandomStream(seed: 0, name: "batch")
    let batch = try EnvironmentBatch(tasks: tasks, registry: registry, random: random)
    try batch.reset()
    var longer = batch.snapshot
    longer.elapsedSteps[0] = tasks[0].horizon
    var shorter = batch.snapshot
    shorter.generators.removeLast()
    for bad in [longer, shorter] { #expect(throws: EnvironmentError.self) { try batch.restore(bad) } }
    let fewer = try EnvironmentBatch(tasks: Array(tasks.dropLast()), registry: registry, random: random)
    #expect(
      throws: EnvironmentError.snapshotDoesNotFit(
        quantity: "worlds", expected: fewer.count, found: batch.count)
    ) { try fewer.restore(batch.snapshot) }
  }

  @Test("row ranges stepped one after the other give what all rows at once give")
  func rowRanges() throws {
    let tasks = Array(registeredTasks.filter { $0.family == "CartPole-v1" }.prefix(5))
    let registry = try makeRegistry()
    let random = RandomStream(seed: 2, name: "batch")
    let whole = try EnvironmentBatch(tasks: tasks, registry: registry, random: random)
    let parts = try EnvironmentBatch(tasks: tasks, registry: registry, random: random)
    try whole.reset()
    try parts.reset()
    for _ in 0..<30 {
      try whole.step(0..<5)
      try parts.step(3..<5)
      try parts.step(0..<3)
      let size = 5 * whole.observationSize
      #expect(
        Array(UnsafeBufferPointer(start: whole.observations, count: size))
          == Array(UnsafeBufferPointer(start: parts.observations, count: size)))
    }
  }

  @Test("a row's trajectory depends on its own stream only, not on the other rows")
  func rowsAreIndependent() throws {
    let task = try makeRegistry().task(named: "halfcheetah/fwd")
    let other = try makeRegistry().task(named: "halfcheetah/bwd-gravity-1.5")
    let registry = try makeRegistry()
    let random = RandomStream(seed: 3, name: "batch")
    let pair = try EnvironmentBatch(tasks: [task, other], registry: registry, random: random)
    let single = try EnvironmentBatch(tasks: [task], registry: registry, random: random)
    try pair.reset()
    try single.reset()
    for _ in 0..<210 {
      try pair.step(0..<2)
      try single.step(0..<1)
    }
    #expect((0..<17).allSatisfy { pair.observations[$0] == single.observations[$0] })
  }

  @Test("tasks with other observations cannot share a batch")
  func differentSpaces() throws {
    let registry = try makeRegistry()
    let tasks = [try registry.task(named: "CartPole-v1"), try registry.task(named: "HalfCheetah-v5")]
    #expect(throws: EnvironmentError.differentSpaces(task: "HalfCheetah-v5", first: "CartPole-v1")) {
      try EnvironmentBatch(tasks: tasks, registry: registry, random: RandomStream(seed: 0, name: "batch"))
    }
    #expect(throws: EnvironmentError.noTasks) {
      try EnvironmentBatch(tasks: [], registry: registry, random: RandomStream(seed: 0, name: "batch"))
    }
  }

  @Test("a batch must be reset before its first step, and says which call was missed")
  func callOrder() throws {
    let registry = try makeRegistry()
    let batch = try EnvironmentBatch(
      tasks: [registry.task(named: "CartPole-v1")], registry: registry,
      random: RandomStream(seed: 0, name: "batch"))
    #expect(throws: EnvironmentError.stepBeforeReset) { try batch.step(0..<1) }
    try batch.reset()
    batch.actions[0] = 0.5
    #expect(throws: EnvironmentError.invalidAction(value: 0.5, count: 2)) { try batch.step(0..<1) }
  }

  /// The family's tasks, with step limits so short that episodes end often and not all at once.
  private func shortTasks(of family: String) -> [TaskSpecification] {
    registeredTasks.filter { $0.family == family }.enumerated().map { index, task in
      var task = task
      task.horizon = 5 + 2 * index
      return task
    }
  }

  private func runBatch(
    _ tasks: [TaskSpecification], random: RandomStream, steps: Int, threads: Int
  ) throws -> Record {
    let batch = try EnvironmentBatch(tasks: tasks, registry: makeRegistry(), random: random)
    let workers = WorkerPool(threads: threads)
    var choices = NumPyGenerator(seededBy: random.derived("actions"))
    var record = Record()
    let count = batch.count
    let size = count * batch.observationSize
    func append<Element>(_ buffer: UnsafeMutablePointer<Element>, _ count: Int, to array: inout [Element]) {
      array.append(contentsOf: UnsafeBufferPointer(start: buffer, count: count))
    }
    try batch.reset()
    append(batch.observations, size, to: &record.observations)
    for _ in 0..<steps {
      for (index, entry) in batch.actionSpace.randomActions(count, using: &choices).enumerated() {
        batch.actions[index] = entry
      }
      try batch.step(on: workers)
      append(batch.observations, size, to: &record.observations)
      append(batch.finalObservations, size, to: &record.finalObservations)
      append(batch.outcomes, count, to: &record.outcomes)
      append(batch.episodeReturns, count, to: &record.episodeReturns)
      append(batch.episodeLengths, count, to: &record.episodeLengths)
    }
    return record
  }

  /// The slow, obvious version: one episode per row, and a reset where an episode ends.
  private func runEpisodes(_ tasks: [TaskSpecification], random: RandomStream, steps: Int) throws -> Record {
    let registry = try makeRegistry()
    let episodes = try tasks.map { Episode(try registry.makeEnvironment($0), horizon: $0.horizon) }
    var generators = tasks.indices.map { NumPyGenerator(seededBy: random.derived("environment-\($0)")) }
    var choices = NumPyGenerator(seededBy: random.derived("actions"))
    let space = episodes[0].environment.actionSpace
    var record = Record()
    var current: [[Double]] = []
    var last = [[Double]](
      repeating: [Double](repeating: 0, count: episodes[0].environment.observationSize), count: tasks.count)
    var returns = [Double](repeating: 0, count: tasks.count)
    for row in tasks.indices {
      try episodes[row].reset(using: &generators[row])
      current.append(episodes[row].environment.observation())
    }
    record.observations += current.flatMap { $0 }
    for _ in 0..<steps {
      let actions = space.randomActions(tasks.count, using: &choices)
      for row in tasks.indices {
        if episodes[row].elapsedSteps == 0 { returns[row] = 0 }
        let outcome = try episodes[row].step(Array(actions[row * space.width..<(row + 1) * space.width]))
        returns[row] += outcome.reward
        record.outcomes.append(outcome)
        record.episodeReturns.append(returns[row])
        record.episodeLengths.append(episodes[row].elapsedSteps)
        if outcome.ended {
          last[row] = episodes[row].environment.observation()
          try episodes[row].reset(using: &generators[row])
        }
        current[row] = episodes[row].environment.observation()
      }
      record.observations += current.flatMap { $0 }
      record.finalObservations += last.flatMap { $0 }
    }
    return record
  }
}
