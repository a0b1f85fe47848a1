import Artifacts
import Foundation
import HDF5
import TestSupport
import Testing

/// A program, the inputs that it is given, and one of them that is to be spoilt.
struct SpoiltInput: CustomTestStringConvertible, Sendable {
  /// The program and its subcommand.
  let command: [String]
  /// The options that name files, with the files' paths below the run.
  let inputs: [String: String]
  /// The option whose file is spoilt.
  let spoilt: String
  /// Whether the tasks of the file are compared with those of something else.
  let comparesTasks: Bool

  var testDescription: String { "\(command.joined(separator: " ")) \(spoilt)" }

  /// One per input of each stage.
  static let all: [SpoiltInput] = {
    let surrogate = [
      "--collect-gradients": "collect-gradients.h5", "--sample-subsets": "sample-subsets.h5",
    ]
    let scoring = surrogate.merging(["--linearized-adapt": "linearized-adapt.h5"]) { $1 }
    let merging = ["--cluster": "cluster.h5", "--sets": "full-train-eval"]
    return [
      .init(
        command: ["collect-gradients"], inputs: ["--meta-train": "meta-train.h5"], spoilt: "--meta-train",
        comparesTasks: true)
    ]
      + surrogate.keys.sorted().map {
        .init(command: ["linearized-adapt"], inputs: surrogate, spoilt: $0, comparesTasks: true)
      }
      + scoring.keys.sorted().map {
        .init(command: ["score"], inputs: scoring, spoilt: $0, comparesTasks: true)
      } + [
        .init(
          command: ["cluster"], inputs: ["--score": "score.h5"], spoilt: "--score", comparesTasks: false),
        .init(
          command: ["full-train-eval", "merge"], inputs: merging, spoilt: "--cluster", comparesTasks: true),
        .init(
          command: ["full-train-eval", "sets"], inputs: ["--cluster": "cluster.h5"], spoilt: "--cluster",
          comparesTasks: false),
      ]
  }()
}

@Suite struct BadInputTests {
  /// The run of `tinyBenchmark`, and one of the same tasks in another order, up to cluster.
  private func withTwoRuns(_ body: (_ run: String, _ other: String, _ folder: String) throws -> Void) throws {
    try withMadeRun { run in
      let order = tinyBenchmark.replacingOccurrences(
        of: "[cartpole/default, cartpole/flip, cartpole/length-1.5, cartpole/force-30]",
        with: "[cartpole/flip, cartpole/default, cartpole/length-1.5, cartpole/force-30]")
      try withTinyRun(order) { other in
        try other.made("all")
        try body(run.run(), other.run(), run.folder)
      }
    }
  }

  /// Runs the program on the inputs of a run, one of them replaced.
  private func finished(_ input: SpoiltInput, run: String, _ file: String, output: String) throws -> Finished
  {
    var arguments = Array(input.command.dropFirst())
    for (option, path) in input.inputs {
      arguments += [option, option == input.spoilt ? file : "\(run)/\(path)"]
    }
    if input.command.last != "sets" {
      arguments += ["--config", "\(run)/config/\(input.command[0]).yaml", "--output", output]
    }
    return try Programs.run(input.command[0], arguments)
  }

  @Test(
    "an input that is missing, cut off, foreign, of another stage or of other tasks exits 65 with one line that names it, and leaves nothing"
  )
  func inputs() throws {
    try withTwoRuns { run, other, folder in
      for input in SpoiltInput.all {
        let name = try #require(input.inputs[input.spoilt])
        let whole = try bytes("\(run)/\(name)")
        let stage = name.replacingOccurrences(of: ".h5", with: "")
        let cut = "\(folder)/cut.h5"
        try whole.prefix(whole.count * 2 / 3).write(to: URL(fileURLWithPath: cut))
        let text = "\(folder)/text.h5"
        try Data("a,b\n1,2\n".utf8).write(to: URL(fileURLWithPath: text))
        let foreign = "\(folder)/foreign.h5"
        try? FileManager.default.removeItem(atPath: foreign)
        let file = try HDF5File(creating: foreign)
        try file.write([1.0, 2], to: "/affinity", shape: [2])
        try file.close()
        let stranger = name == "sample-subsets.h5" ? "meta-train" : "sample-subsets"
        var cases = [
          (folder + "/none.h5", "cannot be read: No such file or directory"),
          (cut, "is truncated or damaged"), (text, "is not an HDF5 file"),
          (foreign, "has no root attribute `schema`, expected policygradex/\(stage)"),
          (
            "\(run)/\(stranger).h5",
            "is a policygradex/\(stranger) artifact, expected policygradex/\(stage)"
          ),
        ]
        if input.comparesTasks { cases.append(("\(other)/\(name)", "are about different tasks: task 0 is ")) }
        for (spoilt, message) in cases {
          let output = folder + "/out.h5"
          let finished = try finished(input, run: run, spoilt, output: output)
          #expect(finished.status == 65, "\(input.testDescription): \(finished.errors)")
          #expect(
            finished.errorLines.count == 1 && finished.errors.contains(message)
              && finished.errors.contains(spoilt),
            "\(input.testDescription): \(finished.errors)")
          #expect(files(below: folder).allSatisfy { !$0.hasPrefix("out.h5") })
        }
      }
    }
  }

  @Test("a task-set file that is missing, or of other tasks, exits 65 with one line that names it")
  func taskSetFiles() throws {
    try withTwoRuns { run, other, folder in
      for (sets, message) in [
        (folder, "tasks-0-1-2-3.h5: cannot be read: No such file or directory"),
        ("\(other)/full-train-eval", "are about different tasks: task 0 is "),
      ] {
        let finished = try Programs.run(
          "full-train-eval",
          [
            "merge", "--config", "\(run)/config/full-train-eval.yaml", "--cluster", "\(run)/cluster.h5",
            "--sets", sets, "--output", "\(folder)/out.h5",
          ])
        #expect(finished.status == 65)
        #expect(
          finished.errorLines.count == 1 && finished.errors.contains(message)
            && finished.errors.contains("\(sets)/tasks-0-1-2-3.h5"), "\(finished.errors)")
      }
    }
  }

  @Test(
    "a task set trained under another configuration, seed or number of episodes exits 65 and is named",
    arguments: [
      ("update_epochs: 1", "update_epochs: 2", "0", "/provenance@config: expected that of "),
      (
        "evaluation_episodes: 2", "evaluation_episodes: 3", "0",
        "/return: expected 2 episodes per task, found 3"
      ),
      ("", "", "1", "/provenance@seed: expected 0, found 1"),
    ])
  func otherTraining(old: String, new: String, seed: String, message: String) throws {
    try withMadeRun { run in
      try withTinyRun(old.isEmpty ? tinyBenchmark : tinyBenchmark.replacingOccurrences(of: old, with: new)) {
        other in
        try other.made("seeds=0 1", "config")
        let sets = "\(run.run())/full-train-eval"
        let config = "\(other.folder)/runs/tiny/seed-\(seed)/config/full-train-eval"
        let (policy, set) = ("\(other.folder)/policy.h5", "\(sets)/tasks-0-1-2-3.h5")
        for arguments in [
          ["train", "--config", config + "-training.yaml", "--set", "tasks-0-1-2-3", "--output", policy],
          ["evaluate", "--config", config + ".yaml", "--policy", policy, "--output", set],
        ] {
          let made = try Programs.run("full-train-eval", arguments)
          try #require(made.status == 0, "\(made.errors)")
        }
        // Other episodes are none of the training's business.
        let own = "\(run.run())/config/full-train-eval.yaml"
        let evaluated = try Programs.run(
          "full-train-eval",
          ["evaluate", "--config", own, "--policy", policy, "--output", "\(other.folder)/set.h5"])
        #expect(evaluated.status == (old.hasPrefix("evaluation") ? 0 : 65))
        #expect(evaluated.status == 0 || evaluated.errors.contains("/provenance@config: expected what "))
        let finished = try Programs.run(
          "full-train-eval",
          [
            "merge", "--config", "\(run.run())/config/full-train-eval.yaml", "--cluster",
            "\(run.run())/cluster.h5", "--sets", sets, "--output", "\(run.folder)/out.h5",
          ])
        #expect(finished.status == 65)
        #expect(
          finished.errorLines.count == 1 && finished.errors.contains("\(sets)/tasks-0-1-2-3.h5: \(message)"),
          "\(finished.errors)")
      }
    }
  }

  @Test("a stored policy whose parts do not fit each other exits 65 and names the part")
  func unfitPolicies() throws {
    try withMadeRun { run in
      let stored = "\(run.run())/meta-train.h5"
      let whole = try MetaTrainArtifact(reading: stored)
      let provenance = try Provenance(reading: stored)
      func spoilt(
        policy: NetworkParameters? = nil, critic: NetworkParameters? = nil, observations: Int = 4
      ) -> MetaTrainArtifact {
        let moments = [Double](repeating: 1, count: observations)
        var artifact = whole
        artifact.policy = policy ?? whole.policy
        artifact.critic = critic ?? whole.critic
        artifact.normalizer = NormalizerMoments(mean: moments, variance: moments, count: 9)
        return artifact
      }
      func network(
        _ kind: String, _ sizes: [Int], inputs: [String] = ["observation"], logStd: Int? = nil
      ) -> NetworkParameters {
        let names = inputs.map { "\"\($0)\"" }.joined(separator: ",")
        let layers = zip(sizes, sizes.dropFirst()).enumerated().map {
          NetworkParameters.Layer(number: $0, outputs: $1.1, inputs: $1.0)
        }
        let count = layers.reduce(logStd ?? 0) { $0 + ($1.inputs + 1) * $1.outputs }
        return NetworkParameters(
          architecture:
            "{\"activation\":\"tanh\",\"inputs\":[\(names)],\"kind\":\"\(kind)\",\"sizes\":\(sizes)}",
          layers: layers, actionSize: logStd, flat: [Float](repeating: 0, count: count))
      }
      let told = ["observation", "task_one_hot"]
      let cases: [(MetaTrainArtifact, String)] = [
        (spoilt(observations: 5), "/policy/layer_0/weight: expected 5 inputs, found 4"),
        (
          spoilt(policy: network("categorical", [4, 8, 2], inputs: told)),
          "/policy/layer_0/weight: expected 8 inputs, found 4"
        ),
        (
          spoilt(policy: network("gaussian", [4, 8, 2])),
          "/policy@architecture: expected the kind categorical, found gaussian"
        ),
        (
          spoilt(policy: network("gaussian", [4, 8, 2], logStd: 1)),
          "/policy/log_std: expected 2 entries, one per output, found 1"
        ),
        (spoilt(critic: network("value", [4, 8, 1])), "/critic/layer_0/weight: expected 8 inputs, found 4"),
        (spoilt(critic: network("value", [8, 8, 2])), "/critic/layer_1/weight: expected 1 output, found 2"),
        (
          spoilt(critic: network("categorical", [8, 8, 1])),
          "/critic@architecture: expected the kind value, found categorical"
        ),
      ]
      let file = "\(run.folder)/spoilt.h5"
      for (artifact, message) in cases {
        try artifact.write(to: file, provenance: provenance)
        let finished = try Programs.run(
          "collect-gradients",
          [
            "--config", "\(run.run())/config/collect-gradients.yaml", "--meta-train", file, "--output",
            "\(run.folder)/out.h5",
          ])
        #expect(finished.status == 65, "\(message): \(finished.errors)")
        #expect(
          finished.errorLines.count == 1 && finished.errors.contains("\(file): \(message)"),
          "\(finished.errors)")
      }
    }
  }

  @Test("too few subsets exit 64 and name the file and the tasks that are left out")
  func fewSubsets() throws {
    let few = tinyBenchmark.replacingOccurrences(of: "{size: 2}", with: "{size: 2, count: 1}")
    try withTinyRun(few) { run in
      try run.made("config")
      let slice = "\(run.run())/config/sample-subsets.yaml"
      let finished = try Programs.run(
        "sample-subsets", ["--config", slice, "--output", "\(run.folder)/out.h5"])
      #expect(finished.status == 64)
      #expect(
        finished.errorLines.count == 1 && finished.errors.contains(slice)
          && finished.errors.contains("such as cartpole/"), "\(finished.errors)")
    }
  }

  @Test("solutions of other subsets than the given ones exit 65 and name the dataset")
  func otherSubsets() throws {
    try withMadeRun { run in
      let fitted = try bytes("\(run.run())/linearized-adapt.h5")
      try run.write(tinyBenchmark.replacingOccurrences(of: "{size: 2}", with: "{size: 3}"))
      try run.made("sample-subsets")
      try fitted.write(to: URL(fileURLWithPath: "\(run.folder)/fitted.h5"))
      let finished = try Programs.run(
        "score",
        [
          "--config", "\(run.run())/config/score.yaml", "--collect-gradients",
          "\(run.run())/collect-gradients.h5", "--sample-subsets", "\(run.run())/sample-subsets.h5",
          "--linearized-adapt", "\(run.folder)/fitted.h5", "--output", "\(run.folder)/out.h5",
        ])
      #expect(finished.status == 65)
      #expect(
        finished.errorLines.count == 1
          && finished.errors.contains(
            "\(run.folder)/fitted.h5: /solution: expected solutions of the 4 subsets")
          && finished.errors.contains("found 6 other solutions in 16 dimensions"), "\(finished.errors)")
    }
  }
}
