import Configuration
import Foundation
import TestSupport
import Testing

@Suite struct MakeTests {
  private static let stages = Stage.pipeline.map(\.artifactName)

  /// The artifacts that were written between two looks.
  private func rewritten(_ before: [String: Date], _ after: [String: Date]) -> Set<String> {
    Set(after.keys.filter { before[$0] != after[$0] })
  }

  @Test("a second make, and one after an edit of a comment, run no stage again")
  func nothingToDo() throws {
    try withMadeRun { run in
      let before = try run.artifactTimes()
      #expect(Set(before.keys).isSuperset(of: Self.stages))
      let curves = try bytes("\(run.run())/report/learning-curves.svg")
      #expect(
        String(decoding: curves, as: UTF8.self).components(separatedBy: "<g class=\"panel\">").count == 5)
      let again = try run.made("all")
      #expect(try bytes("\(run.run())/report/learning-curves.svg") == curves)
      let table = try String(contentsOfFile: "\(run.run())/report/table.txt", encoding: .utf8)
      #expect(table.contains("normalised mean") && again.output.contains(table))
      try run.write(
        "# A remark.\n" + tinyBenchmark.replacingOccurrences(of: "size: 2}", with: "size: 2.0} # two"))
      let printed = try run.made("all").output
      #expect(try run.artifactTimes() == before)
      #expect(printed.contains("normalised mean") && printed.contains("\nscore: "))
    }
  }

  @Test("an edit of score runs score and what follows again, and trains only task sets that are new")
  func scoreEdited() throws {
    try withMadeRun { run in
      let before = try run.artifactTimes()
      try run.write(tinyBenchmark.replacingOccurrences(of: "replicates: 20", with: "replicates: 21"))
      try run.made("all")
      let after = try run.artifactTimes()
      #expect(Set(after.keys) == Set(before.keys))
      #expect(rewritten(before, after) == ["score.h5", "cluster.h5", "full-train-eval.h5"])
      // Three groups instead of two are task sets that nobody has trained yet.
      try run.write(
        tinyBenchmark.replacing("replicates: 20", with: "replicates: 21").replacing("k: 2", with: "k: 3"))
      try run.made("all")
      let more = try run.artifactTimes()
      let added = Set(more.keys).subtracting(after.keys)
      #expect(!added.isEmpty && added.allSatisfy { $0.hasPrefix("full-train-eval/") })
      #expect(rewritten(after, more) == added.union(["cluster.h5", "full-train-eval.h5"]))
    }
  }

  @Test("an edit of the learner runs meta-train and everything after it again, but not sample-subsets")
  func learnerEdited() throws {
    try withMadeRun { run in
      let before = try run.artifactTimes()
      try run.write(tinyBenchmark.replacingOccurrences(of: "update_epochs: 1", with: "update_epochs: 2"))
      try run.made("all")
      let after = try run.artifactTimes()
      #expect(Set(after.keys).subtracting(rewritten(before, after)) == ["sample-subsets.h5"])
    }
  }

  @Test("other evaluation episodes evaluate and merge again, and train nothing")
  func evaluationEdited() throws {
    try withTinyRun { run in
      try run.made("all")
      let before = try run.artifactTimes()
      let policies = before.keys.filter { $0.hasPrefix("full-train-eval/policies/") }
      #expect(!policies.isEmpty)
      try run.write(tinyBenchmark.replacingOccurrences(of: "episodes: 2", with: "episodes: 3"))
      try run.made("all")
      let after = try run.artifactTimes()
      #expect(
        rewritten(before, after)
          == Set(before.keys.filter { $0.hasPrefix("full-train-eval") }).subtracting(policies))
      try run.write(tinyBenchmark.replacingOccurrences(of: "per_task: 64,", with: "per_task: 128,"))
      try run.made("full-train-eval")
      #expect(try rewritten(after, run.artifactTimes()).isSuperset(of: policies), "a longer training trains")
    }
  }

  @Test("a stage's target makes that stage and what it needs, redo makes that stage again")
  func oneStage() throws {
    try withTinyRun { run in
      try run.made("score")
      let before = try run.artifactTimes()
      #expect(Set(before.keys) == Set(Self.stages.prefix(5)))
      try run.made("redo-score")
      #expect(try rewritten(before, run.artifactTimes()) == ["score.h5"])
      #expect(FileManager.default.fileExists(atPath: run.run() + "/logs/score.log"))
    }
  }

  @Test("redo-full-train-eval trains every task set again, and nothing before it")
  func redoTraining() throws {
    try withMadeRun { run in
      let before = try run.artifactTimes()
      try run.made("redo-full-train-eval")
      #expect(
        try rewritten(before, run.artifactTimes())
          == Set(before.keys.filter { $0.hasPrefix("full-train-eval") }))
    }
  }

  @Test("a dry run of redo prints that stage and no other, and leaves its file alone")
  func dryRedo() throws {
    try withMadeRun { run in
      let before = try run.artifactTimes()
      let printed = try run.made("-n", "redo-score").output
      #expect(printed.contains("--output \(run.run())/score.h5"))
      for stage in Self.stages where stage != "score.h5" {
        #expect(!printed.contains("--output \(run.run())/\(stage)"), "a dry redo of score prints \(stage)")
      }
      #expect(try run.artifactTimes() == before)
    }
  }

  @Test("a redo that fails leaves the file as it was")
  func failedRedo() throws {
    try withMadeRun { run in
      let before = try bytes("\(run.run())/score.h5")
      let programs = "\(run.folder)/bin"
      try FileManager.default.createDirectory(atPath: programs, withIntermediateDirectories: true)
      for program in Programs.all {
        try FileManager.default.createSymbolicLink(
          atPath: "\(programs)/\(program)",
          withDestinationPath: program == "score" ? "/bin/false" : "\(Programs.folder())/\(program)")
      }
      let finished = try run.make("BIN=\(programs)", "redo-score")
      #expect(finished.status != 0)
      #expect(try bytes("\(run.run())/score.h5") == before)
    }
  }

  @Test("a dry run prints the stages and writes no artifact")
  func dryRun() throws {
    try withTinyRun { run in
      let printed = try run.made("-n", "all").output
      for stage in Self.stages.dropLast() {
        #expect(printed.contains("--output \(run.run())/\(stage)"), "a dry run leaves out \(stage)")
      }
      #expect(printed.contains("full-train-eval merge"))
      #expect(try run.artifactTimes().isEmpty)
    }
  }

  @Test("a dry run where nothing is built prints the stages too")
  func dryRunUnbuilt() throws {
    try withTinyRun { run in
      let printed = try run.made("BIN=\(run.folder)/bin", "-n", "all").output
      for stage in Self.stages.dropLast() {
        #expect(printed.contains("--output \(run.run())/\(stage)"), "a dry run leaves out \(stage)")
      }
      #expect(files(below: run.folder) == ["tiny.yaml"])
    }
  }

  @Test("seeds=\"0 1\" makes two runs, which differ, and a table over both")
  func twoSeeds() throws {
    try withTinyRun { run in
      let table = try run.made("seeds=0 1", "all")
      let (first, second) = (try run.artifactTimes(0), try run.artifactTimes(1))
      #expect(Set(first.keys).isSuperset(of: Self.stages) && Set(second.keys).isSuperset(of: Self.stages))
      #expect(try bytes(run.run(0) + "/meta-train.h5") != bytes(run.run(1) + "/meta-train.h5"))
      #expect(table.output.contains("normalised mean over 2 seeds"))
    }
  }

  @Test("a task set's training does not depend on which groupings ask for it")
  func setsStandAlone() throws {
    try withMadeRun { run in
      let single = "\(run.run())/full-train-eval/policies/tasks-0-1-2-3.h5"
      let alone = "\(run.folder)/alone.h5"
      let finished = try Programs.run(
        "full-train-eval",
        [
          "train", "--config", run.run() + "/config/full-train-eval-training.yaml", "--set", "tasks-0-1-2-3",
          "--threads",
          "2", "--output", alone,
        ])
      #expect(finished.status == 0, "\(finished.errors)")
      #expect(try bytes(alone) == bytes(single))
    }
  }

  @Test(
    "a wrong word on make's command line is answered in one clear line, and nothing is made",
    arguments: [
      ("benchmark=cartpoole", "there is no such file; did you mean \"cartpole.yaml\"?"),
      ("profile=smok", "did you mean \"smoke\"?"), ("seeds=", "seeds"), ("seeds=0 0", "each once"),
      ("seeds=one", "found \"one\""), ("threads=0", "threads"), ("threads=1025", "1 to 1024"),
      ("threads=many", "threads"), ("kernels=fast", "it must be native or common"),
    ])
  func wrongWords(word: String, message: String) throws {
    try withTemporaryDirectory { folder in
      let finished = try Programs.make(["benchmark=cartpole", "runs=\(folder)/runs", word, "score"])
      #expect(finished.status == 2)
      let told = finished.errorLines.filter {
        !$0.hasPrefix("make") || $0.contains("***") && $0.contains(message)
      }
      #expect(told.count == 1 && told.first?.contains(message) == true, "\(finished.errors)")
      #expect(files(below: folder).allSatisfy { !$0.hasSuffix(".h5") })
    }
  }

  @Test("a make without a goal explains the targets and names the benchmarks")
  func help() throws {
    let finished = try Programs.make([])
    #expect(finished.status == 0)
    #expect(finished.output.contains("make benchmark=NAME all"))
    #expect(
      finished.output.contains(
        "benchmarks: cartpole-v1 cartpole halfcheetah-separate halfcheetah-v5 halfcheetah"))
  }
}
