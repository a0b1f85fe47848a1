import Foundation
import Random
import TestSupport
import Testing

/// One of the stages that save where they stand, with its inputs and its uninterrupted artifact, in a folder of its own.
struct LongStage {
  /// The program and its arguments but for the output and the checkpoints.
  let command: [String]
  /// The folder of the slices and inputs.
  let folder: String
  /// The artifact of an uninterrupted run.
  let whole: Data
  /// How long that took, seconds.
  let seconds: Double

  /// The stages: the name of the program, and what it is called here.
  static let names = ["meta-train", "collect-gradients", "full-train-eval"]

  /// Makes a stage's inputs from a benchmark's smoke profile, and its artifact without an interruption.
  init(_ stage: String, of benchmark: String, in folder: String) throws {
    self.folder = folder
    let config = "\(Programs.checkout)/configs/\(benchmark).yaml"
    let slices = try Programs.run("pgx", ["config", config, "--profile", "smoke", "--output", folder])
    try #require(slices.status == 0, "\(slices.errors)")
    let run = "\(folder)/seed-0"
    try Data("checkpoint_seconds: 0\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/often.yaml"))
    let slice = ["--config", "\(run)/config/\(stage).yaml"]
    if stage == "collect-gradients" {
      let made = try Programs.run(
        "meta-train", ["--config", "\(run)/config/meta-train.yaml", "--output", "\(folder)/meta-train.h5"])
      try #require(made.status == 0, "\(made.errors)")
    }
    let rest: [String: [String]] = [
      "meta-train": ["--threads", "2"],
      "collect-gradients": ["--threads", "2", "--meta-train", "\(folder)/meta-train.h5"],
      "full-train-eval": ["--threads", "1", "--set", "tasks-0-3"],
    ]
    command =
      [stage] + (stage == "full-train-eval" ? ["train"] : []) + slice + (try #require(rest[stage]))
    let start = ContinuousClock.now
    let path = "\(folder)/whole.h5"
    let finished = try Programs.run(stage, command.dropFirst() + ["--output", path])
    seconds = (ContinuousClock.now - start) / .seconds(1)
    try #require(finished.status == 0, "\(finished.errors)")
    whole = try bytes(path)
  }

  /// The artifact that is made again and again.
  var output: String { "\(folder)/made.h5" }
  /// The latest checkpoint.
  var newest: String { "\(folder)/made.checkpoint.h5" }
  /// The one before.
  var previous: String { "\(folder)/made.checkpoint-previous.h5" }
  /// The checkpoint that is being written.
  var unfinished: String { newest + ".part" }

  /// The arguments of a run that saves its state at every opportunity.
  var arguments: [String] {
    command.dropFirst() + ["--output", output, "--checkpoints", "\(folder)/often.yaml"]
  }

  /// Starts the stage without waiting for it.
  func start() throws -> Process { try Programs.start(command[0], arguments) }

  /// Runs the stage to its end, or until a signal from outside stops it.
  func run() throws -> Finished { try Programs.run(command[0], arguments) }

  /// Runs the stage to its end, and requires the artifact of the uninterrupted run and no checkpoint left.
  @discardableResult
  func finish(sourceLocation: SourceLocation = #_sourceLocation) throws -> Finished {
    let finished = try run()
    try #require(finished.status == 0, "\(finished.errors)", sourceLocation: sourceLocation)
    #expect(try bytes(output) == whole, "other bytes", sourceLocation: sourceLocation)
    #expect(leftovers.isEmpty, "\(leftovers)", sourceLocation: sourceLocation)
    return finished
  }

  /// What is there beside the artifact: checkpoints, locks, unfinished files.
  var leftovers: [String] {
    files(below: folder).filter { $0.hasPrefix("made.") && $0 != "made.h5" || $0.hasPrefix(".made") }
  }

  /// Removes the artifact and all that belongs to it.
  func clear() {
    for file in leftovers + ["made.h5"] { try? FileManager.default.removeItem(atPath: "\(folder)/\(file)") }
  }

  /// Waits until a file is there or the process has ended; true if it is there.
  func wait(for file: String, of process: Process) -> Bool {
    while process.isRunning {
      if access(file, F_OK) == 0 { return true }
      usleep(50)
    }
    return false
  }
}
