import Configuration
import Environments
import Pipeline
import Random
import Synchronization
import Testing

/// A task's parameter that is a word: from the text of a configuration to the family.
@Suite final class TaskChoicesTests: Sendable {
  /// A world that does nothing.
  private final class Weather: Environment {
    let observationSize = 1
    let actionSpace = ActionSpace.discrete(count: 2)
    func reset(using random: inout NumPyGenerator) {}
    func step(action: UnsafeBufferPointer<Float>) -> StepOutcome { StepOutcome(reward: 0) }
    func observe(into observation: UnsafeMutableBufferPointer<Double>) { observation[0] = 0 }
  }

  private let seen = Mutex<[String?]>([])

  private func registry() throws -> TaskRegistry {
    var registry = TaskRegistry()
    try registry.register(
      EnvironmentFamily(
        name: "Weather", observationSize: 1, actionSpace: .discrete(count: 2), defaultHorizon: 5,
        parameters: [
          ParameterSpecification(
            name: "mode", description: "The weather.", defaultValue: "calm", choices: ["calm", "windy"]),
          ParameterSpecification(
            name: "speed", description: "Of the wind.", unit: "m/s", defaultValue: 1, range: 0...9),
        ],
        make: { parameters in
          self.seen.withLock { $0.append(parameters.choice("mode")) }
          return Weather()
        }))
    return registry
  }

  private func resolve(_ entry: String) throws -> TaskSpecification {
    let entries = try TaskEntry.list(inSlice: "tasks:\n  - \(entry)\n", file: "weather.yaml")
    return try registry().resolve(entries, file: "weather.yaml")[0]
  }

  @Test("a word reaches the family, and survives a slice")
  func word() throws {
    let task = try resolve("{name: a, environment: Weather, mode: windy, speed: 3}")
    #expect(task.parameters == ["mode": "windy", "speed": 3])
    let slice = ResolvedValue.section([.init("tasks", .list([task.entry]))]).yaml
    #expect(slice.contains(#"mode: "windy", speed: 3.0"#))
    let again = try TaskEntry.list(inSlice: slice, file: "slice.yaml")
    #expect(try registry().resolve(again, file: "slice.yaml") == [task])
    for name in ["{name: b, environment: Weather}", "{name: b, environment: Weather, mode: windy}"] {
      _ = try registry().makeEnvironment(resolve(name))
    }
    #expect(seen.withLock { $0 } == ["calm", "windy"])
  }

  @Test(
    "what is none of the words is refused at its line with those allowed, and a word for a number too",
    arguments: [
      ("mode: stormy", "mode is stormy, it must be one of calm, windy"),
      ("mode: 2", "mode is 2.0, it must be one of calm, windy"),
      ("speed: high", "speed is high, it must be a number"),
      ("speed: inf", "speed is inf, it must be a number"),
      ("speed: [1]", "tasks entry.speed must be a number or a word, found a list"),
    ])
  func refusals(text: String, reason: String) throws {
    let error = #expect(throws: ConfigurationError.self) {
      try resolve("{name: a, environment: Weather, \(text)}")
    }
    let line = "\(String(describing: error))"
    #expect(line.contains(reason) && line.contains("weather.yaml"), "\(line)")
  }
}
