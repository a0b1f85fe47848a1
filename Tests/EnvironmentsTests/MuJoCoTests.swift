import Environments
import Foundation
import MuJoCo
import MuJoCoTasks
import Random
import TestSupport
import Testing
import Workers

@Suite struct MuJoCoTests {
  @Test("an engine fault is an error with the engine's text, and the process lives")
  func fault() throws {
    let error = try #require(throws: MuJoCoError.self) { try raiseEngineFault("made on purpose") }
    guard case .engine("mju_error", _, let message) = error else {
      Issue.record("another error: \(error)")
      return
    }
    #expect(message.contains("made on purpose"))
  }

  @Test("a fault while a model is compiled ends the process with one line that names the file")
  func fatalFault() async throws {
    let result = await #expect(processExitsWith: .exitCode(70), observing: [\.standardErrorContent]) {
      try raiseEngineFault("made on\npurpose", whileCompiling: "robot.xml")
    }
    let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    let lines = text.split(separator: "\n").filter { $0.contains("MuJoCo") }
    #expect(
      lines.count == 1 && lines[0].contains("robot.xml") && lines[0].contains("made on purpose"), "\(text)")
  }

  @Test("a simulation without enough working memory fails with an error, and works again after a reset")
  func arenaOverflow() throws {
    // Enough for the data to be made, too little for the search of contacts.
    let simulation = try Simulation(PhysicsModel(path: cheetahPath(), edits: [.setArenaSize(bytes: 700)]))
    for _ in 0..<2 {
      let error = try #require(throws: MuJoCoError.self) { try simulation.step() }
      #expect(error.description.contains("mj_step failed on"))
      #expect(error.description.contains("half_cheetah.xml"))
      #expect(!error.description.contains("\n"))
      try simulation.reset()
    }
    #expect(simulation.positions[0] == 0)

    let model = try PhysicsModel(path: cheetahPath(), edits: [.setArenaSize(bytes: 256)])
    let error = try #require(throws: MuJoCoError.self) { try Simulation(model) }
    #expect(error.description.contains("mj_makeData failed on"))
  }

  @Test("faults on several threads at once reach the thread they belong to")
  func faultsOnThreads() throws {
    let path = try cheetahPath()
    try WorkerPool(threads: 4).run(64) { index, _ in
      do {
        try raiseEngineFault("fault \(index)")
        Issue.record("no error")
      } catch {
        #expect("\(error)".contains("fault \(index)"))
      }
      let simulation = try Simulation(PhysicsModel(path: path))
      try simulation.step(count: 3)
      #expect(simulation.instabilityCount == 0)
    }
  }

  @Test("a missing or broken model file is an error that names it")
  func badModels() throws {
    let missing = try #require(throws: MuJoCoError.self) {
      try PhysicsModel(path: "/nowhere/a.xml")
    }
    #expect(missing.description.contains("/nowhere/a.xml"))
    try withTemporaryDirectory { folder in
      let path = folder + "/broken.xml"
      try "<mujoco><worldbody><body><geom size='-1'/></body></worldbody></mujoco>".write(
        toFile: path, atomically: true, encoding: .utf8)
      let broken = try #require(throws: MuJoCoError.self) { try PhysicsModel(path: path) }
      #expect(broken.description.contains(path))
      guard case .engine("mj_loadXML", _, let message) = broken else {
        Issue.record("another error: \(broken)")
        return
      }
      #expect(!message.isEmpty)
    }
  }

  @Test("an edit of a body that does not exist is an error that names it")
  func unknownBody() throws {
    let path = try cheetahPath()
    let expected = MuJoCoError.unknownName(kind: "body", name: "wing", model: path)
    #expect(throws: expected) {
      try PhysicsModel(path: path, edits: [.scaleMass(body: "wing", by: 2)])
    }
  }

  @Test("masses are scaled as asked, the unchanged cheetah weighs 14 kg")
  func masses() throws {
    let plain = try PhysicsModel(path: cheetahPath()).bodyMasses
    // 14 kg comes from the model file's settotalmass; the compiler rescales once, hence rounding.
    #expect(abs(plain.reduce(0, +) - 14) < 1e-12)
    let edits: [ModelEdit] = [.scaleMasses(by: 2), .scaleMass(body: "torso", by: 3)]
    let masses = try PhysicsModel(path: cheetahPath(), edits: edits).bodyMasses
    #expect(masses[1] == plain[1] * 2 * 3)
    #expect(Array(masses[2...]) == plain[2...].map { $0 * 2 })
  }

  @Test("a control that is not a number ends the episode as truncated, and the cheetah stays where it was")
  func divergence() throws {
    let registry = try makeRegistry()
    let batch = try EnvironmentBatch(
      tasks: [TaskSpecification](repeating: registry.task(named: "halfcheetah/fwd"), count: 2),
      registry: registry, random: RandomStream(seed: 0, name: "batch"))
    try batch.reset()
    for _ in 0..<10 { try batch.step(0..<2) }
    let before = Array(UnsafeBufferPointer(start: batch.observations, count: 17))
    batch.actions[3] = .nan
    try batch.step(0..<2)
    #expect(batch.outcomes[0].truncated && !batch.outcomes[0].terminated && !batch.outcomes[1].truncated)
    #expect(batch.outcomes[0].reward == 0)
    #expect(batch.divergedEpisodes == 1)
    #expect(Array(UnsafeBufferPointer(start: batch.finalObservations, count: 17)) == before)
    batch.actions[3] = 0
    for _ in 0..<10 { try batch.step(0..<2) }
    #expect(!batch.outcomes[0].truncated && batch.divergedEpisodes == 1)
    #expect((0..<17).allSatisfy { batch.observations[$0].isFinite })
  }

  @Test("a velocity beyond what the engine accepts is reported as divergence, not as a reward")
  func explosion() throws {
    let environment = try makeRegistry().makeRestorable(makeRegistry().task(named: "halfcheetah/fwd"))
    var state = [Double](repeating: 0, count: 18)
    state[9] = 1e11
    try environment.setState(state)
    let outcome = try environment.step([Float](repeating: 0, count: 6))
    #expect(outcome == StepOutcome(reward: 0, terminated: false, diverged: true))
  }

  @Test(
    "what the engine warns of counts as instability: a coordinate, velocity, acceleration or control gone bad",
    arguments: [
      ("position", .nan), ("position", .infinity), ("position", -1e11), ("velocity", .nan),
      ("velocity", .infinity), ("velocity", -1e11), ("acceleration", 9e9), ("acceleration", -9e9),
      // Others are clamped to the motors' range.
      ("control", Double.nan),
    ])
  func warnings(cause: String, value: Double) throws {
    let simulation = try Simulation(PhysicsModel(path: cheetahPath()))
    try simulation.step(count: 3)
    #expect(simulation.instabilityCount == 0)
    switch cause {
    case "position": simulation.positions[4] = value
    case "velocity": simulation.velocities[4] = value
    // A velocity that the engine still accepts, and an acceleration from the joint's damping that it does not.
    case "acceleration": simulation.velocities[4] = value
    default: simulation.controls[4] = value
    }
    try simulation.step()
    #expect(simulation.instabilityCount > 0)
    try simulation.reset()
    try simulation.step(count: 3)
    #expect(simulation.instabilityCount == 0 && simulation.positions[4].isFinite)
  }

  @Test(
    "an episode that leaves what the engine can compute is truncated and counted, and a sound one follows")
  func unsoundStates() throws {
    var cases = 0
    let registry = try makeRegistry()
    let task = try registry.task(named: "halfcheetah/fwd")
    let batch = try EnvironmentBatch(
      tasks: [task], registry: registry, random: RandomStream(seed: 0, name: "unsound"))
    try batch.reset()
    for entry in 0..<18 {
      for value in [1e11, -1e11] {
        var snapshot = batch.snapshot
        // The engine's time stands first, then positions and velocities.
        snapshot.worlds[0][1 + entry] = value
        try batch.restore(snapshot)
        for motor in 0..<6 { batch.actions[motor] = 0 }
        try batch.step(0..<1)
        cases += 1
        #expect(
          batch.outcomes[0] == StepOutcome(reward: 0, truncated: true, diverged: true), "entry \(entry)")
        #expect(batch.divergedEpisodes == cases)
        for motor in 0..<6 { batch.actions[motor] = 0.1 }
        try batch.step(0..<1)
        let sound = batch.outcomes[0]
        #expect(!sound.ended && sound.reward.isFinite && abs(sound.reward) < 10)
        #expect((0..<17).allSatisfy { abs(batch.observations[$0]) < 50 })
      }
    }
    print(
      "reliability: diverged simulations ended as truncated and counted: \(batch.divergedEpisodes) of \(cases)"
    )
  }

  @Test("light bodies with strong motors diverge under random actions; every episode cut short is counted")
  func wildCheetahs() throws {
    let wild = TaskSpecification(
      name: "wild", family: "HalfCheetah-v5",
      parameters: ["mass_scale": 0.1, "torso_mass_scale": 0.1, "gear_scale": 5], horizon: 300)
    let batch = try EnvironmentBatch(
      tasks: [TaskSpecification](repeating: wild, count: 4), registry: makeRegistry(),
      random: RandomStream(seed: 0, name: "wild"))
    try batch.reset()
    var random = NumPyGenerator(seed: 1)
    var cut = 0
    for _ in 0..<1500 {
      let actions = batch.actionSpace.randomActions(4, using: &random)
      for (index, action) in actions.enumerated() { batch.actions[index] = action }
      try batch.step(0..<4)
      for row in 0..<4 {
        #expect(batch.outcomes[row].reward.isFinite && !batch.outcomes[row].terminated)
        guard batch.outcomes[row].truncated, batch.episodeLengths[row] < 300 else { continue }
        cut += 1
        #expect(batch.outcomes[row].reward == 0)
        // The next episode begins as every other: positions within 0.1, velocities a tenth of standard normal.
        #expect((0..<17).allSatisfy { abs(batch.observations[row * 17 + $0]) < 0.6 })
        #expect((0..<17).allSatisfy { batch.finalObservations[row * 17 + $0].isFinite })
      }
    }
    #expect(cut > 0 && batch.divergedEpisodes == cut)
  }

  @Test("no warning of the engine is written to a log file in the working folder")
  func noLogFile() throws {
    try explosion()
    #expect(!FileManager.default.fileExists(atPath: "MUJOCO_LOG.TXT"))
  }

  @Test(
    "the models are looked for where PGX_ASSETS says, else above the executable, else the error names make setup"
  )
  func assets() throws {
    try withTemporaryDirectory { folder in
      let models = folder + "/.deps/gymnasium"
      let file = "half_cheetah.xml"
      let missing = try #require(throws: AssetsError.self) {
        try AssetFolder(variable: models, executable: "/nowhere/pgx").path(of: file)
      }
      #expect(missing.description.hasPrefix("PGX_ASSETS is \(models), but there is no \(file) in it; "))
      try FileManager.default.createDirectory(atPath: models, withIntermediateDirectories: true)
      try "".write(toFile: "\(models)/\(file)", atomically: true, encoding: .utf8)
      #expect(
        try AssetFolder(variable: models, executable: "/nowhere/pgx").path(of: file) == "\(models)/\(file)")
      let beside = AssetFolder(variable: nil, executable: folder + "/.build/release/pgx")
      #expect(try beside.path(of: file) == "\(models)/\(file)")
    }
    let error = try #require(throws: AssetsError.self) {
      try AssetFolder(variable: nil, executable: "/nowhere/pgx").path(of: "half_cheetah.xml")
    }
    #expect(
      error.description
        == "there is no .deps/gymnasium/half_cheetah.xml in any folder above /nowhere/pgx; run `make setup`")
  }

  @Test("where no model is, cart-poles run and need no file, and a cheetah names the one it needs")
  func missingAssets() throws {
    try withTemporaryDirectory { folder in
      for variable in [folder, folder + "/absent"] {
        let registry = try makeRegistry(assets: AssetFolder(variable: variable, executable: "/nowhere/pgx"))
        #expect(try registry.assetFiles(ofFamilies: ["CartPole-v1"]).isEmpty)
        let batch = try EnvironmentBatch(
          tasks: registry.tasks.filter { $0.name.hasPrefix("cartpole/") }, registry: registry,
          random: RandomStream(seed: 0, name: "batch"))
        try batch.reset()
        try batch.step(0..<batch.count)
        let missing = try #require(throws: AssetsError.self) {
          try registry.assetFiles(ofFamilies: ["CartPole-v1", "HalfCheetah-v5"])
        }
        #expect(missing.description.hasPrefix("PGX_ASSETS is \(variable), but"))
        #expect(throws: missing) {
          try registry.makeEnvironment(registry.task(named: "HalfCheetah-v5"))
        }
      }
    }
    let files = try makeRegistry().assetFiles(ofFamilies: ["HalfCheetah-v5"])
    #expect(files == ["HalfCheetah model": try cheetahPath()])
  }

  private func cheetahPath() throws -> String { try AssetFolder().path(of: "half_cheetah.xml") }
}
