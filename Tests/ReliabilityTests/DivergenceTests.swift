import Foundation
import HDF5
import TestSupport
import Testing

@Suite struct DivergenceTests {
  /// Two cheetahs whose motors are too strong for them.
  private static let benchmark = """
    tasks:
      - {name: light, environment: HalfCheetah-v5, horizon: 400, mass_scale: 0.1, torso_mass_scale: 0.1, gear_scale: 5, gravity_scale: 0.1, friction_scale: 10}
      - {name: slippery, environment: HalfCheetah-v5, horizon: 400, mass_scale: 0.1, torso_mass_scale: 0.1, gear_scale: 5, gravity_scale: 0.1}
    task_id: hidden
    policy: {hidden_sizes: [4]}
    ppo: {num_envs: 2, num_steps: 128, num_minibatches: 1, update_epochs: 1}
    meta-train: {total_timesteps: 8192}
    collect-gradients: {transitions_per_task: 2000, projection_dimension: 4}
    sample-subsets: {size: 2}
    score: {bootstrap_replicates: 10}
    cluster: {k: 2, random_groupings: 1}
    full-train-eval: {timesteps_per_task: 4096, evaluation_episodes: 20}

    """

  /// Runs a program of this build.
  ///
  /// - Returns: the exit status and all that it printed.
  private func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, text: String) {
    let executable = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable).deletingLastPathComponent()
      .appendingPathComponent(program)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardError = pipe
    process.standardOutput = pipe
    try process.run()
    let text = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: text, as: UTF8.self))
  }

  /// The lines that count diverged episodes, from the count on.
  private func counts(_ text: String) -> [String] {
    text.split(separator: "\n").compactMap {
      $0.firstMatch(of: /(\d+ episodes? of the .* diverged)/).map { String($0.1) }
    }
  }

  @Test(
    "every stage that plays episodes goes on after diverged ones and says how many there were, on 1 and 2 threads"
  )
  func stages() throws {
    try withTemporaryDirectory { folder in
      try Data(Self.benchmark.utf8).write(to: URL(fileURLWithPath: folder + "/b.yaml"))
      _ = try run("pgx", ["config", folder + "/b.yaml", "--output", folder])
      let config = folder + "/seed-0/config"
      let policy = folder + "/meta-train-1.h5"
      let commands: [(name: String, arguments: [String], parts: [String])] = [
        ("meta-train", ["meta-train"], ["training"]),
        ("collect-gradients", ["collect-gradients", "--meta-train", policy], ["collection"]),
        ("full-train-eval-training", ["full-train-eval", "train", "--set", "tasks-0-1"], ["training"]),
        (
          "full-train-eval",
          ["full-train-eval", "evaluate", "--policy", folder + "/full-train-eval-training-1.h5"],
          ["evaluation of random actions"]
        ),
      ]
      var counted = 0
      for (name, arguments, parts) in commands {
        let found = try [1, 2].map { threads in
          let (status, text) = try run(
            arguments[0],
            arguments.dropFirst() + ["--config", "\(config)/\(name).yaml", "--threads", "\(threads)"]
              + ["--output", "\(folder)/\(name)-\(threads).h5"])
          #expect(status == 0, "\(text)")
          return counts(text)
        }
        #expect(found[0] == found[1])
        counted += found[0] == found[1] && !found[0].isEmpty ? 1 : 0
        for part in parts {
          #expect(found[0].contains { $0.contains(" of the \(part) w") }, "\(name): \(found[0])")
        }
      }
      let (status, text) = try run("pgx", ["evaluate", policy, "--stochastic"])
      #expect(status == 0 && counts(text).count == 1, "\(text)")
      counted += counts(text).count
      print("reliability: programs that count diverged simulations: \(counted)")
    }
  }

  @Test("projected gradients that overflow stop collect-gradients with the task and the transition")
  func features() throws {
    try withTemporaryDirectory { folder in
      let text = Self.benchmark.replacing(", mass_scale: 0.1, torso_mass_scale: 0.1, gear_scale: 5", with: "")
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/b.yaml"))
      _ = try run("pgx", ["config", folder + "/b.yaml", "--output", folder])
      let config = folder + "/seed-0/config"
      let sound = folder + "/meta-train.h5"
      #expect(
        try run("meta-train", ["--quiet", "--config", "\(config)/meta-train.yaml", "--output", sound]).status
          == 0)
      // Means of 0 and standard deviations of e⁻⁸⁸: actions and their probabilities are finite, their gradients are not.
      let narrow = folder + "/narrow.h5"
      func constant(_ value: Float, _ path: String, _ shape: [Int]) -> (borrowing HDF5File) throws -> Void {
        { try $0.write([Float](repeating: value, count: shape.reduce(1, *)), to: path, shape: shape) }
      }
      try copy(
        sound, to: narrow,
        Changes(datasets: [
          "/policy/layer_1/weight": constant(0, "/policy/layer_1/weight", [6, 4]),
          "/policy/layer_1/bias": constant(0, "/policy/layer_1/bias", [6]),
          "/policy/log_std": constant(-88, "/policy/log_std", [6]),
        ]))
      let (status, line) = try run(
        "collect-gradients",
        [
          "--quiet", "--config", "\(config)/collect-gradients.yaml", "--meta-train", narrow, "--output",
          folder + "/out.h5",
        ])
      #expect(status == 70 && line.split(separator: "\n").count == 1, "\(line)")
      #expect(
        line.firstMatch(of: /the projected gradient's entry \d of task light is .* at transition \d+;/)
          != nil, "\(line)")
      #expect(!FileManager.default.fileExists(atPath: folder + "/out.h5"))
    }
  }
}
