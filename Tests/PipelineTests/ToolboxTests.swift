import Foundation
import HDF5
import TestSupport
import Testing

@Suite struct ToolboxTests {
  @Test(
    "pgx config accepts the shipped benchmarks",
    arguments: ["halfcheetah", "cartpole", "halfcheetah-v5", "cartpole-v1"])
  func validConfigurations(benchmark: String) throws {
    let file = "\(Programs.checkout)/configs/\(benchmark).yaml"
    let finished = try Programs.run("pgx", ["config", file])
    #expect(finished.status == 0)
    #expect(finished.output == "\(file) is valid\n" && finished.errors.isEmpty)
  }

  @Test(
    "pgx config answers a mistake with one line, file:line and what was probably meant, and writes nothing",
    arguments: [
      ("bootstrap_replicates:", "bootstrap_replicate:", "10: ", "did you mean \"bootstrap_replicates\"?"),
      ("cartpole/flip", "cartpole/flp", "1: ", "did you mean \"cartpole/flip\"?"),
      ("cartpole/flip", "halfcheetah/fwd", "1: ", "has other observations or actions than cartpole/default"),
      (
        "cartpole/flip", "{name: x, environment: CartPole-v2}", "1: ", "did you mean \"CartPole-v1\"?"
      ),
      (
        "cartpole/flip", "{name: x, environment: CartPole-v1, lenght: 1}", "1: ",
        "did you mean \"length\"?"
      ),
      ("cartpole/flip", "{name: x, environment: CartPole-v1, length: 99}", "1: ", "it must lie in"),
      (
        "cartpole/flip", "{name: x, environment: CartPole-v1, length: long}", "1: ",
        "length is long, it must be a number"
      ),
      ("num_steps: 32", "num_steps: 0", "4: ", "must be in 1…1000000, found 0"),
    ])
  func invalidConfigurations(old: String, new: String, line: String, message: String) throws {
    try withTinyRun(tinyBenchmark.replacingOccurrences(of: old, with: new)) { run in
      let finished = try Programs.run("pgx", ["config", run.config, "--output", run.folder + "/runs"])
      #expect(finished.status == 64)
      #expect(finished.errorLines.count == 1)
      #expect(
        finished.errors.contains("\(run.config):\(line)") && finished.errors.contains(message),
        "\(finished.errors)")
      #expect(files(below: run.folder) == ["tiny.yaml"])
    }
  }

  @Test("pgx show describes every kind of artifact, pgx diff tells equal from different ones")
  func showAndDiff() throws {
    try withTinyRun { run in
      try run.made("seeds=0 1", "all")
      for artifact in try run.artifactTimes().keys.sorted() {
        let stage =
          artifact.contains("/")
          ? "full-train-eval-set" : artifact.replacingOccurrences(of: ".h5", with: "")
        let shown = try Programs.run("pgx", ["show", "\(run.run())/\(artifact)"])
        #expect(shown.status == 0, "\(shown.errors)")
        #expect(
          shown.output.contains("policygradex/\(stage), version ") && shown.output.contains("\n  valid\n"))
        #expect(
          shown.output.contains("git_commit") && shown.output.contains("task 4") || artifact.contains("/"))
      }
      let (first, second) = ("\(run.run(0))/meta-train.h5", "\(run.run(1))/meta-train.h5")
      let same = try Programs.run("pgx", ["diff", first, first])
      #expect(same.status == 0 && same.output == "equal bytes\n")
      let different = try Programs.run("pgx", ["diff", first, second])
      #expect(different.status == 1)
      #expect(different.output.contains("/provenance@seed: 0 | 1"))
      #expect(different.output.hasSuffix("\ndifferent\n"))
      #expect(different.output.contains("/policy/layer_0/weight[0, 0]: "))
    }
  }

  @Test("pgx evaluate plays stored policies, one row per task, and for several seeds one per run and task")
  func evaluatesPolicies() throws {
    try withTinyRun { run in
      try run.made("seeds=0 1", "meta-train")
      let files = [0, 1].map { "\(run.run($0))/meta-train.h5" }
      func play(_ arguments: [String]) throws -> Finished {
        try Programs.run("pgx", ["evaluate", "--episodes", "5"] + arguments)
      }
      let one = try play([files[0]])
      #expect(one.status == 0 && one.errors.isEmpty, "\(one.errors)")
      let rows = one.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
      #expect(
        rows[1...4].map { $0[0] }
          == ["cartpole/default", "cartpole/flip", "cartpole/length-1.5", "cartpole/force-30"])
      // CartPole pays 1 per step, so the mean return is the mean length, between the least and the most.
      for row in rows[1...4] {
        let numbers = row.dropFirst().compactMap(Double.init)
        #expect(numbers.count == 7 && numbers[0] == numbers[4])
        #expect(numbers[2] <= numbers[0] && numbers[0] <= numbers[3])
      }
      #expect(try play([files[0], "--threads", "1"]).output == one.output)
      #expect(try play([files[0], "--seed", "1"]).output != one.output)
      #expect(try play([files[0], "--stochastic"]).output != one.output)

      let both = try play(files + ["--mean-at-least", "1", "--each-at-least", "1"])
      #expect(both.status == 0)
      let table = both.output.split(separator: "\n")
      #expect(table.count == 7 && table[1].hasPrefix("\(run.folder)/runs/tiny/meta-train.h5  "))
      let missed = try play(files + ["--mean-at-least", "201", "--each-at-least", "201"])
      #expect(missed.status == 1)
      #expect(missed.output.components(separatedBy: "missed: ").count == 1 + 4 + 8)
    }
  }

  @Test("pgx evaluate plays the policy of a task set in the set's tasks, and refuses a file without a policy")
  func evaluatesTaskSets() throws {
    try withTinyRun(tinyBenchmark.replacingOccurrences(of: "id: hidden", with: "id: one_hot")) { run in
      try run.made("sample-subsets")
      let (set, subsets) = ("\(run.run())/tasks-1-3.h5", "\(run.run())/sample-subsets.h5")
      let trained = try Programs.run(
        "full-train-eval",
        [
          "train", "--config", "\(run.run())/config/full-train-eval-training.yaml", "--set", "tasks-1-3",
          "--output",
          set,
        ])
      try #require(trained.status == 0, "\(trained.errors)")
      let played = try Programs.run("pgx", ["evaluate", set])
      #expect(played.status == 0, "\(played.errors)")
      #expect(
        played.output.split(separator: "\n")[1...2].map { $0.prefix { $0 != " " } }
          == ["cartpole/flip", "cartpole/force-30"])
      let refused = try Programs.run("pgx", ["evaluate", subsets])
      #expect(refused.status == 65)
      #expect(refused.errorLines.count == 1 && refused.errors.contains("\(subsets): holds no policy"))
    }
  }

  @Test("a benchmark of one task is trained; what groups says in one line that there is nothing to group")
  func singleTask() throws {
    let only = tinyBenchmark.replacingOccurrences(
      of: "[cartpole/default, cartpole/flip, cartpole/length-1.5, cartpole/force-30]", with: "[CartPole-v1]"
    ).replacingOccurrences(of: "k: 2", with: "k: 1")
    try withTinyRun(only) { run in
      try run.made("meta-train")
      let refused = try run.make("all")
      #expect(refused.status == 2)
      #expect(
        refused.output.contains(
          "sample-subsets: error: CartPole-v1 is the only task, so there is nothing to group; run meta-train alone"
        ),
        "\(refused.output)")
    }
  }

  @Test("pgx show, diff and report refuse what is no artifact with status 65 and one line")
  func notArtifacts() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/a.h5"
      try Data("text".utf8).write(to: URL(fileURLWithPath: path))
      for arguments in [["show", path], ["diff", path, path], ["report", path]] {
        let finished = try Programs.run("pgx", arguments)
        #expect(finished.status == 65)
        #expect(finished.errorLines.count == 1 && finished.errors.contains("\(path): is not an HDF5 file"))
      }
    }
  }
}

@Suite struct ReplayTests {
  /// Replays actions and returns what the program said and the file it wrote.
  private func replay(
    _ folder: String, task: String, actions: [Float], shape: [Int], state: [Double]? = nil, seed: Int = 7
  ) throws -> (Finished, String) {
    let (input, output) = ("\(folder)/actions.h5", "\(folder)/trajectory.h5")
    for path in [input, output] { try? FileManager.default.removeItem(atPath: path) }
    let file = try HDF5File(creating: input)
    try file.write(actions, to: "/actions", shape: shape)
    if let state { try file.write(state, to: "/state", shape: [state.count]) }
    try file.close()
    let arguments = ["replay", "--task", task, "--seed", "\(seed)", "--actions", input, "--output", output]
    return (try Programs.run("pgx", arguments), output)
  }

  @Test("a cart-pole pushed once from rest moves as Euler's rule says")
  func cartPoleFromState() throws {
    try withTemporaryDirectory { folder in
      let (finished, output) = try replay(
        folder, task: "cartpole/default", actions: [1, 0], shape: [2], state: [0, 0, 0, 0])
      try #require(finished.status == 0, "\(finished.errors)")
      let file = try HDF5File(reading: output)
      #expect(try file.information(of: "/observations").shape == [3, 4])
      let observations: [Double] = try file.read("/observations")
      // Cart 1 kg, pole 0.1 kg and 0.5 m, push 10 N, 0.02 s.
      let angular = -(10 / 1.1) / (0.5 * (4.0 / 3 - 0.1 / 1.1))
      let linear = 10 / 1.1 - 0.05 * angular / 1.1
      let expected = [0, 0, 0, 0, 0, 0.02 * linear, 0, 0.02 * angular]
      // Observations are single precision in Gymnasium and may be here: 1e-7 of values below 1.
      #expect(largestDifference(Array(observations.prefix(8)), expected) < 1e-7)
      #expect(try file.read("/rewards", as: Double.self) == [1, 1])
      #expect(try file.read("/terminations", as: UInt8.self) == [0, 0])
      #expect(try file.read("/truncations", as: UInt8.self) == [0, 0])
    }
  }

  @Test("a half-cheetah starts at the given state, which its observation shows but for the first position")
  func halfCheetahFromState() throws {
    try withTemporaryDirectory { folder in
      let state = (0..<18).map { 0.01 * Double($0) }
      let (finished, output) = try replay(
        folder, task: "halfcheetah/fwd", actions: [Float](repeating: 0.5, count: 5 * 6), shape: [5, 6],
        state: state)
      try #require(finished.status == 0, "\(finished.errors)")
      let file = try HDF5File(reading: output)
      #expect(try file.information(of: "/observations").shape == [6, 17])
      let observations: [Double] = try file.read("/observations")
      #expect(Array(observations.prefix(17)) == Array(state.dropFirst()))
      #expect(try file.read("/rewards", as: Double.self).allSatisfy { $0.isFinite && $0 != 0 })
    }
  }

  @Test(
    "a replay is a function of the seed",
    arguments: [("cartpole/flip", 1, [8]), ("halfcheetah/bwd", 6, [8, 6])] as [(String, Int, [Int])])
  func seeds(task: String, width: Int, shape: [Int]) throws {
    try withTemporaryDirectory { folder in
      let actions = [Float](repeating: 1, count: 8 * width)
      let results = try [7, 7, 8].map { seed in
        let (finished, output) = try replay(folder, task: task, actions: actions, shape: shape, seed: seed)
        try #require(finished.status == 0, "\(finished.errors)")
        return try bytes(output)
      }
      #expect(results[0] == results[1] && results[0] != results[2])
    }
  }

  @Test("a replay without an action shows the start state of Gymnasium's reset with the same seed")
  func noActions() throws {
    try withTemporaryDirectory { folder in
      let (finished, output) = try replay(
        folder, task: "cartpole/default", actions: [], shape: [0, 1], seed: 7)
      try #require(finished.status == 0, "\(finished.errors)")
      let file = try HDF5File(reading: output)
      #expect(try file.information(of: "/observations").shape == [1, 4])
      // The state after reset(seed=7) of Gymnasium 1.4.0's CartPole-v1.
      let expected = [
        0.012509546660466692, 0.039721380096957554, 0.02756856902451936, -0.027479281000940815,
      ]
      #expect(try file.read("/observations") == expected)
    }
  }

  @Test("actions and states that do not fit the task exit 65 with one line, and nothing is written")
  func unfitFiles() throws {
    try withTemporaryDirectory { folder in
      func refused(
        _ task: String, _ actions: [Float], _ shape: [Int], _ state: [Double]?, _ message: String
      ) throws {
        let (finished, output) = try replay(folder, task: task, actions: actions, shape: shape, state: state)
        #expect(finished.status == 65)
        #expect(
          finished.errorLines.count == 1 && finished.errors.contains("\(folder)/actions.h5: \(message)"),
          "\(finished.errors)")
        #expect(!FileManager.default.fileExists(atPath: output))
      }
      let (cheetah, cart) = ("halfcheetah/fwd", "cartpole/default")
      try refused(
        cheetah, [0, 0, 0, 0], [2, 2], nil, "/actions: expected f32 (T, 6), found f32 of shape [2, 2]")
      try refused(cheetah, [0, 0, 0], [3], nil, "/actions: expected f32 (T, 6), found f32 of shape [3]")
      try refused(cart, [2], [1], nil, "/actions: expected whole numbers from 0 to 1, found 2.0")
      try refused(cart, [1, .nan], [2], nil, "/actions[1]: expected a finite number, found nan")
      try refused(
        cheetah, [0, 0, .nan, 0, 0, 0], [1, 6], nil, "/actions[0, 2]: expected a finite number, found nan")
      try refused(cart, [1], [1], [0, 0, 0], "/state: expected 4 entries, found 3")
      try refused(cart, [1], [1], [0, .infinity, 0, 0], "/state[1]: expected a finite number, found inf")
    }
  }

  @Test("a file of actions that is missing, no HDF5, or without actions exits 65")
  func noActionsFile() throws {
    try withTemporaryDirectory { folder in
      let text = folder + "/text.h5"
      try Data("1,0\n".utf8).write(to: URL(fileURLWithPath: text))
      let empty = folder + "/empty.h5"
      try HDF5File(creating: empty).close()
      for (input, message) in [
        (folder + "/none.h5", "No such file or directory"), (text, "is not an HDF5 file"),
        (empty, "/actions: expected f32 (T, 1), found nothing"),
      ] {
        let finished = try Programs.run(
          "pgx", ["replay", "--task", "cartpole/default", "--actions", input, "--output", folder + "/t.h5"])
        #expect(finished.status == 65)
        #expect(
          finished.errorLines.count == 1 && finished.errors.contains(input)
            && finished.errors.contains(message), "\(finished.errors)")
      }
    }
  }

  @Test("an unknown task exits 64 and names the one probably meant; an unwritable output exits 73")
  func unknownTaskAndPlace() throws {
    try withTemporaryDirectory { folder in
      let (unknown, _) = try replay(folder, task: "halfcheetah/fwdd", actions: [1], shape: [1])
      #expect(unknown.status == 64)
      #expect(unknown.errorLines.count == 1 && unknown.errors.contains("did you mean \"halfcheetah/fwd\"?"))
      let nowhere = try Programs.run(
        "pgx",
        [
          "replay", "--task", "cartpole/default", "--actions", folder + "/actions.h5", "--output",
          folder + "/none/t.h5",
        ])
      #expect(nowhere.status == 73)
      #expect(nowhere.errorLines.count == 1 && nowhere.errors.contains("cannot write \(folder)/none/t.h5"))
    }
  }
}
