import Artifacts
import Foundation
import Pipeline
import TestSupport
import Testing

/// What full-train-eval does with 500 tasks, on files that are made up: nothing is trained for long.
@Suite struct ManyTasksTests {
  private static let tasks = (0..<500).map { "task-\($0)" }

  private static var benchmark: String {
    let entries = tasks.map { "  - {name: \($0), environment: CartPole-v1}\n" }.joined()
    return "tasks:\n" + entries
      + tinyBenchmark.split(separator: "\n", omittingEmptySubsequences: false).dropFirst().joined(
        separator: "\n"
      )
      .replacingOccurrences(of: "num_envs: 2, num_steps: 32", with: "num_envs: 1, num_steps: 8")
      .replacingOccurrences(of: "per_task: 64", with: "per_task: 8")
  }

  /// Five groups of a hundred tasks, all in one, and each alone.
  private static let clusters: ClusterArtifact = {
    let labels =
      [
        (GroupingName.policyGradEx, { Int32($0 % 5) }), (.single, { _ in 0 }), (.separate, { Int32($0) }),
      ] as [(GroupingName, (Int) -> Int32)]
    return ClusterArtifact {
      $0.tasks = tasks
      $0.relaxation = [Double](repeating: 0.01, count: 500 * 500)
      $0.objective = 0
      $0.dualBound = 0
      $0.k = 5
      $0.groupings = labels.map { name, label in .init(name: "\(name)", labels: tasks.indices.map(label)) }
    }
  }()

  private static func provenance(_ config: String) -> Provenance {
    Provenance {
      $0.stage = "full-train-eval"
      $0.stageVersion = 2
      $0.gitCommit = "unknown"
      $0.gitDirty = 0
      $0.toolchain = "none"
      $0.seed = 0
      $0.config = config
    }
  }

  private static let policy = NetworkParameters(
    architecture:
      #"{"activation":"tanh","inputs":["observation[4]"],"kind":"categorical","sizes":[4,2]}"#,
    layers: [.init(number: 0, outputs: 2, inputs: 4)], flat: [Float](repeating: 0.1, count: 10))

  private static let normalizer = NormalizerMoments(
    mean: [0, 0, 0, 0], variance: [1, 1, 1, 1], count: 8)

  private static func curve(_ count: Int) -> LearningCurve {
    LearningCurve(steps: [8, 16], returns: (0..<2 * count).map(Double.init))
  }

  /// A set as it would be evaluated.
  private static func evaluated(_ set: TaskSet) -> TrainedSetArtifact {
    let count = set.members.count
    return TrainedSetArtifact {
      $0.tasks = set.members.map { tasks[$0] }
      $0.taskIndices = set.members.map { Int32($0) }
      $0.policy = policy
      $0.normalizer = normalizer
      $0.curve = curve(count)
      $0.returns = set.members.flatMap { [Double($0 + count), 0] }
      $0.randomReturns = [Double](repeating: 0, count: 2 * count)
      $0.steps = Int64(8 * count)
    }
  }

  private static let meta = MetaTrainArtifact {
    $0.tasks = tasks
    $0.policy = policy
    $0.critic = NetworkParameters(
      architecture: #"{"activation":"tanh","inputs":["observation[4]"],"kind":"value","sizes":[4,1]}"#,
      layers: [.init(number: 0, outputs: 1, inputs: 4)], flat: [0, 0, 0, 0, 0])
    $0.normalizer = normalizer
    $0.curve = curve(500)
    $0.taskReturn = [Double](repeating: 1, count: 500)
    $0.rewardScale = [Double](repeating: 1, count: 500)
  }

  @Test("500 tasks have file names of at most 63 bytes, a table, twenty panels, and logs that summarise")
  func manyTasks() throws {
    try withTinyRun(Self.benchmark) { run in
      try run.made("config")
      let folder = run.run()
      let config = "\(folder)/config/full-train-eval"
      let slice = try String(contentsOfFile: config + ".yaml", encoding: .utf8)
      try FileManager.default.createDirectory(
        atPath: folder + "/full-train-eval", withIntermediateDirectories: true)
      let cluster = folder + "/cluster.h5"
      try Self.clusters.write(to: cluster, provenance: Self.provenance(""))
      let sets = try distinctTaskSets(cluster: cluster)
      let named = try Programs.run("full-train-eval", ["sets", "--cluster", cluster])
      let names = named.output.split(whereSeparator: \.isWhitespace).map(String.init)
      #expect(names == sets.map(\.name) && names.count == 506 && Set(names).count == 506)
      #expect(names.allSatisfy { $0.utf8.count <= 60 })
      #expect(names[0].hasPrefix("tasks-500-") && names[5].hasPrefix("tasks-100-") && names[6] == "tasks-0")
      for set in sets {
        try Self.evaluated(set).write(
          to: "\(folder)/full-train-eval/\(set.name).h5", provenance: Self.provenance(slice))
      }
      func made(_ program: String, _ arguments: [String]) throws -> Finished {
        let finished = try Programs.run(program, arguments)
        try #require(finished.status == 0, "\(finished.errors)")
        return finished
      }
      let table = folder + "/full-train-eval.h5"
      let merged = try made(
        "full-train-eval",
        [
          "merge", "--config", config + ".yaml", "--cluster", cluster, "--sets", folder + "/full-train-eval",
          "--output", table,
        ])
      #expect(merged.errorLines.count < 5)
      let evaluation = try EvaluationArtifact(reading: table)
      #expect(
        evaluation.sets[0]
          == names[1...5].first { $0 == sets.first { $0.members.prefix(2) == [0, 5] }?.name })
      #expect(evaluation.returns[3] == 0.5 * (3 + 100) && evaluation.returns[1499] == 0.5 * (499 + 1))

      try Self.meta.write(to: folder + "/meta-train.h5", provenance: Self.provenance(""))
      _ = try made("pgx", ["report", "--save", table])
      let curves = try String(contentsOfFile: folder + "/report/learning-curves.svg", encoding: .utf8)
      #expect(curves.components(separatedBy: "<g class=\"panel\">").count == 1 + 20)
      #expect(curves.contains("20 of 500 tasks"))

      // A set whose name does not spell its members is found among the groupings.
      let policy = "\(folder)/policy.h5"
      let training = ["train", "--config", config + "-training.yaml", "--set", names[1], "--output", policy]
      #expect(try Programs.run("full-train-eval", training).status == 64)
      let trained = try made("full-train-eval", training + ["--cluster", cluster])
      let played = try made(
        "full-train-eval",
        ["evaluate", "--config", config + ".yaml", "--policy", policy, "--output", "\(folder)/set.h5"])
      #expect(trained.errors.contains("\(names[1]): "))
      #expect(played.errors.contains(#/return of 100 tasks: mean [0-9.]+, least /#), "\(played.errors)")
      #expect(played.errorLines.count < 5 && !played.errors.contains("task-0 "))
    }
  }
}
