import ClassicTasks
import Environments
import Synchronization
import Testing

@Suite struct TaskRegistryTests {
  @Test("a misspelt task name is answered with the one meant")
  func unknownTask() throws {
    let registry = try makeRegistry()
    let error = try #require(throws: EnvironmentError.self) { try registry.task(named: "halfcheeta/fwd") }
    #expect(
      error == .unknown("there is no task", name: "halfcheeta/fwd", suggestion: "halfcheetah/fwd"))
    #expect(error.description == "there is no task \"halfcheeta/fwd\"; did you mean \"halfcheetah/fwd\"?")
    #expect(throws: EnvironmentError.unknown("there is no task", name: "humanoid", suggestion: nil)) {
      try registry.task(named: "humanoid")
    }
  }

  @Test("an unknown family or parameter is an error that names the task")
  func unknownNames() throws {
    let registry = try makeRegistry()
    #expect(
      throws: EnvironmentError.unknown(
        "task a: there is no environment family", name: "CartPole-v0", suggestion: "CartPole-v1")
    ) {
      try registry.validate(TaskSpecification(name: "a", family: "CartPole-v0", horizon: 1))
    }
    #expect(
      throws: EnvironmentError.unknown(
        "task a: its family has no parameter", name: "gravty", suggestion: "gravity")
    ) {
      try registry.validate(
        TaskSpecification(name: "a", family: "CartPole-v1", parameters: ["gravty": 9], horizon: 1))
    }
  }

  @Test(
    "a parameter out of range is an error that names task, parameter and range", arguments: [0.0, .nan, 101])
  func range(value: Double) throws {
    let task = TaskSpecification(
      name: "a", family: "CartPole-v1", parameters: ["gravity": .number(value)], horizon: 1)
    let error = try #require(throws: EnvironmentError.self) { try makeRegistry().makeEnvironment(task) }
    #expect(error.description == "task a: gravity is \(value), it must lie in [0.1, 100.0]")
  }

  @Test("a sign must be 1 or -1")
  func choices() throws {
    let task = TaskSpecification(
      name: "a", family: "HalfCheetah-v5", parameters: ["direction": 0], horizon: 1)
    let error = try #require(throws: EnvironmentError.self) { try makeRegistry().validate(task) }
    #expect(error.description == "task a: direction is 0.0, it must be one of -1.0, 1.0")
  }

  @Test(
    "a parameter may be a word, which reaches the environment; another word is refused with those allowed")
  func words() throws {
    var registry = try makeRegistry()
    let seen = Mutex<[String?]>([])
    try registry.register(
      EnvironmentFamily(
        name: "Weather", observationSize: 1, actionSpace: .discrete(count: 3), defaultHorizon: 1,
        parameters: [
          ParameterSpecification(
            name: "mode", description: "The weather.", defaultValue: "calm", choices: ["calm", "windy"]),
          ParameterSpecification(
            name: "place", description: "Where.", defaultValue: nil, choices: ["sea"]),
        ],
        make: { parameters in
          seen.withLock { $0 += [parameters.choice("mode"), parameters.choice("place")] }
          #expect(parameters["mode"] == nil)
          return ScriptedEnvironment(parameters)
        }))
    func task(_ parameters: [String: ParameterValue]) -> TaskSpecification {
      TaskSpecification(name: "a", family: "Weather", parameters: parameters, horizon: 1)
    }
    _ = try registry.makeEnvironment(task([:]))
    _ = try registry.makeEnvironment(task(["mode": "windy", "place": "sea"]))
    #expect(seen.withLock { $0 } == ["calm", nil, "windy", "sea"])
    func refusal(_ task: TaskSpecification) -> String {
      "\(String(describing: #expect(throws: EnvironmentError.self) { try registry.validate(task) }))"
    }
    #expect(refusal(task(["mode": "wet"])).contains("task a: mode is wet, it must be one of calm, windy"))
    #expect(refusal(task(["mode": 1])).contains("task a: mode is 1.0, it must be one of calm, windy"))
    let pole = TaskSpecification(
      name: "a", family: "CartPole-v1", parameters: ["gravity": "strong"], horizon: 1)
    #expect(refusal(pole).contains("task a: gravity is strong, it must be a number"))
  }

  @Test("an episode has at least one step")
  func horizon() throws {
    let task = TaskSpecification(name: "a", family: "CartPole-v1", horizon: 0)
    let error = try #require(throws: EnvironmentError.self) { try makeRegistry().validate(task) }
    #expect(error.description == "task a: the horizon is 0 steps, it must be at least 1")
  }

  @Test("a name is registered once")
  func duplicates() throws {
    var registry = try makeRegistry()
    let family = EnvironmentError.duplicate("an environment family", name: "CartPole-v1")
    #expect(throws: family) { try registry.registerClassicTasks() }
    #expect(throws: EnvironmentError.duplicate("a task", name: "CartPole-v1")) {
      try registry.register(TaskSpecification(name: "CartPole-v1", family: "CartPole-v1", horizon: 1))
    }
  }

  @Test("a benchmark's tasks bear its name and stand in their order")
  func benchmarks() throws {
    let tasks = try makeRegistry().tasks
    #expect(
      tasks.map(\.name).filter { $0.hasPrefix("halfcheetah/") } == [
        "halfcheetah/fwd", "halfcheetah/fwd-gravity-1.5", "halfcheetah/fwd-torso-2", "halfcheetah/velocity-3",
        "halfcheetah/bwd", "halfcheetah/bwd-gravity-1.5", "halfcheetah/velocity-minus-3",
        "halfcheetah/velocity-1", "halfcheetah/velocity-0.5", "halfcheetah/velocity-minus-1",
      ])
    #expect(tasks.count { $0.name.hasPrefix("cartpole/") } == 10)
    #expect(tasks.allSatisfy { $0.horizon == 200 || !$0.name.contains("/") })
    let plain = tasks.filter { !$0.name.contains("/") }
    #expect(plain.map(\.name) == ["CartPole-v1", "HalfCheetah-v5"])
    #expect(plain.map(\.horizon) == [500, 1000])
  }

  @Test("every parameter's default lies in its range and changes nothing when named")
  func defaults() throws {
    let registry = try makeRegistry()
    for family in registry.families {
      for parameter in family.parameters {
        guard case .number(let value)? = parameter.defaultValue,
          case .number(let range, let choices) = parameter.kind
        else { continue }
        #expect(range.contains(value), "\(family.name) \(parameter.name)")
        #expect(choices.isEmpty || choices.contains(value))
      }
      let state = try registry.makeRestorable(
        TaskSpecification(name: "a", family: family.name, horizon: 1)
      ).stateSize
      let start = [Double](repeating: 0.01, count: state)
      let named = Dictionary(
        uniqueKeysWithValues: family.parameters.compactMap { parameter in
          parameter.defaultValue.map { (parameter.name, $0) }
        })
      let actions = [Float](repeating: 1, count: 5 * family.actionSpace.width)
      let trajectories = try [[:], named].map { (parameters: [String: ParameterValue]) in
        try replay(
          registry.makeEnvironment(
            TaskSpecification(name: "a", family: family.name, parameters: parameters, horizon: 5)),
          actions: actions, horizon: 5, from: start)
      }
      #expect(trajectories[0] == trajectories[1])
    }
  }

  @Test("every parameter changes the world or the reward")
  func parametersMatter() throws {
    let registry = try makeRegistry()
    for family in registry.families {
      let plain = TaskSpecification(name: "a", family: family.name, horizon: 60)
      let state = try registry.makeRestorable(plain).stateSize
      let start = [Double](repeating: 0.01, count: state)
      let actions = (0..<60 * family.actionSpace.width).map { Float(($0 / 7) % 2) }
      let reference = try replay(registry.makeEnvironment(plain), actions: actions, horizon: 60, from: start)
      for parameter in family.parameters {
        guard case .number(let range, _) = parameter.kind else { continue }
        var task = plain
        task.parameters[parameter.name] = .number(range.lowerBound)
        let trajectory = try replay(
          registry.makeEnvironment(task), actions: actions, horizon: 60, from: start)
        #expect(trajectory != reference, "\(family.name) \(parameter.name)")
      }
    }
  }
}
