import Environments
import Random
import Testing
import Workers

/// A world that counts its steps, and terminates, is cut, diverges or fails at the step that its parameters say.
final class ScriptedEnvironment: RestorableEnvironment {
  struct Failure: Error, Equatable { var count: Double }

  let observationSize = 1
  let actionSpace = ActionSpace.discrete(count: 3)
  let stateSize = 1
  private let script: TaskParameters
  private(set) var count = 0.0

  init(_ script: TaskParameters) { self.script = script }

  func reset(using random: inout NumPyGenerator) { count = 0 }

  func step(action: UnsafeBufferPointer<Float>) throws -> StepOutcome {
    count += 1
    if count == script["fails"] { throw Failure(count: count) }
    return StepOutcome(
      reward: count == script["diverges"] ? 0 : count + Double(action[0]),
      terminated: count == script["ends"],
      truncated: count == script["is_cut"], diverged: count == script["diverges"])
  }

  func observe(into observation: UnsafeMutableBufferPointer<Double>) { observation[0] = count }

  var state: [Double] { [count] }

  func setState(_ state: [Double]) throws { count = state[0] }

  /// The family without and with a group of its own.
  static let families = [
    family("one by one", makeGroup: nil), family("together", makeGroup: { ScriptedGroup($0) }),
  ]

  private static func family(
    _ name: String, makeGroup: (@Sendable ([TaskParameters]) throws -> any EnvironmentGroup)?
  ) -> EnvironmentFamily {
    EnvironmentFamily(
      name: name, observationSize: 1, actionSpace: .discrete(count: 3), defaultHorizon: 10,
      parameters: ["ends", "is_cut", "diverges", "fails"].map {
        ParameterSpecification(
          name: $0, description: "The step at which it does.", unit: "1", defaultValue: nil, range: 1...100)
      }, make: { ScriptedEnvironment($0) }, makeGroup: makeGroup)
  }
}

/// The same worlds as one group, written anew.
private final class ScriptedGroup: EnvironmentGroup {
  private let scripts: [TaskParameters]
  private var counts: [Double]

  init(_ scripts: [TaskParameters]) {
    self.scripts = scripts
    counts = scripts.map { _ in 0 }
  }

  func reset(_ row: Int, using random: inout NumPyGenerator) { counts[row] = 0 }

  func step(
    _ rows: Range<Int>, actions: UnsafePointer<Float>, outcomes: UnsafeMutablePointer<StepOutcome>
  ) throws(RowFailure) {
    for row in rows {
      counts[row] += 1
      let script = scripts[row]
      if counts[row] == script["fails"] {
        throw RowFailure(row: row, error: ScriptedEnvironment.Failure(count: counts[row]))
      }
      let diverged = counts[row] == script["diverges"]
      outcomes[row] = StepOutcome(
        reward: diverged ? 0 : counts[row] + Double(actions[row]), terminated: counts[row] == script["ends"],
        truncated: counts[row] == script["is_cut"], diverged: diverged)
    }
  }

  func observe(_ rows: Range<Int>, into observations: UnsafeMutablePointer<Double>) {
    for row in rows { observations[row] = counts[row] }
  }

  func snapshot(of row: Int) -> [Double]? { [counts[row]] }

  func restore(_ row: Int, _ snapshot: [Double]) { counts[row] = snapshot[0] }
}

@Suite struct OutcomeTests {
  private static let scripts: [[String: ParameterValue]] = [
    [:], ["ends": 3], ["is_cut": 2], ["diverges": 4], ["ends": 2, "is_cut": 2], ["fails": 5],
  ]

  private func batch(_ family: String, rows: Range<Int>) throws -> EnvironmentBatch {
    var registry = TaskRegistry()
    for family in ScriptedEnvironment.families { try registry.register(family) }
    let tasks = rows.map {
      TaskSpecification(name: "\($0)", family: family, parameters: Self.scripts[$0], horizon: 6)
    }
    let batch = try EnvironmentBatch(
      tasks: tasks, registry: registry, random: RandomStream(seed: 0, name: "outcomes"))
    try batch.reset()
    return batch
  }

  @Test(
    "a group's steps end, cut and diverge as those of single environments do, and each flag says why",
    arguments: ["one by one", "together"])
  func outcomes(family: String) throws {
    let batch = try batch(family, rows: 0..<5)
    var endings = [[String]](repeating: [], count: 5)
    for step in 1...12 {
      for row in 0..<5 { batch.actions[row] = Float((step + row) % 3) }
      try batch.step(0..<5)
      for row in 0..<5 where batch.outcomes[row].terminated || batch.outcomes[row].truncated {
        let flags = [
          batch.outcomes[row].terminated, batch.outcomes[row].truncated, batch.outcomes[row].diverged,
        ]
        endings[row].append("\(step):\(flags.map { $0 ? "1" : "0" }.joined())")
        // What was last seen is kept, and the next episode stands at its start.
        #expect(batch.finalObservations[row] == Double(batch.episodeLengths[row]))
        #expect(batch.observations[row] == 0)
      }
      #expect(batch.outcomes[3].reward == (step % 4 == 0 ? 0 : Double((step - 1) % 4 + 1 + (step + 3) % 3)))
    }
    #expect(
      endings == [
        ["6:010", "12:010"], ["3:100", "6:100", "9:100", "12:100"],
        [2, 4, 6, 8, 10, 12].map { "\($0):010" }, ["4:011", "8:011", "12:011"],
        [2, 4, 6, 8, 10, 12].map { "\($0):110" },
      ])
    #expect(batch.divergedEpisodes == 3)
  }

  @Test(
    "a row that throws ends the batch's step with its own error, after the rows before it",
    arguments: ["one by one", "together"])
  func failure(family: String) throws {
    let batch = try batch(family, rows: 0..<6)
    for _ in 0..<4 { try batch.step(0..<6) }
    #expect(throws: ScriptedEnvironment.Failure(count: 5)) { try batch.step(0..<6) }
    #expect((0..<5).map { batch.observations[$0] } == [5, 2, 1, 1, 1])
    #expect(batch.observations[5] == 4)
    // A choice that there is not is refused before the row is stepped, and a failure before it comes first.
    batch.actions[1] = 3
    #expect(throws: EnvironmentError.invalidAction(value: 3, count: 3)) { try batch.step(0..<6) }
    #expect((0..<3).map { batch.observations[$0] } == [0, 2, 1])
  }
}
