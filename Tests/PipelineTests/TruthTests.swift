import Artifacts
import Foundation
import TestSupport
import Testing

/// The truth: task sets that are really trained, in shards, over seeds.
@Suite struct TruthTests {
  private static let benchmark =
    tinyBenchmark + "truth: {sizes: [1, 2], evaluation_episodes: 2, meta_fraction: 0.5, meta_repeats: 2}\n"

  private func truth(_ run: TinyRun, _ seed: Int, _ arguments: String...) throws -> Finished {
    try Programs.run(
      "truth",
      [
        "train", "--config", "\(run.run(seed))/config/truth.yaml", "--meta-train",
        "\(run.run(seed))/meta-train.h5", "--output", "\(run.run(seed))/truth",
      ] + arguments)
  }

  private func bytes(_ folder: String) throws -> [String: Data] {
    var found: [String: Data] = [:]
    for file in files(below: folder) where file.hasSuffix(".h5") {
      found[file] = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file)"))
    }
    return found
  }

  @Test("a set's returns are those that full-train-eval finds for it, from either start")
  func equalsFullTrainEval() throws {
    for (start, steps) in [("scratch", 64), ("meta", 32)] {
      let section = "full-train-eval: {start: \(start), timesteps_per_task: \(steps), "
      try withTinyRun(
        Self.benchmark.replacing("full-train-eval: {timesteps_per_task: 64, ", with: section)
          .replacing("truth: {", with: "truth: {timesteps_per_task: 64, ")
      ) { run in
        try run.made("full-train-eval")
        let trained = try truth(run, 0)
        try #require(trained.status == 0, "\(trained.errors)")
        let sets = files(below: "\(run.run())/full-train-eval").filter {
          !$0.contains("/") && $0.split(separator: "-").count <= 3 && $0.hasSuffix(".h5")
        }
        #expect(sets.count >= 4)
        for name in sets {
          let real = try TrainedSetArtifact(reading: "\(run.run())/full-train-eval/\(name)")
          let found = try SetTruthArtifact(reading: "\(run.run())/truth/\(start)-0/\(name)")
          #expect(found.returns.suffix(real.returns.count) == ArraySlice(real.returns.map { Float($0) }))
          #expect(found.randomReturns == real.randomReturns.map { Float($0) })
          #expect(found.steps.last == real.steps && found.steps.first == 0 && found.tasks == real.tasks)
        }
      }
    }
  }

  @Test(
    "shards in any order, on any number of threads, and a call that goes on, make the same bytes; make merges them"
  )
  func shards() throws {
    try withTinyRun(Self.benchmark) { run in
      try run.made("truth", "seeds=0 1", "shard=2/3")
      try run.made("truth", "seeds=0 1", "shard=3/3", "threads=1")
      let partly = try run.made("truth", "seeds=0 1", "shard=3/3")
      #expect(partly.output.contains("0 of 9 trainings to do"))
      #expect(
        partly.errors.contains("seed 1, meta-1: ")
          && partly.errors.contains(" of 10 sets are not trained"))
      let incomplete = try TruthArtifact(reading: "\(run.folder)/runs/tiny/truth.h5")
      #expect(incomplete.returns.contains { $0.isNaN } && incomplete.returns.contains { !$0.isNaN })
      try run.made("truth", "seeds=0 1", "shard=1/3")
      let whole = try TruthArtifact(reading: "\(run.folder)/runs/tiny/truth.h5")
      #expect(
        whole.starts == ["scratch", "meta", "meta", "scratch", "meta", "meta"]
          && whole.seeds == [0, 0, 0, 1, 1, 1])
      #expect(whole.subsets.count == 10 && whole.entryTask.count == 16)
      #expect(!whole.returns.contains { $0.isNaN } && whole.stepsPerTask == [64, 64, 64, 64, 64, 64])
      let sharded = try bytes("\(run.run())/truth")
      #expect(sharded.count == 30)
      try FileManager.default.removeItem(atPath: "\(run.run())/truth")
      try run.made("truth", "seeds=0 1")
      #expect(try bytes("\(run.run())/truth") == sharded)
      // Repeats begin at the same policy, and go on with other random numbers.
      let run = whole.curve.count / 6
      let (first, second) = (Array(whole.curve[run..<2 * run]), Array(whole.curve[2 * run..<3 * run]))
      #expect(first != second && whole.numbers == [0, 0, 1, 0, 0, 1])
      // The curve ends with the mean return, and every entry stands where its set says.
      let mean = (whole.returns[0] + whole.returns[1]) / 2
      #expect(abs(whole.curve[whole.fractions.count - 1] - mean) < 1e-3)
    }
  }

  @Test("a truth of another configuration is trained again, one of other seeds' settings is not merged")
  func otherConfiguration() throws {
    try withTinyRun(Self.benchmark) { run in
      try run.made("truth", "seeds=0", "start=scratch")
      try run.write(Self.benchmark.replacing("update_epochs: 1", with: "update_epochs: 2"))
      try run.made("config", "seeds=1")
      let mixed = try Programs.run(
        "truth", ["merge", run.run(0), run.run(1), "--output", "\(run.folder)/truth.h5"])
      #expect(mixed.status == 65 && mixed.errors.contains("is of another configuration than"))
      try run.made("config", "seeds=0")
      let stale = try Programs.run("truth", ["merge", run.run(0), "--output", "\(run.folder)/truth.h5"])
      #expect(stale.status == 65 && stale.errors.contains("/provenance@config"))
      #expect(try run.made("truth", "seeds=0", "start=scratch").output.contains("10 of 10 trainings to do"))
    }
  }

  @Test(
    "a shard that does not exist is refused",
    arguments: ["0/3", "4/3", "3", "1/0", "a/b", "1/2/3", "-1/3", "1/"])
  func badShard(text: String) throws {
    try withTinyRun(Self.benchmark) { run in
      try run.made("config")
      let refused = try truth(run, 0, "--start", "scratch", "--shard=\(text)")
      #expect(refused.status == 64 && refused.errors.contains("a shard is a part and the number of parts"))
      #expect(!FileManager.default.fileExists(atPath: "\(run.run())/truth/scratch-0"))
    }
  }

  @Test("trainings that begin with θ* say that they need it; an empty truth is not merged")
  func missing() throws {
    try withTinyRun(Self.benchmark) { run in
      try run.made("config")
      let refused = try Programs.run(
        "truth", ["train", "--config", "\(run.run())/config/truth.yaml", "--output", "\(run.run())/truth"])
      #expect(refused.status == 64 && refused.errors.contains("--meta-train"))
      let empty = try Programs.run("truth", ["merge", run.run(), "--output", "\(run.folder)/truth.h5"])
      #expect(empty.status == 65 && empty.errors.contains("holds no trained set"))
    }
  }
}
