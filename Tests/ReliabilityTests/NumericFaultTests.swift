import Foundation
import TestSupport
import Testing

@Suite struct NumericFaultTests {
  /// Three tasks with two environments each: iterations of 96 environment steps, 4 of them, with 16 optimiser steps each.
  /// A reward of 3e38 leaves the loss finite and makes the critic's gradient infinite.
  private static let benchmark = """
    tasks: [cartpole/default, cartpole/flip, cartpole/length-1.5]
    task_id: hidden
    policy: {hidden_sizes: [4]}
    ppo: {num_envs: 2, num_steps: 16, num_minibatches: 4, update_epochs: 4, vf_coef: 100, normalize_rewards: false}
    meta-train: {total_timesteps: 384}
    collect-gradients: {transitions_per_task: 64, projection_dimension: 4}
    sample-subsets: {size: 2}
    score: {bootstrap_replicates: 10}
    cluster: {k: 2, random_groupings: 1}
    full-train-eval: {timesteps_per_task: 32, evaluation_episodes: 2}

    """
  private static let tasks = ["cartpole/default", "cartpole/flip", "cartpole/length-1.5"]

  /// Runs a program of this build with PGX_FAULT as given.
  ///
  /// - Returns: the exit status and the lines of standard error.
  private func run(_ program: String, _ arguments: [String], fault: String?) throws -> (Int32, [Substring]) {
    let executable = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable).deletingLastPathComponent()
      .appendingPathComponent(program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.filter { $0.key != "PGX_FAULT" }
      .merging(fault.map { ["PGX_FAULT": $0] } ?? [:]) { $1 }
    let pipe = Pipe()
    process.standardError = pipe
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let errors = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: errors, as: UTF8.self).split(separator: "\n"))
  }

  /// Calls `body` with a folder, and in it the slice of meta-train.
  private func withSlice(_ body: (_ folder: String, _ slice: String) throws -> Void) throws {
    try withTemporaryDirectory { folder in
      try Data(Self.benchmark.utf8).write(to: URL(fileURLWithPath: folder + "/b.yaml"))
      let (status, errors) = try run(
        "pgx", ["config", folder + "/b.yaml", "--output", folder + "/run"], fault: nil)
      try #require(status == 0, "\(errors)")
      try body(folder, folder + "/run/seed-0/config/meta-train.yaml")
    }
  }

  @Test(
    "a number that is not finite stops meta-train at once, in one line that names it, and leaves nothing behind"
  )
  func faults() throws {
    var caught = 0
    var cases = 0
    try withSlice { folder, slice in
      let output = folder + "/run/seed-0/meta-train.h5"
      let before = FileManager.default.enumerator(atPath: folder)?.allObjects.count
      for (value, quantity) in [
        ("nan", "observation"), ("inf", "observation"), ("nan", "reward"), ("-inf", "reward"),
        ("3e38", "reward"),
      ] {
        for step in [0, 203, 383] {
          let lines = try [1, 2].map { threads in
            let (status, errors) = try run(
              "train-with-fault",
              ["--quiet", "--config", slice, "--output", output, "--threads", "\(threads)"],
              fault: "\(value)@\(quantity):\(step)")
            #expect(status == 70 && errors.count == 1, "\(errors)")
            return errors.first ?? ""
          }
          let name = quantity == "observation" ? "observation's entry 0" : "reward"
          let expected =
            value == "3e38"
            ? "the gradient of critic/layer_0/weight of the tasks \(Self.tasks.joined(separator: ", ")) is "
            : "the \(name) of task \(Self.tasks[step % 6 / 2]) is \(value) at environment step \(step) (iteration \(step / 96)); "
          let isNamed =
            lines[0] == lines[1] && lines[0].hasPrefix("train-with-fault: error: " + expected)
            && lines[0].contains(" (iteration \(step / 96)); ")
          #expect(isNamed, "\(value)@\(quantity):\(step): \(lines), not \(expected)")
          #expect(FileManager.default.enumerator(atPath: folder)?.allObjects.count == before)
          cases += 1
          if isNamed { caught += 1 }
        }
      }
    }
    print("reliability: non-finite numbers caught: \(caught) of \(cases) injected")
  }

  @Test(
    "after a fault the state of the iteration before it is there, and from it comes the artifact without the fault"
  )
  func lastGoodCheckpoint() throws {
    var resumed = 0
    // The faults' iterations, from 0, and the environment steps of the iterations before.
    let cases =
      [("nan@observation:203", 192), ("inf@reward:120", 96), ("3e38@reward:383", 288)]
    try withSlice { folder, slice in
      try Data("checkpoint_seconds: 0\n".utf8).write(to: URL(fileURLWithPath: folder + "/every.yaml"))
      let arguments = [
        "--config", slice, "--threads", "1", "--checkpoints", folder + "/every.yaml", "--output",
      ]
      let whole = folder + "/whole.h5"
      #expect(try run("meta-train", arguments + [whole], fault: nil).0 == 0)
      let artifact = try Data(contentsOf: URL(fileURLWithPath: whole))
      for (fault, steps) in cases {
        let output = folder + "/interrupted.h5"
        let faulty = try run("train-with-fault", arguments + [output], fault: fault)
        let kept = "the last good state that was saved is kept in \(folder)/interrupted.checkpoint.h5"
        #expect(faulty.0 == 70 && faulty.1.last?.hasSuffix(kept) == true, "\(faulty)")
        #expect(!FileManager.default.fileExists(atPath: output))
        // In the same worlds without the fault: CartPole's group remembers less of a world.
        let (status, lines) = try run("train-with-fault", arguments + [output], fault: nil)
        let goesOn = lines.contains { $0.hasSuffix("interrupted.checkpoint.h5: \(steps) steps") }
        #expect(status == 0 && goesOn, "\(fault): \(lines)")
        let isEqual = try Data(contentsOf: URL(fileURLWithPath: output)) == artifact
        #expect(isEqual)
        if goesOn && isEqual { resumed += 1 }
        try FileManager.default.removeItem(atPath: output)
      }
    }
    print(
      "reliability: trainings gone on with from the last good checkpoint after a fault: \(resumed) of \(cases.count)"
    )
  }

  @Test("a fault that comes after an artifact was written leaves the artifact as it was")
  func artifactStays() throws {
    try withSlice { folder, slice in
      let output = URL(fileURLWithPath: folder + "/meta-train.h5")
      let arguments = ["--quiet", "--config", slice, "--output", output.path, "--threads", "1"]
      #expect(try run("meta-train", arguments, fault: nil).0 == 0)
      let artifact = try Data(contentsOf: output)
      #expect(try run("train-with-fault", arguments, fault: "nan@reward:100").0 == 70)
      #expect(try Data(contentsOf: output) == artifact)
    }
  }
}
