import Foundation
import HDF5
import TestSupport
import Testing

/// A call of a program that reads what earlier ones wrote.
struct Call {
  /// The program.
  let program: String
  /// Its arguments without --output.
  let arguments: [String]
  /// The artifact that it writes; nil for a call without --output.
  var output: String?

  /// All arguments.
  var whole: [String] { arguments + (output.map { ["--output", $0] } ?? []) }

  /// The program and its command, for messages.
  var name: String {
    ([program] + arguments.prefix { !$0.hasPrefix("-") && !$0.contains("/") }).joined(separator: " ")
  }
}

/// A whole pipeline of three cart-poles in a folder, call by call: every stage and every command of pgx.
struct Chain {
  /// The folder that holds the benchmark and the run.
  let folder: String

  /// The run.
  var run: String { folder + "/run/seed-0" }

  /// Budgets so small that a stage takes a tenth of a second.
  static let benchmark = """
    tasks: [cartpole/default, cartpole/flip, cartpole/length-1.5]
    task_id: hidden
    policy: {hidden_sizes: [4]}
    ppo: {num_envs: 1, num_steps: 16, num_minibatches: 1, update_epochs: 1}
    meta-train: {total_timesteps: 96}
    collect-gradients: {transitions_per_task: 64, projection_dimension: 4}
    sample-subsets: {size: 2}
    score: {bootstrap_replicates: 10}
    cluster: {k: 2, random_groupings: 1}
    full-train-eval: {timesteps_per_task: 32, evaluation_episodes: 2}

    """

  /// Writes the benchmark and the actions to replay.
  init(in folder: String, benchmark: String = Self.benchmark) throws {
    self.folder = folder
    try write(benchmark, to: folder + "/b.yaml")
    let file = try HDF5File(creating: folder + "/actions.h5")
    try file.write((0..<1000).map { Float($0 % 2) }, to: "/actions", shape: [1000, 1])
    try file.close()
  }

  /// The slices of the configuration.
  var configuration: Call {
    Call(program: "pgx", arguments: ["config", folder + "/b.yaml", "--output", folder + "/run"])
  }

  /// The stages up to the groupings, in order.
  var stages: [Call] {
    let gradients = ["--collect-gradients", run + "/collect-gradients.h5"]
    let subsets = ["--sample-subsets", run + "/sample-subsets.h5"]
    return [
      stage("meta-train"), stage("collect-gradients", ["--meta-train", run + "/meta-train.h5"]),
      stage("sample-subsets"), stage("linearized-adapt", gradients + subsets),
      stage("score", gradients + subsets + ["--linearized-adapt", run + "/linearized-adapt.h5"]),
      stage("cluster", ["--score", run + "/score.h5"]),
    ]
  }

  /// The call that names the task sets.
  var sets: Call { Call(program: "full-train-eval", arguments: ["sets", "--cluster", run + "/cluster.h5"]) }

  /// The training of one task set.
  func training(_ set: String) -> Call {
    Call(
      program: "full-train-eval",
      arguments: [
        "train", "--config", run + "/config/full-train-eval-training.yaml", "--set", set, "--threads", "2",
      ],
      output: "\(run)/full-train-eval/policies/\(set).h5")
  }

  /// The evaluation of one task set.
  func evaluation(_ set: String) -> Call {
    Call(
      program: "full-train-eval",
      arguments: [
        "evaluate", "--config", run + "/config/full-train-eval.yaml", "--policy",
        "\(run)/full-train-eval/policies/\(set).h5",
      ],
      output: "\(run)/full-train-eval/\(set).h5")
  }

  /// The table of groupings.
  var merge: Call {
    Call(
      program: "full-train-eval",
      arguments: [
        "merge", "--config", run + "/config/full-train-eval.yaml", "--cluster", run + "/cluster.h5", "--sets",
        run + "/full-train-eval",
      ],
      output: run + "/full-train-eval.h5")
  }

  /// The commands of pgx that look at a finished run.
  var toolbox: [Call] {
    [
      Call(program: "pgx", arguments: ["show", run + "/score.h5"]),
      Call(program: "pgx", arguments: ["digest", run + "/score.h5"]),
      Call(program: "pgx", arguments: ["diff", run + "/score.h5", run + "/score.h5"]),
      Call(program: "pgx", arguments: ["evaluate", run + "/meta-train.h5", "--episodes", "2"]),
      Call(program: "pgx", arguments: ["report", "--save", run + "/full-train-eval.h5"]),
      Call(
        program: "pgx",
        arguments: ["replay", "--task", "cartpole/default", "--actions", folder + "/actions.h5"],
        output: folder + "/replayed.h5"),
    ]
  }

  private func stage(_ name: String, _ inputs: [String] = []) -> Call {
    Call(
      program: name, arguments: ["--config", "\(run)/config/\(name).yaml"] + inputs,
      output: "\(run)/\(name).h5")
  }

  /// Makes every call in order.
  ///
  /// - Parameter perform: makes one call.
  /// - Returns: the calls made.
  @discardableResult
  func runAll(_ perform: (Call) throws -> Ended) throws -> [Call] {
    var made: [Call] = []
    func call(_ call: Call) throws -> String {
      let ended = try perform(call)
      try #require(ended.status == 0, "\(call.name): \(ended.status) \(ended.output)\(ended.errors)")
      made.append(call)
      return ended.output
    }
    _ = try call(configuration)
    for stage in stages { _ = try call(stage) }
    try FileManager.default.createDirectory(
      atPath: run + "/full-train-eval/policies", withIntermediateDirectories: true)
    for set in try call(sets).split(whereSeparator: \.isWhitespace) {
      _ = try call(training(String(set)))
      _ = try call(evaluation(String(set)))
    }
    _ = try call(merge)
    for command in toolbox { _ = try call(command) }
    return made
  }

  /// Makes every call in order, plainly.
  @discardableResult
  func runAll() throws -> [Call] {
    try runAll { try Sandbox.run("\(Sandbox.programs)/\($0.program)", $0.whole) }
  }
}
