import Foundation
import Random
import Synchronization
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

  /// A stage's slices, inputs and uninterrupted artifact, made once and shared by the tests.
  private struct Prepared: Sendable {
    /// The files, by their paths below the folder.
    var files: [String: Data] = [:]
    var seconds = 0.0
  }

  private static let prepared = Mutex<[String: Prepared]>([:])

  /// A stage on a benchmark's smoke profile, in a folder.
  init(_ stage: String, of benchmark: String, in folder: String) throws {
    self.folder = folder
    let rest: [String: [String]] = [
      "meta-train": ["--threads", "2"],
      "collect-gradients": ["--threads", "2", "--meta-train", "\(folder)/meta-train.h5"],
      "full-train-eval": ["--threads", "1", "--set", "tasks-0-3"],
    ]
    let isSet = stage == "full-train-eval"
    let slice = "\(folder)/seed-0/config/\(stage)\(isSet ? "-training" : "").yaml"
    command = [stage] + (isSet ? ["train"] : []) + ["--config", slice] + (try #require(rest[stage]))
    let name = "\(stage) of \(benchmark)"
    let made = try Self.prepared.withLock { $0[name] } ?? Self.prepare(command, of: benchmark, in: folder)
    Self.prepared.withLock { $0[name] = made }
    for (file, bytes) in made.files {
      let url = URL(fileURLWithPath: "\(folder)/\(file)")
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try bytes.write(to: url)
    }
    seconds = made.seconds
    whole = try bytes("\(folder)/whole.h5")
  }

  /// Makes a stage's inputs from a benchmark's smoke profile, and its artifact without an interruption.
  private static func prepare(
    _ command: [String], of benchmark: String, in folder: String
  ) throws -> Prepared {
    let config = "\(Programs.checkout)/configs/\(benchmark).yaml"
    let slices = try Programs.run("pgx", ["config", config, "--profile", "smoke", "--output", folder])
    try #require(slices.status == 0, "\(slices.errors)")
    try Data("checkpoint_seconds: 0\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/often.yaml"))
    // A set's training is of two iterations there, too few for two checkpoints and work after them.
    let training = URL(fileURLWithPath: "\(folder)/seed-0/config/full-train-eval-training.yaml")
    let text = try String(contentsOf: training, encoding: .utf8)
    try text.replacing(/timesteps_per_task: [0-9]+/, with: "timesteps_per_task: 8192")
      .write(to: training, atomically: true, encoding: .utf8)
    if command[0] == "collect-gradients" {
      let slice = "\(folder)/seed-0/config/meta-train.yaml"
      let made = try Programs.run("meta-train", ["--config", slice, "--output", "\(folder)/meta-train.h5"])
      try #require(made.status == 0, "\(made.errors)")
    }
    let start = ContinuousClock.now
    let finished = try Programs.run(command[0], command.dropFirst() + ["--output", "\(folder)/whole.h5"])
    try #require(finished.status == 0, "\(finished.errors)")
    var made = Prepared(seconds: (ContinuousClock.now - start) / .seconds(1))
    for file in files(below: folder) where file.hasSuffix(".h5") || file.hasSuffix(".yaml") {
      made.files[file] = try bytes("\(folder)/\(file)")
    }
    return made
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

  /// Waits until a condition holds or the process has ended; true if it holds.
  func wait(of process: Process, until condition: () -> Bool) -> Bool {
    while process.isRunning {
      if condition() { return true }
      usleep(50)
    }
    return false
  }

  /// Waits until a file is there or the process has ended; true if it is there.
  func wait(for file: String, of process: Process) -> Bool {
    wait(of: process) { access(file, F_OK) == 0 }
  }

  /// Two consecutive checkpoints of the stage, the newest first: one written on the way, one in answer to a signal.
  func twoCheckpoints() throws -> (newest: Data, previous: Data) {
    // A stage that is done before the signal comes, on a busy machine, tells nothing.
    for _ in 0..<1000 {
      clear()
      let process = try start()
      _ = wait(for: newest, of: process)
      kill(process.processIdentifier, SIGTERM)
      process.waitUntilExit()
      if let first = try? bytes(newest), let second = try? bytes(previous) { return (first, second) }
    }
    throw CancellationError()
  }
}
