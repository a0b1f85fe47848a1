import ArgumentParser
import Artifacts
import Configuration
import Environments
import Foundation
import Pipeline
import Random
import Reporting
import Synchronization
import TestSupport
import Testing

/// A metric of a world, from its steps to the table of a run.
@Suite struct SuccessTests {
  /// A walk on a line, one unit to the right or to the left: success is to stand at `goal` at any step, and the reward
  /// says nothing about it. It tells no state, so that checkpoints hold its actions.
  private class Walk: Environment {
    let observationSize = 1
    let actionSpace = ActionSpace.discrete(count: 2)
    fileprivate(set) var position = 0.0
    private let goal: Double
    private let steps: Steps
    init(goal: Double, steps: Steps) { (self.goal, self.steps) = (goal, steps) }
    func reset(using random: inout NumPyGenerator) { position = random.uniform() < 0.5 ? 0 : -1 }
    func step(action: UnsafeBufferPointer<Float>) throws -> StepOutcome {
      try steps.take()
      position += action[0] == 1 ? 1 : -1
      return StepOutcome(reward: 1)
    }
    func observe(into observation: UnsafeMutableBufferPointer<Double>) { observation[0] = position }
    func writeMetrics(into metrics: UnsafeMutableBufferPointer<Double>) {
      metrics[0] = position == goal ? 1 : 0
    }
  }

  /// The same walk, with a state.
  private final class TellingWalk: Walk, RestorableEnvironment {
    let stateSize = 1
    var state: [Double] { [position] }
    func setState(_ state: [Double]) { position = state[0] }
  }

  /// Counts the steps of all worlds, and lets no more than a limit be taken.
  private final class Steps: Sendable {
    struct TooMany: Error {}
    let limit: Int
    private let count = Atomic(0)
    init(limit: Int = .max) { self.limit = limit }
    var taken: Int { count.load(ordering: .relaxed) }
    func take() throws {
      if count.add(1, ordering: .relaxed).newValue > limit { throw TooMany() }
    }
  }

  private func registry(_ steps: Steps = Steps()) throws -> TaskRegistry {
    var registry = TaskRegistry()
    let parameters = [
      ParameterSpecification(
        name: "goal", description: "Where to go.", unit: "1", defaultValue: 1, range: -100...100)
    ]
    func register(_ name: String, _ make: @escaping @Sendable (Double) -> any Environment) throws {
      try registry.register(
        EnvironmentFamily(
          name: name, observationSize: 1, actionSpace: .discrete(count: 2), defaultHorizon: 6,
          metrics: [.success], parameters: parameters, make: { make($0["goal"] ?? 1) }))
    }
    try register("Walk") { Walk(goal: $0, steps: steps) }
    try register("TellingWalk") { TellingWalk(goal: $0, steps: steps) }
    return registry
  }

  private static let benchmark = """
    tasks:
      - {name: near, environment: Walk, goal: 1}
      - {name: far, environment: TellingWalk, goal: 90}
    task_id: hidden
    policy: {hidden_sizes: [4]}
    ppo: {num_envs: 2, num_steps: 16, num_minibatches: 2, update_epochs: 1}
    meta-train: {total_timesteps: 64}
    collect-gradients: {transitions_per_task: 32, projection_dimension: 4}
    sample-subsets: {size: 2}
    cluster: {k: 2, random_groupings: 0}
    full-train-eval: {timesteps_per_task: 128, evaluation_episodes: 40}

    """

  /// The settings of training, or of evaluation.
  private func context<Section>(in folder: String, output: String) throws -> StageContext<Section> {
    let file = folder + "/walk.yaml"
    try Self.benchmark.write(toFile: file, atomically: true, encoding: .utf8)
    let configuration = try BenchmarkConfiguration(reading: file, profile: nil)
    let tasks = try registry().resolve(configuration.learner.tasks, file: file).map(\.entry)
    let whole = configuration.slice(for: .fullTrainEval, seed: 0, tasks: tasks)
    let text =
      Section.self == SetTrainingSection.self ? Stage.fullTrainEval.trainingText(of: whole) : whole
    let slice = folder + "/slice.yaml"
    try text.write(toFile: slice, atomically: true, encoding: .utf8)
    try "checkpoint_seconds: 0\n".write(toFile: folder + "/often.yaml", atomically: true, encoding: .utf8)
    return try StageContext(
      StageOptions.parse(["--config", slice, "--output", output, "--quiet"]), threads: 1,
      checkpoints: CheckpointOptions.parse(["--checkpoints", folder + "/often.yaml"]))
  }

  private func training(in folder: String, output: String) throws -> StageContext<SetTrainingSection> {
    try context(in: folder, output: output)
  }

  private func evaluation(
    in folder: String, output: String
  ) throws -> StageContext<FullTrainEvalSection> {
    try context(in: folder, output: output)
  }

  @Test("success goes from a world's steps through training, evaluation and files to the table of the run")
  func chain() throws {
    try withTemporaryDirectory { folder in
      for name in ["tasks-0", "tasks-1", "tasks-0-1"] {
        for file in ["", "-previous"] {
          try? FileManager.default.removeItem(atPath: "\(folder)/policy.checkpoint\(file).h5")
        }
        let trained = try trainTaskSet(
          training(in: folder, output: "\(folder)/policy.h5"), set: TaskSet(name: name), registry: registry())
        #expect(trained.success == nil)
        let context = try evaluation(in: folder, output: "\(folder)/\(name).h5")
        try context.write(
          evaluateTaskSet(context, trained: trained, file: "policy.h5", registry: registry()))
        let made = try TrainedSetArtifact(reading: "\(folder)/\(name).h5")
        let success = try #require(made.success)
        #expect(success.count == made.returns.count && made.returns.allSatisfy { $0 == 6 })
        // The goal of the second task lies beyond the horizon.
        #expect(success.suffix(40).contains(true) == (name == "tasks-0"))
      }
      let clusters = ClusterArtifact {
        $0.tasks = ["near", "far"]
        $0.relaxation = [1, 0, 0, 1]
        $0.objective = 1
        $0.dualBound = 1
        $0.k = 2
        $0.groupings = [.init(name: "policygradex", labels: [0, 1]), .init(name: "single", labels: [0, 0])]
      }
      try clusters.write(
        to: folder + "/cluster.h5", provenance: Provenance(reading: folder + "/tasks-0.h5"))
      let merging = try evaluation(in: folder, output: "\(folder)/merged.h5")
      let (merged, _) = try mergeEvaluation(merging, cluster: folder + "/cluster.h5", sets: folder)
      try merging.write(merged)
      let read = try EvaluationArtifact(reading: folder + "/merged.h5")
      let shares = try [("tasks-0", 0), ("tasks-1", 0), ("tasks-0-1", 0), ("tasks-0-1", 1)].map {
        name, place in
        let success = try #require(try TrainedSetArtifact(reading: "\(folder)/\(name).h5").success)
        return Double(success[place * 40..<(place + 1) * 40].count { $0 }) / 40
      }
      #expect(shares[0] > 0 && shares[1] == 0 && shares[3] == 0)
      #expect(read.success == shares && read.normalised == shares)
      #expect(read.normalisedMean == [shares[0] / 2, shares[2] / 2])
      #expect(
        read.normalisedLow[0] <= read.normalisedMean[0] && read.normalisedMean[0] <= read.normalisedHigh[0])
      let table = try report([folder + "/merged.h5"])
      #expect(table.contains("Success is the share of the episodes that reached the goal"))
    }
  }

  @Test(
    "a training in worlds that tell their state and worlds that do not goes on from its file to equal bytes")
  func resumed() throws {
    try withTemporaryDirectory { folder in
      func train(_ steps: Steps) throws -> TrainedSetArtifact {
        try trainTaskSet(
          training(in: folder, output: folder + "/set.h5"), set: TaskSet(name: "tasks-0-1"),
          registry: registry(steps))
      }
      let whole = Steps()
      let expected = try train(whole)
      let saved = folder + "/set.checkpoint.h5"
      try FileManager.default.removeItem(atPath: saved)
      try FileManager.default.removeItem(atPath: folder + "/set.checkpoint-previous.h5")

      // Two iterations of 64 steps are over; four episodes have two steps.
      #expect(throws: Steps.TooMany.self) { try train(Steps(limit: 150)) }
      let checkpoint = try TrainingCheckpoint(reading: saved)
      #expect(checkpoint.curve.steps == [64, 128])
      #expect(checkpoint.worlds.map(\.count) == [2, 2, 1, 1])
      #expect(checkpoint.elapsedSteps == [2, 2, 2, 2])
      #expect(checkpoint.episodeMetrics.count == 4)
      let rest = Steps()
      #expect(try train(rest) == expected)
      // Of what was over, only the actions of the two worlds without a state are taken again.
      #expect(rest.taken == whole.taken - 128 + 4)
    }
  }
}
