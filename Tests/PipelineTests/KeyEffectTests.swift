import Configuration
import Foundation
import TestSupport
import Testing

/// Other values of a key of the configuration.
private struct Change: Sendable {
  /// A value, as YAML; for a key of the tasks, what each value is replaced by.
  let value: String
  /// Further values, each with an effect of its own.
  var others: [String] = []
  /// What the stage's answer to it holds; nil if the stage makes an artifact, with other contents.
  var refusal: String?
  /// The same for single stages.
  var refusals: [String: String] = [:]
  /// The stages that hold the key in their slice but do not use it, with the reason.
  var unused: [String: String] = [:]
  /// Whether only continuous actions show it.
  var isContinuous = false
}

/// Every key that a program reads is changed alone, and something other than its text has to change.
@Suite struct KeyEffectTests {
  /// Every key of every slice, by its section.
  private static let changes: [String: Change] = [
    "stage": Change(value: "none", refusal: "is the slice of none, expected that of"),
    "stage_version": Change(value: "999", refusal: "is of version 999"),
    "seed": Change(value: "1", unused: ["linearized-adapt": "it draws nothing"]),
    "tasks.name": Change(
      value: "cartpole/other",
      refusals: [
        "collect-gradients": "task 1 is cartpole/other in the first",
        "truth": "task 1 is cartpole/other in the first",
      ]),
    "tasks.environment": Change(
      value: "HalfCheetah-v5", refusal: "task cartpole/",
      unused: ["sample-subsets": "it needs the tasks' names only"]),
    "tasks.horizon": Change(value: "9", unused: ["sample-subsets": "it needs the tasks' names only"]),
    "task_id": Change(value: "one_hot"),
    "policy.hidden_sizes": Change(value: "[7]"),
    "policy.activation": Change(value: "relu"),
    "ppo.learning_rate": Change(value: "0.02"),
    "ppo.anneal_lr": Change(value: "false"),
    "ppo.num_envs": Change(value: "3"),
    "ppo.num_steps": Change(value: "16"),
    "ppo.gamma": Change(value: "0.9"),
    "ppo.gae_lambda": Change(value: "0.5"),
    "ppo.num_minibatches": Change(value: "4"),
    "ppo.update_epochs": Change(value: "3"),
    "ppo.norm_adv": Change(value: "false"),
    "ppo.clip_coef": Change(value: "0.01"),
    "ppo.clip_vloss": Change(value: "false"),
    "ppo.ent_coef": Change(value: "0.1"),
    "ppo.vf_coef": Change(value: "0.1"),
    "ppo.max_grad_norm": Change(value: "0.01"),
    "ppo.target_kl": Change(value: "1e-6"),
    "ppo.log_std_init": Change(value: "-1", isContinuous: true),
    "ppo.normalize_observations": Change(value: "false"),
    "ppo.normalize_rewards": Change(value: "false"),
    "meta-train.total_timesteps": Change(value: "768"),
    "collect-gradients.transitions_per_task": Change(value: "96"),
    "collect-gradients.held_out_fraction": Change(value: "0.5"),
    "collect-gradients.projection_dimension": Change(value: "8"),
    "collect-gradients.gamma": Change(value: "0.9"),
    "collect-gradients.gae_lambda": Change(value: "0.5"),
    "collect-gradients.advantage_clip": Change(value: "0.5"),
    "sample-subsets.size": Change(value: "4", refusal: "sample-subsets.count is 3, but there are only 1"),
    "sample-subsets.count": Change(value: "auto"),
    "linearized-adapt.mean_abs_margin": Change(value: "0.05"),
    "linearized-adapt.ridge": Change(value: "0.5"),
    "linearized-adapt.gradient_tolerance": Change(value: "0.01"),
    "linearized-adapt.max_iterations": Change(value: "1", refusal: "after 1 steps"),
    "score.bootstrap_replicates": Change(value: "21"),
    "score.confidence": Change(value: "0.5"),
    "score.step": Change(value: "0.2"),
    "score.ridge_share": Change(value: "0.1"),
    "cluster.affinity": Change(value: "paper", others: ["per_task"]),
    "cluster.k": Change(value: "3"),
    "cluster.max_groups": Change(value: "1"),
    "cluster.retain": Change(value: "0"),
    "cluster.random_groupings": Change(value: "2"),
    "full-train-eval.timesteps_per_task": Change(value: "192"),
    "full-train-eval.start": Change(value: "meta"),
    "full-train-eval.evaluation_episodes": Change(value: "3"),
    "truth.sizes": Change(value: "[1]", others: ["all"]),
    "truth.timesteps_per_task": Change(value: "192"),
    "truth.meta_fraction": Change(value: "1"),
    "truth.meta_repeats": Change(value: "1"),
    "truth.evaluation_episodes": Change(value: "3"),
    "checkpoint_seconds": Change(value: "0"),
  ]

  /// Steps long enough that ratios and values move as far as PPO clips them; the sizes are not round, to tell them apart.
  private static let benchmark = """
    tasks: [cartpole/default, cartpole/flip, cartpole/length-1.5, cartpole/force-30]
    task_id: hidden
    policy: {hidden_sizes: [8]}
    ppo: {learning_rate: 0.03, num_envs: 2, num_steps: 32, num_minibatches: 2, update_epochs: 4}
    meta-train: {total_timesteps: 512}
    collect-gradients: {transitions_per_task: 512, held_out_fraction: 0.4, projection_dimension: 16}
    sample-subsets: {size: 3, count: 3}
    score: {bootstrap_replicates: 20}
    cluster: {random_groupings: 1}
    full-train-eval: {timesteps_per_task: 128, evaluation_episodes: 2}
    truth: {sizes: [2], evaluation_episodes: 2, meta_repeats: 2}

    """

  /// A line of a slice that gives a key its value.
  private struct Line {
    /// The key, with its section.
    let key: String
    let number: Int
    /// What stands before the value.
    let start: String
  }

  /// The keys of a slice; those of the tasks, which stand in one line, as "tasks.name" and so on.
  private func lines(_ slice: String) -> [Line] {
    var section = ""
    var found: [Line] = []
    for (number, text) in slice.components(separatedBy: "\n").enumerated() {
      guard let match = text.firstMatch(of: /^( *)([a-z_-]+):/) else { continue }
      if match.1.isEmpty { section = "" }
      let (key, start) = (section + match.2, String(match.0) + " ")
      if text.hasSuffix(":") {
        section = "\(match.2)."
      } else if key == "tasks" {
        for field in ["name", "environment", "horizon"] {
          found.append(Line(key: "tasks.\(field)", number: number, start: start))
        }
      } else {
        found.append(Line(key: key, number: number, start: start))
      }
    }
    return found
  }

  /// A slice with another value for one key.
  private func changed(_ slice: String, _ line: Line, to value: String) throws -> String {
    var texts = slice.components(separatedBy: "\n")
    let before = texts[line.number]
    switch line.key {
    // The second task, so that the first one's name still says what it is.
    case "tasks.name": texts[line.number].replace("cartpole/flip", with: value)
    case "tasks.environment": texts[line.number].replace("CartPole-v1", with: value)
    case "tasks.horizon": texts[line.number].replace(/horizon: \d+/, with: "horizon: \(value)")
    default: texts[line.number] = line.start + value
    }
    try #require(texts[line.number] != before, "\(line.key) is \(value) already")
    return texts.joined(separator: "\n")
  }

  /// The programs that read a slice, with their inputs from a finished run.
  private func commands(_ slice: String, _ run: String) -> [[String]] {
    let meta = ["--meta-train", "\(run)/meta-train.h5"]
    let gradients = ["--collect-gradients", "\(run)/collect-gradients.h5"]
    let subsets = ["--sample-subsets", "\(run)/sample-subsets.h5"]
    return switch slice {
    case "collect-gradients": [[slice] + meta]
    case "linearized-adapt": [[slice] + gradients + subsets]
    case "score": [[slice] + gradients + subsets + ["--linearized-adapt", "\(run)/linearized-adapt.h5"]]
    case "cluster": [[slice, "--score", "\(run)/score.h5"]]
    case "full-train-eval-training": [["full-train-eval", "train", "--set", "tasks-0-1"] + meta]
    case "truth":
      [
        [slice, "train"] + (FileManager.default.fileExists(atPath: meta[1]) ? meta : ["--start", "scratch"])
      ]
    case "full-train-eval": [[slice, "evaluate", "--policy", "\(run)/policy.h5"]]
    default: [[slice]]
    }
  }

  /// What a program makes from a slice: the digest of the artifact's contents, or the error.
  private func made(
    _ command: [String], _ slice: String, in folder: String, as name: String? = nil
  ) throws -> String {
    let (config, output) = (folder + "/slice.yaml", name ?? folder + "/made.h5")
    if command.contains("evaluate") {
      // What is evaluated was trained under the same slice, but for what is of the evaluation alone.
      let lines = slice.split(separator: "\n").filter { !$0.contains("evaluation_episodes") }
      let train = commands("full-train-eval-training", "\(folder)/runs/tiny/seed-0")[0]
      let trained = try made(train, lines.joined(separator: "\n") + "\n", in: folder, as: command.last)
      guard !trained.contains("error") else { return trained }
    }
    try? FileManager.default.removeItem(atPath: output)
    try Data(slice.utf8).write(to: URL(fileURLWithPath: config))
    let finished = try Programs.run(
      command[0], command.dropFirst() + ["--quiet", "--config", config, "--output", output])
    guard finished.status == 0 else { return finished.errors }
    if command.contains("truth") { return try contents(of: output) }
    let digest = try Programs.run("pgx", ["digest", output])
    try #require(digest.status == 0, "\(digest.errors)")
    return String(digest.output.split(separator: " ").first ?? "")
  }

  /// The digests of the contents of all artifacts in a folder.
  private func contents(of folder: String) throws -> String {
    let names = files(below: folder).filter { $0.hasSuffix(".h5") }.sorted()
    return try names.map { name in
      let digest = try Programs.run("pgx", ["digest", "\(folder)/\(name)"])
      return name + " " + (digest.output.split(separator: " ").first ?? "")
    }.joined(separator: ", ")
  }

  /// The slices of a benchmark's first seed, by their names.
  private func slices(_ run: String) throws -> [String: String] {
    var texts: [String: String] = [:]
    for file in files(below: "\(run)/config") where file.hasSuffix(".yaml") {
      texts[String(file.dropLast(5))] = try String(contentsOfFile: "\(run)/config/\(file)", encoding: .utf8)
    }
    return texts
  }

  @Test("the table has every key that a program reads, and no other")
  func table() throws {
    try withTinyRun(Self.benchmark) { run in
      try run.made("config")
      let found = try slices(run.run()).values.flatMap { lines($0).map(\.key) }
      #expect(Set(found) == Set(Self.changes.keys))
      // What the benchmark's reader knows is in a slice, or in no program.
      let known = try BenchmarkConfiguration(reading: run.config, profile: nil).resolved.flatMap {
        entry in
        guard case .section(let inner) = entry.value else { return [entry.key] }
        return inner.map { "\(entry.key).\($0.key)" }
      }
      #expect(known.count > 40 && Set(known).subtracting(found).isEmpty, "\(Set(known).subtracting(found))")
    }
  }

  @Test(
    "every key of every slice, changed alone, changes the artifact's contents or is refused by name",
    arguments: [false, true])
  func effects(isContinuous: Bool) throws {
    let text =
      isContinuous
      ? Self.benchmark.replacing(
        "[cartpole/default, cartpole/flip, cartpole/length-1.5, cartpole/force-30]",
        with: "[halfcheetah/fwd, halfcheetah/bwd, halfcheetah/velocity-1]") : Self.benchmark
    try withTinyRun(text) { run in
      try run.made(isContinuous ? "config" : "cluster")
      var seen = 0
      for (name, slice) in try slices(run.run()).sorted(by: { $0.key < $1.key }) where name != "checkpoints" {
        for command in commands(name, run.run()) {
          let wanted = lines(slice).filter { Self.changes[$0.key]?.isContinuous == isContinuous }
          guard !wanted.isEmpty else { continue }
          let before = try made(command, slice, in: run.folder)
          for line in wanted {
            let change = try #require(Self.changes[line.key])
            let after = try made(command, changed(slice, line, to: change.value), in: run.folder)
            let further = try change.others.map {
              try made(command, changed(slice, line, to: $0), in: run.folder)
            }
            #expect(
              Set(further + [before, after]).count >= further.count + 2 || further.isEmpty, "\(line.key)")
            let what = "\(line.key) of \(name): \(change.value)"
            if change.unused[name] != nil {
              #expect(after == before, "\(what) is used")
            } else if let refusal = change.refusals[name] ?? change.refusal {
              #expect(after.contains(refusal), "\(what): \(after)")
            } else {
              #expect(after != before && !after.contains("error"), "\(what): \(after)")
            }
            seen += 1
          }
        }
      }
      print("reliability: keys whose effect was seen, \(isContinuous ? "continuous" : "discrete"): \(seen)")
      #expect(seen >= (isContinuous ? 2 : 70))
    }
  }

  @Test("checkpoint_seconds says how often a stage saves its state")
  func checkpoints() throws {
    for (seconds, isSaved) in [("60", false), ("0", true)] {
      try withTinyRun(Self.benchmark + "checkpoint_seconds: \(seconds)\n") { run in
        let made = try run.made("meta-train")
        #expect(made.output.contains(/checkpoints [0-9.]+ s/) == isSaved, "\(made.output)")
      }
    }
  }
}
