import Configuration
import Foundation
import TestSupport
import Testing

/// A benchmark with every section, into which faults are put.
private let benchmark = """
  tasks: [cartpole/default, cartpole/flip, cartpole/length-1.5]
  task_id: hidden
  policy: {hidden_sizes: [8]}
  ppo: {num_envs: 2}
  meta-train: {total_timesteps: 384}
  collect-gradients: {transitions_per_task: 128}
  sample-subsets: {size: 2}
  linearized-adapt: {max_iterations: 100}
  score: {bootstrap_replicates: 20}
  cluster: {k: 2}
  full-train-eval: {timesteps_per_task: 64}

  """

@Suite struct ConfigurationTests {
  /// The numeric keys of each section.
  private static let numbers = [
    "ppo": [
      "learning_rate", "num_envs", "num_steps", "gamma", "gae_lambda", "num_minibatches", "update_epochs",
      "clip_coef", "ent_coef", "vf_coef", "max_grad_norm", "target_kl", "log_std_init",
    ],
    "meta-train": ["total_timesteps"],
    "collect-gradients": [
      "transitions_per_task", "held_out_fraction", "projection_dimension", "gamma", "gae_lambda",
      "advantage_clip",
    ],
    "sample-subsets": ["size", "count"],
    "linearized-adapt": ["mean_abs_margin", "ridge", "gradient_tolerance", "max_iterations"],
    "score": ["bootstrap_replicates", "confidence"],
    "cluster": ["k", "max_groups", "random_groupings"],
    "full-train-eval": ["timesteps_per_task", "evaluation_episodes"],
  ]

  /// The keys that are words or truth values.
  private static let words = [
    "policy": ["activation"], "cluster": ["affinity"],
    "ppo": ["anneal_lr", "norm_adv", "clip_vloss", "normalize_observations", "normalize_rewards"],
  ]

  /// The error of reading a file of these bytes; nil, and a failed expectation, if there is none or it is unclear.
  private func refusal(_ bytes: Data, _ comment: String) throws -> ConfigurationError? {
    try withTemporaryDirectory { folder in
      let path = folder + "/b.yaml"
      try bytes.write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: ConfigurationError.self, "\(comment)") {
        _ = try BenchmarkConfiguration(reading: path, profile: nil)
      }
      guard let error else { return nil }
      #expect(
        error.description.hasPrefix(path + ":") && !error.description.contains(where: \.isNewline)
          && error.description.count < 600, "\(comment): \(error.description)")
      return error
    }
  }

  /// The benchmark with a section's line replaced by one with this key.
  private func faulty(_ section: String, _ key: String, _ value: String) -> Data {
    // What a section must have stays, unless it is the key itself.
    let required = [
      "meta-train": "total_timesteps: 384", "full-train-eval": "timesteps_per_task: 64",
    ]
    let kept = required[section].flatMap { $0.hasPrefix(key + ":") ? nil : $0 + ", " } ?? ""
    let lines = benchmark.split(separator: "\n").map {
      $0.hasPrefix(section + ":") ? "\(section): {\(kept)\(key): \(value)}" : String($0)
    }
    return Data((lines.joined(separator: "\n") + "\n").utf8)
  }

  @Test("the benchmark without a fault is read")
  func whole() throws {
    try withTemporaryDirectory { folder in
      try Data(benchmark.utf8).write(to: URL(fileURLWithPath: folder + "/b.yaml"))
      _ = try BenchmarkConfiguration(reading: folder + "/b.yaml", profile: nil)
    }
  }

  @Test("a value that no key takes is refused at its line, with the key's name")
  func values() throws {
    var count = 0
    let bad = [
      "word", "[1]", "{a: 1}", ".nan", "nan", "1e400", "-1e9", "\"\"", "~", "0x10", "\"1,5\"", "\"1 2\"",
      "1e3x",
      "*",
      "true",
    ].filter { $0 != "*" }
    for (keys, values) in [
      (Self.numbers, bad), (Self.words, ["maybe", "[true]", "{a: 1}", "1", "\"\"", "~"]),
    ] {
      for (section, names) in keys.sorted(by: { $0.key < $1.key }) {
        for (name, value) in names.flatMap({ name in values.map { (name, $0) } }) {
          let error = try refusal(faulty(section, name, value), "\(section).\(name): \(value)")
          #expect(error?.message.contains("\(section).\(name)") == true, "\(value): \(error?.message ?? "")")
          #expect(error?.line == benchmark.split(separator: "\n").firstIndex { $0.hasPrefix(section) }! + 1)
          count += 1
        }
      }
    }
    print("reliability: inputs refused, configurations with a bad value: \(count)")
    #expect(count >= 200)
  }

  @Test("a key that a section does not have is refused, in every section")
  func unknownKeys() throws {
    for section in Self.numbers.keys.sorted() + ["policy"] {
      let error = try refusal(faulty(section, "colour", "1"), section)
      #expect(error?.message.hasPrefix("unknown key \"colour\" in \(section)") == true)
    }
  }

  /// Whole files: what they are, their bytes, and what the answer says.
  private static let files: [(String, Data, String)] = {
    let deep = String(repeating: "[", count: 20_000)
    let bomb =
      "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
      + zip("bcdefghi", "abcdefgh").map {
        "\($0): &\($0) [\(Array(repeating: "*\($1)", count: 10).joined(separator: ", "))]\n"
      }.joined()
    let texts: [(String, String, String)] = [
      ("only a byte-order mark", "\u{FEFF}", "is empty"), ("spaces", "   \n  \n", "is empty"),
      ("a document mark", "---\n", "tasks is missing"), ("two documents", "a: 1\n---\nb: 2\n", "is not YAML"),
      ("a list", "- a\n- b\n", "must hold keys"), ("a number", "7\n", "must hold keys"),
      ("tabs", benchmark + "profiles:\n\tsmoke: {}\n", "is not YAML"),
      ("an unclosed quote", benchmark + "x: \"a\n", "is not YAML"),
      ("an unclosed list", benchmark + "x: [1, 2\n", "is not YAML"),
      ("a zero byte", "tasks: [a\0b]\n", "is not YAML"),
      ("a control character", "tasks: [\u{1}]\n", "is not YAML"),
      ("an anchor nobody defined", benchmark + "profiles: *none\n", "is not YAML"),
      ("an anchor within itself", "tasks: &a [*a]\n", "is not YAML"),
      ("a key that is a list", benchmark + "? [a]\n: 1\n", "a key must be a word"),
      ("a section twice", benchmark + "ppo: {num_envs: 3}\n", "is given twice"),
      ("a merge key", benchmark + "<<: {a: 1}\n", "unknown key"), ("lists in lists", deep, "is not YAML"),
      ("an alias that grows", bomb, "tasks is missing"),
      ("a tag", benchmark + "profiles: !!python/object:os.system {}\nq: 1\n", "unknown key"),
      ("HTML", "<!DOCTYPE html>\n<html></html>\n", "must hold keys"),
      ("JSON of another program", "{\"model\": {\"lr\": 1}}\n", "missing"),
      ("profiles that are a list", benchmark + "profiles: [smoke]\n", "profiles must hold"),
      (
        "tasks that are a word",
        benchmark.replacing("[cartpole/default, cartpole/flip, cartpole/length-1.5]", with: "all"),
        "tasks must be a list"
      ),
      (
        "a task that is a list", benchmark.replacing("cartpole/flip", with: "[a]"),
        "tasks entry must hold keys"
      ),
      ("a task without a name", benchmark.replacing("cartpole/flip", with: "{horizon: 3}"), "needs a name"),
      ("a task named by nothing", benchmark.replacing("cartpole/flip", with: "\"\""), "needs a name"),
      (
        "a task with an endless horizon",
        benchmark.replacing("cartpole/flip", with: "{name: x, horizon: 1e9}"), "horizon"
      ),
      (
        "a task with a parameter that is a list",
        benchmark.replacing("cartpole/flip", with: "{name: x, length: [1]}"), "length"
      ),
      ("one task twice", benchmark.replacing("cartpole/flip", with: "cartpole/default"), "listed twice"),
      (
        "layers without end",
        benchmark.replacing("[8]", with: "[\(Array(repeating: "8", count: 17).joined(separator: ", "))]"),
        "hidden_sizes"
      ),
      ("a layer without units", benchmark.replacing("[8]", with: "[0]"), "hidden_sizes"),
      ("a layer of half a unit", benchmark.replacing("[8]", with: "[0.5]"), "hidden_sizes"),
    ]
    let bytes: [(String, [UInt8], String)] = [
      ("nothing", [], "is empty"), ("Latin 1", [0x61, 0x3A, 0x20, 0xE9, 0x0A], "is not UTF-8"),
      ("half a character", [0x61, 0x3A, 0x20, 0xE2, 0x82], "is not UTF-8"),
      ("UTF-16", [0xFF, 0xFE, 0x61, 0x00, 0x3A, 0x00], "is not UTF-8"),
      ("HDF5", [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A], "is not UTF-8"),
      ("five megabytes", [UInt8](repeating: UInt8(ascii: "#"), count: 5 << 20), "more than 4 MiB"),
    ]
    return texts.map { ($0, Data($1.utf8), $2) } + bytes.map { ($0, Data($1), $2) }
  }()

  @Test("a file that is no benchmark is refused in one line")
  func foreignFiles() throws {
    for (what, bytes, message) in Self.files {
      let error = try refusal(bytes, what)
      #expect(error?.message.contains(message) == true, "\(what): \(error?.message ?? "")")
    }
    print("reliability: inputs refused, configurations bad as a whole: \(Self.files.count)")
  }

  @Test("a benchmark with a byte-order mark or with another system's line ends is read")
  func harmless() throws {
    for text in ["\u{FEFF}" + benchmark, benchmark.replacing("\n", with: "\r\n")] {
      try withTemporaryDirectory { folder in
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/b.yaml"))
        _ = try BenchmarkConfiguration(reading: folder + "/b.yaml", profile: nil)
      }
    }
  }

  @Test(
    "a FIFO, a folder, a device and links that lead nowhere are no configurations, and are not waited for")
  func notFiles() throws {
    try withTemporaryDirectory { folder in
      mkfifo(folder + "/fifo", 0o600)
      symlink("loop", folder + "/loop")
      symlink("nowhere", folder + "/dangling")
      for path in [folder, folder + "/fifo", folder + "/loop", folder + "/dangling", "/dev/zero"] {
        let error = #expect(throws: ConfigurationError.self) {
          _ = try BenchmarkConfiguration(reading: path, profile: nil)
        }
        #expect(error?.description.hasPrefix(path + ": ") == true)
      }
    }
  }
}
