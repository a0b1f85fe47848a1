import Foundation
import TestSupport
import Testing

@Suite struct CommandLineTests {
  /// Runs a program of this build, and stops it after ten minutes, when it hangs.
  ///
  /// - Returns: the exit status (128 + n for one that signal n stopped), and what it wrote to standard error.
  private func run(_ program: String, _ arguments: [String], in folder: String) throws -> (Int32, String) {
    let executable = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
    let path = URL(fileURLWithPath: executable).deletingLastPathComponent().appendingPathComponent(program)
      .path
    process.arguments = ["600", path] + arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    let errors = "\(folder)/../\(UUID().uuidString)"
    try Data().write(to: URL(fileURLWithPath: errors))
    defer { try? FileManager.default.removeItem(atPath: errors) }
    process.standardError = FileHandle(forWritingAtPath: errors)
    process.standardOutput = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let signalled = process.terminationReason == .uncaughtSignal
    return (
      process.terminationStatus + (signalled ? 128 : 0), try String(contentsOfFile: errors, encoding: .utf8)
    )
  }

  /// The arguments that each command needs besides --config and --output, with inputs that exist.
  private static let stages: [(command: [String], inputs: [(option: String, value: String)])] = {
    let v1 = Fixtures.folder + "/v1"
    let gradients = ("--collect-gradients", "\(v1)/collect-gradients.h5")
    let subsets = ("--sample-subsets", "\(v1)/sample-subsets.h5")
    return [
      (["meta-train"], []), (["collect-gradients"], [("--meta-train", "\(v1)/meta-train.h5")]),
      (["sample-subsets"], []), (["linearized-adapt"], [gradients, subsets]),
      (["score"], [gradients, subsets, ("--linearized-adapt", "\(v1)/linearized-adapt.h5")]),
      (["cluster"], [("--score", "\(v1)/score.h5")]),
      (["full-train-eval", "train"], [("--set", "tasks-0-1")]),
      (["full-train-eval", "evaluate"], [("--policy", "\(v1)/full-train-eval-set.h5")]),
      (["full-train-eval", "merge"], [("--cluster", "\(v1)/cluster.h5"), ("--sets", v1)]),
    ]
  }()

  /// The benchmark of the committed artifacts.
  private static let benchmark = """
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

  /// Calls `body` with a folder that holds nothing but a benchmark and its slices in `run/seed-0/config`.
  private func withSlices(_ body: (_ folder: String, _ slices: String) throws -> Void) throws {
    try withTemporaryDirectory { outer in
      let folder = outer + "/work"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data(Self.benchmark.utf8).write(to: URL(fileURLWithPath: folder + "/b.yaml"))
      let (status, errors) = try run("pgx", ["config", "b.yaml", "--output", "run"], in: folder)
      try #require(status == 0, "\(errors)")
      try body(folder, folder + "/run/seed-0/config")
    }
  }

  /// The names of all that is in a folder and below it.
  private func contents(_ folder: String) -> [String] {
    (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []).sorted()
  }

  @Test(
    "every mistake on a command line is one line that names it, with the status of its kind, and leaves nothing"
  )
  func mistakes() throws {
    var count = 0
    try withSlices { folder, slices in
      mkfifo(folder + "/fifo", 0o600)
      symlink("loop", folder + "/loop")
      try Data().write(to: URL(fileURLWithPath: folder + "/empty"))
      try FileManager.default.createDirectory(
        atPath: folder + "/taken.h5/inner", withIntermediateDirectories: true)
      let before = contents(folder)
      func expect(_ status: Int32, _ message: String, _ command: [String], _ arguments: [String]) throws {
        let (found, errors) = try run(command[0], command.dropFirst() + arguments, in: folder)
        let line = (command + arguments).joined(separator: " ")
        #expect(found == status, "\(line): \(found), \(errors)")
        let lines = errors.split(separator: "\n").filter { !$0.contains(" info") }
        #expect(
          lines.count == 1 && errors.contains(message) && errors.contains("error: "), "\(line): \(errors)")
        #expect(contents(folder) == before, "\(line)")
        count += 1
      }
      for (command, inputs) in Self.stages {
        let config = [
          "--config", "\(slices)/\(command[0])\(command.last == "train" ? "-training" : "").yaml",
        ]
        let all = inputs.flatMap { [$0.option, $0.value] }
        let whole = config + all + ["--output", "o.h5"]
        try expect(64, "--bogus", command, whole + ["--bogus"])
        try expect(64, "'stray'", command, whole + ["stray"])
        try expect(64, "'--output <file>'", command, config + all + ["--output"])
        try expect(64, "'--config <file>'", command, all + ["--output", "o.h5"])
        try expect(
          64, "there is no such file", command, ["--config", "none.yaml"] + all + ["--output", "o.h5"])
        for odd in ["fifo", "loop", "empty", "/dev/zero", Fixtures.version1[0]] {
          try expect(64, odd, command, ["--config", odd] + all + ["--output", "o.h5"])
        }
        try expect(
          73, "none/o.h5: No such file or directory", command, config + all + ["--output", "none/o.h5"])
        try expect(73, "b.yaml/o.h5: Not a directory", command, config + all + ["--output", "b.yaml/o.h5"])
        try expect(73, "taken.h5: Is a directory", command, config + all + ["--output", "taken.h5"])
        for (option, _) in inputs where option != "--set" {
          let others = inputs.filter { $0.option != option }.flatMap { [$0.option, $0.value] }
          try expect(64, option, command, config + others + ["--output", "o.h5"])
          guard option != "--sets" else { continue }
          for odd in ["fifo", "loop", "empty", "none.h5", "taken.h5", "/dev/zero"] {
            try expect(65, odd, command, config + others + [option, odd, "--output", "o.h5"])
          }
        }
      }
      for threads in ["0", "-1", "1025", "many", "1.5", "", "99999999999999999999"] {
        let train = ["--config", "\(slices)/meta-train.yaml", "--output", "o.h5", "--threads=\(threads)"]
        try expect(64, "--threads", ["meta-train"], train)
      }
      for name in [
        "tasks-", "tasks-0-0", "tasks-1-0", "tasks--1", "tasks-9", "../o", "tasks-0/..", "tasks-1e9",
      ] {
        let slice = "\(slices)/full-train-eval-training.yaml"
        try expect(
          64, name, ["full-train-eval", "train"], ["--config", slice, "--set=\(name)", "--output", "o.h5"])
      }
      for seeds in ["", "x", "-1", "1.5", "0 0", "99999999999999999999", "0,1"] {
        try expect(64, "seed", ["pgx", "config"], ["b.yaml", "--seeds=\(seeds)", "--output", "r"])
      }
      try expect(64, "smoke", ["pgx", "config"], ["b.yaml", "--profile", "smoke", "--output", "r"])
      try expect(73, "b.yaml/r", ["pgx", "config"], ["b.yaml", "--output", "b.yaml/r"])
      try expect(64, "'nothing'", ["pgx"], ["nothing"])
      for command in ["show", "report"] {
        for odd in ["fifo", "loop", "empty", "none.h5", "taken.h5"] {
          try expect(65, odd, ["pgx", command], [odd])
        }
      }
      try expect(65, "meta-train", ["pgx", "report"], [Fixtures.version1[0]])
      try expect(65, "none.h5", ["pgx", "diff"], [Fixtures.version1[0], "none.h5"])
      let replay = ["--task", "cartpole/default", "--output", "o.h5", "--actions"]
      for odd in ["fifo", "loop", "empty", "none.h5", "taken.h5", Fixtures.version1[2]] {
        try expect(65, odd, ["pgx", "replay"], replay + [odd])
      }
      try expect(
        64, "cartpole/defalt", ["pgx", "replay"],
        ["--task", "cartpole/defalt", "--output", "o.h5", "--actions", "a"])
      try expect(64, "--seed", ["pgx", "replay"], replay + ["a", "--seed", "minus"])
    }
    print("reliability: inputs refused, command lines: \(count)")
    #expect(count >= 100)
  }

  @Test("an output that is an input, by its name or through a link, is refused, and the input stays as it is")
  func outputIsInput() throws {
    try withSlices { folder, slices in
      for (command, inputs) in Self.stages {
        for (option, value) in inputs where value.hasSuffix(".h5") {
          let own = folder + "/own.h5"
          try? FileManager.default.removeItem(atPath: own)
          try FileManager.default.copyItem(atPath: value, toPath: own)
          let whole = try Data(contentsOf: URL(fileURLWithPath: own))
          symlink("own.h5", folder + "/link.h5")
          for output in [own, "own.h5", folder + "/../work/own.h5", "link.h5"] {
            let others = inputs.filter { $0.option != option }.flatMap { [$0.option, $0.value] }
            let (status, errors) = try run(
              command[0],
              command.dropFirst() + [
                "--config", "\(slices)/\(command[0]).yaml", option, own, "--output", output,
              ] + others,
              in: folder)
            #expect(status == 64 && errors.contains("is an input too"), "\(command) \(output): \(errors)")
            #expect(try Data(contentsOf: URL(fileURLWithPath: own)) == whole)
          }
        }
      }
    }
  }
}
