import Environments
import Random
import Testing
import Workers

@Suite struct EpisodeMetricTests {
  @Test("a batch reduces what each step reports: any, last, sum and mean, of every episode anew")
  func reductions() throws {
    let (registry, tasks) = try walks()
    let random = RandomStream(seed: 1, name: "metrics")
    let batch = try EnvironmentBatch(tasks: tasks, registry: registry, random: random)
    let episodes = try tasks.map { Episode(try registry.makeEnvironment($0), horizon: $0.horizon) }
    var generators = tasks.indices.map { NumPyGenerator(seededBy: random.derived("environment-\($0)")) }
    for row in tasks.indices { try episodes[row].reset(using: &generators[row]) }
    try batch.reset()
    var drawn = RandomStream(seed: 2, name: "actions")
    // The slow, obvious version: everything that an episode's steps reported.
    var reported = [[[Double]]](repeating: [], count: tasks.count)
    var endings = 0
    var successes = Set<Double>()
    for step in 0..<200 {
      for row in tasks.indices { batch.actions[row] = Float(drawn.uniform(in: -0.5...1)) }
      try batch.step(on: WorkerPool(threads: 1 + step % 2))
      for row in tasks.indices {
        let outcome = try episodes[row].step([batch.actions[row]])
        let walk = try #require(episodes[row].environment as? WalkEnvironment)
        let goal = Double(row) / 8
        reported[row].append([walk.position >= goal ? 1 : 0, walk.position, walk.stepLength])
        let lengths = reported[row].map { $0[2] }
        var mean = 0.0
        for (index, length) in lengths.enumerated() { mean += (length - mean) / Double(index + 1) }
        let expected = [
          reported[row].contains { $0[0] == 1 } ? 1 : 0, walk.position, lengths.reduce(0, +), mean,
        ]
        #expect((0..<4).map { batch.episodeMetrics[4 * row + $0] } == expected)
        #expect(abs(expected[3] - expected[2] / Double(lengths.count)) < 1e-12)
        if outcome.ended {
          endings += 1
          successes.insert(expected[0])
          reported[row] = []
          try episodes[row].reset(using: &generators[row])
        }
      }
    }
    #expect(endings > 60 && successes == [0, 1])
  }

  /// A world that reports what is no number at its third step.
  private final class BrokenMeter: Environment {
    let observationSize = 1
    let actionSpace = ActionSpace.discrete(count: 1)
    private var steps = 0.0
    func reset(using random: inout NumPyGenerator) { steps = 0 }
    func step(action: UnsafeBufferPointer<Float>) -> StepOutcome {
      steps += 1
      return StepOutcome(reward: 1)
    }
    func observe(into observation: UnsafeMutableBufferPointer<Double>) { observation[0] = steps }
    func writeMetrics(into metrics: UnsafeMutableBufferPointer<Double>) { metrics[0] = steps < 3 ? 1 : .nan }
  }

  @Test("a metric that is not finite is an error that names it")
  func nonFinite() throws {
    var registry = TaskRegistry()
    try registry.register(
      EnvironmentFamily(
        name: "Broken", observationSize: 1, actionSpace: .discrete(count: 1), defaultHorizon: 9,
        metrics: [.success], parameters: [], make: { _ in BrokenMeter() }))
    let task = TaskSpecification(name: "broken", family: "Broken", horizon: 9)
    let batch = try EnvironmentBatch(
      tasks: [task], registry: registry, random: RandomStream(seed: 0, name: "broken"))
    try batch.reset()
    for _ in 0..<2 { try batch.step(0..<1) }
    let error = #expect(throws: EnvironmentError.self) { try batch.step(0..<1) }
    #expect("\(String(describing: error))".contains("an environment reports nan as success"))
  }

  @Test("tasks with other metrics cannot share a batch")
  func otherMetrics() throws {
    var (registry, tasks) = try walks()
    try registry.register(
      EnvironmentFamily(
        name: "Blind", observationSize: 1, actionSpace: .continuous(size: 1, low: -1, high: 1),
        defaultHorizon: 9, parameters: [], make: { WalkEnvironment($0) }))
    tasks.append(TaskSpecification(name: "blind", family: "Blind", horizon: 9))
    #expect(throws: EnvironmentError.differentSpaces(task: "blind", first: "walk-0")) {
      try EnvironmentBatch(tasks: tasks, registry: registry, random: RandomStream(seed: 0, name: "blind"))
    }
  }

  @Test("a world whose state cannot be set says so")
  func unsettable() throws {
    let (registry, tasks) = try walks()
    #expect(throws: EnvironmentError.stateCannotBeSet) {
      try replay(registry.makeEnvironment(tasks[0]), actions: [1], horizon: 1, from: [0, 0])
    }
  }
}
