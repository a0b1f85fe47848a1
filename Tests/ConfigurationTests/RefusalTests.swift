import Configuration
import Foundation
import TestSupport
import Testing

@Suite struct RefusalTests {
  @Test(
    "an unknown or misspelt key is refused at its line, with the key probably meant",
    arguments: [
      ("task_id:", "task_di:", 5, "unknown key \"task_di\"; did you mean \"task_id\"?"),
      ("tasks:", "task:", 1, "unknown key \"task\"; did you mean \"tasks\"?"),
      (
        "total_timesteps:", "total_timestep:", 10,
        "unknown key \"total_timestep\" in meta-train; did you mean \"total_timesteps\"?"
      ),
      ("gae_lambda:", "gae_lamda:", 7, "unknown key \"gae_lamda\" in ppo; did you mean \"gae_lambda\"?"),
      (
        "confidence:", "confidnce:", 12,
        "unknown key \"confidnce\" in score; did you mean \"confidence\"?"
      ),
      ("score:", "scroe:", 11, "unknown key \"scroe\"; did you mean \"score\"?"),
    ])
  func misspeltKeys(old: String, new: String, line: Int, message: String) throws {
    let error = try refusal(Data(edited(old, new).utf8))
    #expect(error?.line == line)
    #expect(error?.message == message)
  }

  @Test("a key that resembles nothing is answered with the keys of its section")
  func foreignKey() throws {
    let error = try refusal(Data(edited("confidence: 0.9", "colour: red").utf8))
    #expect(
      error?.message
        == "unknown key \"colour\" in score; known are bootstrap_replicates, confidence, step, ridge_share"
    )
  }

  @Test("an error prints as file:line: message")
  func printedForm() throws {
    try withFile(Data(edited("gae_lambda:", "gae_lamda:").utf8)) { path in
      let error = #expect(throws: ConfigurationError.self) {
        _ = try BenchmarkConfiguration(reading: path, profile: nil)
      }
      #expect(error?.description.hasPrefix("\(path):7: unknown key") == true)
    }
  }

  @Test(
    "a value of the wrong type or out of range is refused at its line",
    arguments: [
      ("gae_lambda: 0.9", "gae_lambda: 1.5", 7, "ppo.gae_lambda must be in 0.0…1.0, found 1.5"),
      ("gae_lambda: 0.9", "gae_lambda: high", 7, "ppo.gae_lambda must be a number, found high"),
      ("gae_lambda: 0.9", "gae_lambda: nan", 7, "ppo.gae_lambda must be a number, found nan"),
      ("gae_lambda: 0.9", "gae_lambda: [1]", 7, "ppo.gae_lambda must be a number, found a list"),
      ("num_envs: 4", "num_envs: 0", 8, "ppo.num_envs must be in 1…4096, found 0"),
      ("num_envs: 4", "num_envs: 2.5", 8, "ppo.num_envs must be a whole number, found 2.5"),
      ("num_envs: 4", "num_envs: 1e300", 8, "ppo.num_envs must be a whole number, found 1e300"),
      ("num_envs: 4", "num_envs: {a: 1}", 8, "ppo.num_envs must be a whole number, found a section"),
      ("num_envs: 4", "anneal_lr: maybe", 8, "ppo.anneal_lr must be true or false, found maybe"),
      (
        "task_id: hidden", "task_id: one-hot", 5,
        "task_id must be one of hidden, one_hot, found one-hot; did you mean \"one_hot\"?"
      ),
      ("score:\n  confidence: 0.9", "score: 3", 11, "score must hold keys with values"),
      ("score:\n  confidence: 0.9", "cluster: {k: 99}", nil, "cluster.k is 99, but there are only 3 tasks"),
      (
        "score:\n  confidence: 0.9", "policy: {hidden_sizes: [64, 1e300]}", 11,
        "policy.hidden_sizes must hold whole numbers in 1…4096, found 1e300"
      ),
      (
        "score:\n  confidence: 0.9", "policy: {hidden_sizes: 64}", 11,
        "policy.hidden_sizes must be a list of 0 to 16 whole numbers, such as [64, 64]"
      ),
      (
        "score:\n  confidence: 0.9", "collect-gradients: {gamma: 0.9}", nil,
        "collect-gradients.gamma is 0.9, but the critic that the advantages rest on is trained at ppo.gamma = 0.99; make them equal"
      ),
      (
        "score:\n  confidence: 0.9", "sample-subsets: {size: 4}", nil,
        "sample-subsets.size is 4, but there are only 3 tasks"
      ),
      ("profiles:\n", "profiles: none\nscore2:\n", 15, "profiles must hold the profiles by name"),
    ] as [(String, String, Int?, String)])
  func values(old: String, new: String, line: Int?, message: String) throws {
    let error = try refusal(Data(edited(old, new).utf8))
    #expect(error?.line == line)
    #expect(error?.message == message)
  }

  @Test("as many minibatches as transitions are read, one more is refused")
  func minibatches() throws {
    let most = try edited("num_envs: 4", "num_envs: 4\n  num_steps: 8\n  num_minibatches: 32")
    #expect(try configuration(most).learner.ppo.numMinibatches == 32)
    let more = most.replacing("num_minibatches: 32", with: "num_minibatches: 33")
    #expect(try refusal(Data(more.utf8))?.message.contains("only num_envs × num_steps = 32") == true)
  }

  @Test("a missing key names its section's line")
  func missingKey() throws {
    let error = try refusal(Data(edited("meta-train:\n  total_timesteps: 1000\n", "").utf8))
    #expect(error?.message == "meta-train.total_timesteps is missing")
    let tasks = try refusal(Data(sample.split(separator: "\n").dropFirst(4).joined(separator: "\n").utf8))
    #expect(tasks?.message == "tasks is missing: list the tasks of the benchmark")
  }

  @Test("a key given twice is refused, under one name or under two that mean the same")
  func duplicateKeys() throws {
    let twice = try refusal(Data(edited("gae_lambda: 0.9", "gae_lambda: 0.9\n  gae_lambda: 0.8").utf8))
    #expect(twice?.message == "the key \"gae_lambda\" is given twice in one section")
    #expect(twice?.line != nil)
    let alias = try refusal(Data(edited("num_envs: 4", "num_envs: 4\n  n_envs: 4").utf8))
    #expect(alias?.line == 9)
    #expect(alias?.message == "ppo.n_envs says the same as num_envs; keep one of them")
  }

  @Test("a task listed twice, and a list without tasks, are refused")
  func tasks() throws {
    let doubled = try refusal(Data(edited("cartpole/flip", "cartpole/default").utf8))
    #expect(doubled?.line == 3)
    #expect(doubled?.message == "the task cartpole/default is listed twice (first on line 2)")
    let none = try refusal(Data("tasks: []\n".utf8))
    #expect(none?.message == "tasks must be a list of at least one task")
    let unnamed = try refusal(Data(edited("- cartpole/flip", "- {length: 2}").utf8))
    #expect(unnamed?.line == 3)
    #expect(unnamed?.message == "an entry of tasks needs a name")
  }

  @Test("an unknown profile is answered with the one probably meant")
  func unknownProfile() throws {
    let near = try refusal(Data(sample.utf8), profile: "smok")
    #expect(near?.message == "there is no profile \"smok\"; did you mean \"smoke\"?")
    let far = try refusal(Data(sample.utf8), profile: "overnight")
    #expect(far?.message == "there is no profile \"overnight\"; known are smoke, large")
  }

  @Test("a profile's mistakes are found at their line")
  func mistakeInProfile() throws {
    let text = try edited("ppo: {num_envs: 2}", "ppo: {num_env: 2}")
    #expect(try refusal(Data(text.utf8), profile: "smoke")?.line == 17)
  }

  @Test("files that are absent, empty, not UTF-8 or not YAML are refused by name")
  func unreadableFiles() throws {
    let absent = #expect(throws: ConfigurationError.self) {
      _ = try BenchmarkConfiguration(reading: "/nowhere/b.yaml", profile: nil)
    }
    #expect(absent?.description == "/nowhere/b.yaml: there is no such file")
    #expect(try refusal(Data())?.message == "is empty")
    #expect(try refusal(Data("# nothing\n".utf8))?.message == "is empty")
    #expect(try refusal(Data([0x61, 0xFF, 0xFE, 0x0A]))?.message == "is not UTF-8 text")
    #expect(try refusal(Data("just a sentence\n".utf8))?.message == "the file must hold keys with values")
    let broken = try refusal(Data("tasks: [a\nppo: }\n".utf8))
    #expect(broken?.message.hasPrefix("is not YAML: ") == true)
    #expect(broken?.line != nil)
  }
}
