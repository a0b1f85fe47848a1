import Configuration
import Foundation
import TestSupport
import Testing

/// A small valid benchmark; the line numbers of the refusals count from its first line.
let sample = """
  tasks:
    - cartpole/default
    - cartpole/flip
    - cartpole/length-1.5
  task_id: hidden
  ppo:
    gae_lambda: 0.9
    num_envs: 4
  meta-train:
    total_timesteps: 1000
  score:
    confidence: 0.9
  full-train-eval:
    timesteps_per_task: 100
  profiles:
    smoke:
      ppo: {num_envs: 2}
    large:
      meta-train: {total_timesteps: 5000}

  """

/// The tasks of `sample` with everything said.
let resolvedTasks = ["default", "flip", "length-1.5"].map {
  TaskEntry.resolved(
    name: "cartpole/\($0)", environment: "CartPole-v1", horizon: 200,
    parameters: ["length": .number(0.5), "actuation_sign": .number(-1)])
}

/// `sample` with one piece of its text replaced.
func edited(_ old: String, _ new: String) throws -> String {
  try #require(sample.contains(old), "the sample has no \(old)")
  return sample.replacingOccurrences(of: old, with: new)
}

/// Calls `body` with the path of a file of these bytes.
func withFile<R>(_ bytes: Data, _ body: (String) throws -> R) throws -> R {
  try withTemporaryDirectory { folder in
    let path = folder + "/benchmark.yaml"
    try bytes.write(to: URL(fileURLWithPath: path))
    return try body(path)
  }
}

/// The configuration of a text.
func configuration(_ text: String, profile: String? = nil) throws -> BenchmarkConfiguration {
  try withFile(Data(text.utf8)) { try BenchmarkConfiguration(reading: $0, profile: profile) }
}

/// The error of reading a text as a benchmark.
func refusal(_ bytes: Data, profile: String? = nil) throws -> ConfigurationError? {
  try withFile(bytes) { path in
    let error = #expect(throws: ConfigurationError.self) {
      _ = try BenchmarkConfiguration(reading: path, profile: profile)
    }
    #expect(error?.file == path)
    #expect(error?.description.contains("\n") == false)
    return error
  }
}

/// Every stage's slice of a configuration.
func slices(_ configuration: BenchmarkConfiguration) -> [Stage: String] {
  Dictionary(
    uniqueKeysWithValues: Stage.allCases.map {
      ($0, configuration.slice(for: $0, seed: 3, tasks: resolvedTasks))
    })
}
