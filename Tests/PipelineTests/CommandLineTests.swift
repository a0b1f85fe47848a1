import Foundation
import TestSupport
import Testing

@Suite struct CommandLineTests {
  /// Every program, and every subcommand of the two that have some.
  private static let commands =
    Programs.all.map { [$0] } + ["sets", "train", "evaluate", "merge"].map { ["full-train-eval", $0] }
    + ["config", "show", "diff", "replay", "report"].map { ["pgx", $0] }

  @Test("--help explains a program with an example and exits 0", arguments: commands)
  func help(command: [String]) throws {
    let finished = try Programs.run(command[0], command.dropFirst() + ["--help"])
    #expect(finished.status == 0)
    #expect(finished.output.contains("OVERVIEW: ") && finished.output.contains("e.g. \(command[0]) "))
    #expect(finished.errors.isEmpty)
  }

  @Test("an unknown option exits 64 and names it", arguments: commands)
  func unknownOption(command: [String]) throws {
    let finished = try Programs.run(command[0], command.dropFirst() + ["--bogus"])
    #expect(finished.status == 64)
    #expect(finished.output.isEmpty)
    let name = command.joined(separator: " ")
    #expect(
      finished.errorLines.count == 1 && finished.errors.hasPrefix("\(name): error: ")
        && finished.errors.hasSuffix("; see '\(name) --help'\n"), "\(finished.errors)")
  }

  /// The arguments of every stage but for the configuration; the inputs are never reached.
  private static let stages: [[String]] = [
    ["meta-train"], ["collect-gradients", "--meta-train", "m.h5"], ["sample-subsets"],
    ["linearized-adapt", "--collect-gradients", "c.h5", "--sample-subsets", "s.h5"],
    [
      "score", "--collect-gradients", "c.h5", "--sample-subsets", "s.h5", "--linearized-adapt", "l.h5",
    ],
    ["cluster", "--score", "s.h5"], ["full-train-eval", "train", "--set", "tasks-0"],
    ["full-train-eval", "evaluate", "--policy", "p.h5"],
    ["full-train-eval", "merge", "--cluster", "c.h5", "--sets", "folder"],
  ]

  /// The name of a command's slice.
  private static func slice(_ command: [String]) -> String {
    command[0] + (command.contains("train") ? "-training" : "")
  }

  @Test(
    "a configuration that is absent, misspelt or another stage's exits 64 with one line", arguments: stages)
  func configurations(stage: [String]) throws {
    try withTinyRun { run in
      try run.made("config")
      let slices = run.run() + "/config"
      let other = stage[0] == "score" ? "cluster" : "score"
      let name = Self.slice(stage)
      let own = try String(contentsOfFile: "\(slices)/\(name).yaml", encoding: .utf8)
      try Data((own + "colour: red\n").utf8).write(to: URL(fileURLWithPath: "\(slices)/odd.yaml"))
      for (config, message) in [
        ("\(slices)/\(name).yml", "there is no such file; did you mean \"\(name).yaml\"?"),
        (slices, "cannot be read"), ("\(slices)/odd.yaml", "unknown key \"colour\""),
        ("\(slices)/\(other).yaml", "is the slice of \(other), expected that of \(stage[0])"),
        (run.config, "is no slice"),
      ] {
        let output = run.folder + "/out.h5"
        let finished = try Programs.run(
          stage[0], stage.dropFirst() + ["--config", config, "--output", output])
        #expect(finished.status == 64)
        #expect(finished.errorLines.count == 1 && finished.errors.contains(message), "\(finished.errors)")
        #expect(finished.errors.contains(config))
        #expect(!FileManager.default.fileExists(atPath: output))
      }
    }
  }

  @Test("an artifact that cannot be written is said so before any work, with status 73", arguments: stages)
  func unwritable(stage: [String]) throws {
    try withTinyRun { run in
      try run.made("config")
      for output in [run.folder + "/none/out.h5", run.config + "/out.h5"] {
        let finished = try Programs.run(
          stage[0],
          stage.dropFirst() + [
            "--config", "\(run.run())/config/\(Self.slice(stage)).yaml", "--output", output,
          ])
        #expect(finished.status == 73)
        #expect(
          finished.errorLines.count == 1 && finished.errors.contains("cannot write \(output): "),
          "\(finished.errors)")
      }
    }
  }

  @Test("an artifact whose place is taken by a folder is not written, with status 73")
  func placeTaken() throws {
    try withTinyRun { run in
      try run.made("config")
      let finished = try Programs.run(
        "sample-subsets",
        ["--config", run.run() + "/config/sample-subsets.yaml", "--output", run.folder + "/runs"])
      #expect(finished.status == 73)
      #expect(finished.errors == "sample-subsets: error: cannot write \(run.folder)/runs: Is a directory\n")
      #expect(!FileManager.default.fileExists(atPath: run.folder + "/runs.part"))
    }
  }

  @Test(
    "task sets are named by increasing numbers of tasks that exist",
    arguments: [
      ("tasks-1-0", "is not the name of a task set"), ("tasks-", "is not the name of a task set"),
      ("0-1", "is not the name of a task set"), ("tasks-0-7", "there are only 4 tasks"),
    ])
  func taskSets(name: String, message: String) throws {
    try withTinyRun { run in
      try run.made("config")
      let finished = try Programs.run(
        "full-train-eval",
        [
          "train", "--config", run.run() + "/config/full-train-eval-training.yaml", "--set", name, "--output",
          run.folder + "/out.h5",
        ])
      #expect(finished.status == 64)
      #expect(finished.errorLines.count == 1 && finished.errors.contains(message), "\(finished.errors)")
    }
  }

  @Test("a number of threads that makes no sense exits 64", arguments: ["0", "-1", "many", "5000"])
  func threads(count: String) throws {
    let finished = try Programs.run(
      "meta-train", ["--config", "c.yaml", "--output", "o.h5", "--threads=\(count)"])
    #expect(finished.status == 64)
    #expect(finished.errors.contains("threads"))
  }

  @Test("an output that is one of the inputs is refused with status 64, and the input stays as it is")
  func outputIsInput() throws {
    try withMadeRun { run in
      let score = run.run() + "/score.h5"
      let before = try bytes(score)
      let finished = try Programs.run(
        "cluster",
        ["--config", run.run() + "/config/cluster.yaml", "--score", score, "--output", score])
      #expect(finished.status == 64)
      #expect(finished.errors.contains("\(score) is an input too"))
      #expect(!finished.errors.contains("groups"), "the stage has run: \(finished.errors)")
      #expect(try bytes(score) == before)
    }
  }

  @Test("a stage that is told to stop exits 75 and leaves its checkpoint and nothing half-written")
  func stopped() throws {
    let long = tinyBenchmark.replacingOccurrences(of: "total_timesteps: 384", with: "total_timesteps: 1e9")
    try withTinyRun(long) { run in
      try run.made("config")
      try Data("checkpoint_seconds: 0\n".utf8).write(to: URL(fileURLWithPath: run.folder + "/often.yaml"))
      let process = try Programs.start(
        "meta-train",
        [
          "--config", run.run() + "/config/meta-train.yaml", "--output", run.folder + "/m.h5",
          "--checkpoints", run.folder + "/often.yaml",
        ])
      // With two states saved, it is well at work.
      #expect(waited { access(run.folder + "/m.checkpoint-previous.h5", F_OK) == 0 })
      #expect(process.isRunning)
      process.interrupt()
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 75)
      #expect(
        files(below: run.folder).filter { $0.contains(".h5") }
          == ["m.checkpoint-previous.h5", "m.checkpoint.h5"])
    }
  }

  @Test("a second process at the same artifact exits 75 and names the first, even after one was killed")
  func held() throws {
    let long = tinyBenchmark.replacingOccurrences(of: "total_timesteps: 384", with: "total_timesteps: 1e9")
    try withTinyRun(long) { run in
      try run.made("config")
      let output = run.folder + "/m.h5"
      let arguments = ["--config", run.run() + "/config/meta-train.yaml", "--output", output]
      let lock = run.folder + "/.m.h5.lock"
      for _ in 0..<2 {
        let first = try Programs.start("meta-train", arguments)
        let isHeld = waited {
          ((try? String(contentsOfFile: lock, encoding: .utf8)) ?? "").contains("\(first.processIdentifier)")
        }
        #expect(isHeld)
        let second = try Programs.run("meta-train", arguments)
        #expect(second.status == 75)
        #expect(second.errorLines.count == 1, "\(second.errors)")
        #expect(second.errors.contains("\(output) is being made by process \(first.processIdentifier) on "))
        kill(first.processIdentifier, SIGKILL)
        first.waitUntilExit()
      }
    }
  }
}
