import Artifacts
import Foundation
import TestSupport
import Testing

/// Task sets whose training begins with the policy of meta-train, by `start: meta`.
@Suite struct TrainingStartTests {
  /// Cart-poles that a policy tells apart, and steps too small to move it.
  private static let benchmark = tinyBenchmark.replacing("task_id: hidden", with: "task_id: one_hot")
    .replacing("ppo: {", with: "ppo: {learning_rate: 1e-8, normalize_observations: false, ")
    .replacing("full-train-eval: {", with: "full-train-eval: {start: meta, ")

  /// Replaces meta-train's policy by one that goes left in tasks 0 and 1 and right in tasks 2 and 3, whatever it sees.
  private func sayTheTask(_ file: String) throws {
    var meta = try MetaTrainArtifact(reading: file)
    let stored = meta.policy.layers
    var (first, second) = (
      [Float](repeating: 0, count: stored[0].outputs * stored[0].inputs),
      [Float](repeating: 0, count: stored[1].outputs * stored[1].inputs)
    )
    for task in 0..<4 {
      // Four numbers of the cart-pole, then the task; a unit for each task.
      first[task * stored[0].inputs + 4 + task] = 3
      second[(task / 2) * stored[1].inputs + task] = 9
    }
    meta.policy = NetworkParameters(
      architecture: meta.policy.architecture, layers: stored,
      flat: zip(stored, [first, second]).flatMap { $1 + [Float](repeating: 0, count: $0.outputs) })
    try meta.write(to: file, provenance: Provenance(reading: file))
  }

  @Test("a set that begins with meta-train's policy has its parameters, and acts by its tasks' numbers there")
  func begins() throws {
    try withTinyRun(Self.benchmark) { run in
      try run.made("cluster")
      let meta = "\(run.run())/meta-train.h5"
      try sayTheTask(meta)
      func made(_ set: String) throws -> TrainedSetArtifact {
        let (policy, file) = ("\(run.folder)/policy-\(set).h5", "\(run.folder)/\(set).h5")
        let slice = "\(run.run())/config/full-train-eval"
        let trained = try Programs.run(
          "full-train-eval",
          [
            "train", "--config", "\(slice)-training.yaml", "--set", set, "--meta-train", meta, "--output",
            policy,
          ])
        try #require(trained.status == 0, "\(trained.errors)")
        #expect(try Provenance(reading: policy).inputs.keys.contains("meta_train"))
        let played = try Programs.run(
          "full-train-eval",
          ["evaluate", "--config", "\(slice).yaml", "--policy", policy, "--output", file])
        try #require(played.status == 0, "\(played.errors)")
        return try TrainedSetArtifact(reading: file)
      }
      let (all, some) = try (made("tasks-0-1-2-3"), made("tasks-1-3"))
      let expected = try MetaTrainArtifact(reading: meta).policy.flat
      for set in [all, some] {
        #expect(zip(set.policy.flat, expected).allSatisfy { abs($0 - $1) < 1e-5 })
        #expect(set.policy.flat != expected, "nothing was trained")
      }
      #expect(some.returns == Array(all.returns[2..<4] + all.returns[6..<8]))
      // Right where the policy goes left falls to the other side, after another number of steps.
      #expect(some.returns != Array(all.returns[0..<2] + all.returns[2..<4]))
    }
  }

  @Test("make trains the sets again when the policy that they begin with has changed, and only then")
  func depends() throws {
    try withTinyRun(Self.benchmark) { run in
      try run.made("full-train-eval")
      #expect(!(try run.made("-n", "full-train-eval").output.contains("full-train-eval train")))
      try run.made("redo-meta-train")
      let again = try run.made("-n", "full-train-eval").output
      #expect(again.contains("--meta-train \(run.run())/meta-train.h5"))
      try run.write(Self.benchmark.replacing("start: meta", with: "start: scratch"))
      try run.made("full-train-eval")
      try run.made("redo-meta-train", "cluster")
      #expect(!(try run.made("-n", "full-train-eval").output.contains("full-train-eval train")))
    }
  }

  @Test("without the file that it begins with a training is refused, with the option that names it")
  func missing() throws {
    try withTinyRun(Self.benchmark) { run in
      try run.made("config")
      let refused = try Programs.run(
        "full-train-eval",
        [
          "train", "--config", "\(run.run())/config/full-train-eval-training.yaml", "--set", "tasks-0",
          "--output", "\(run.folder)/set.h5",
        ])
      #expect(refused.status == 64 && refused.errors.contains("--meta-train"), "\(refused.errors)")
    }
  }
}
