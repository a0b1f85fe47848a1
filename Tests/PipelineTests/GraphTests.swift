import Configuration
import Foundation
import TestSupport
import Testing

/// The Makefile and the rules beside `Stage`, which says the graph.
@Suite struct GraphTests {
  private static func text(_ file: String) throws -> String {
    try String(contentsOfFile: "\(Programs.checkout)/\(file)", encoding: .utf8)
  }

  @Test("the Makefile lists the stages in their order")
  func stages() throws {
    let line = try #require(
      try Self.text("Makefile").split(separator: "\n").first { $0.hasPrefix("STAGES := ") })
    #expect(line.split(separator: " ").dropFirst(2).map(String.init) == Stage.pipeline.map(\.rawValue))
  }

  @Test(
    "a stage's rule depends on its slice and on the artifacts that Stage says it reads",
    arguments: Stage.pipeline)
  func rules(stage: Stage) throws {
    let target = "%/\(stage.artifactName):"
    let rule = try #require(
      try Self.text("pipelines/policygradex.mk").split(separator: "\n").first { $0.hasPrefix(target) })
    let prerequisites = rule.dropFirst(target.count).split(separator: " ").map(String.init)
    #expect(prerequisites.first == "%/config/\(stage.rawValue).yaml")
    #expect(prerequisites.dropFirst() == ArraySlice(stage.inputs.map { "%/\($0.artifactName)" }))
  }

  @Test(
    "a stage's program takes every artifact that it reads by an option of that stage's name",
    arguments: Stage.pipeline)
  func options(stage: Stage) throws {
    let command = stage == .fullTrainEval ? ["merge"] : []
    let help = try Programs.run(stage.rawValue, command + ["--help"]).output
    let options = help.matches(of: /--([a-z-]+) <file>/).compactMap { Stage(rawValue: String($0.1)) }
    #expect(Set(options) == Set(stage.inputs), "\(help)")
  }

  @Test("launch= stands before every program that takes long, and before no other")
  func launch() throws {
    try withTinyRun { run in
      let launcher = "\(run.folder)/launch"
      try Data("#!/bin/sh\necho \"${1##*/} $2\" >> '\(run.folder)/launched'\nexec \"$@\"\n".utf8).write(
        to: URL(fileURLWithPath: launcher))
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: launcher)
      try run.made("full-train-eval", "launch=\(launcher)")
      let launched = try String(contentsOfFile: "\(run.folder)/launched", encoding: .utf8)
        .split(separator: "\n").map { $0.replacingOccurrences(of: " --config", with: "") }
      let sets = files(below: run.run() + "/full-train-eval").filter {
        !$0.contains("/") && $0.hasSuffix(".h5")
      }
      let heavy = ["meta-train", "collect-gradients", "linearized-adapt", "score", "cluster"]
      let expected = heavy + sets.flatMap { _ in ["full-train-eval train", "full-train-eval evaluate"] }
      #expect(launched.sorted() == expected.sorted())
      #expect(
        try run.made("-n", "redo-score", "launch=").output.contains(".log \(try Programs.folder())/score "))
    }
  }

  @Test(
    "every start of a stage begins with a line in its log: time, host, commit, what it goes on from, command")
  func headers() throws {
    try withTemporaryDirectory { folder in
      let words = ["\(folder)/log", "echo", "working", "--output", "\(folder)/x.h5"]
      _ = try Programs.script("logged", words)
      try Data().write(to: URL(fileURLWithPath: "\(folder)/x.checkpoint.h5"))
      let shown = try Programs.script("logged", words)
      #expect(shown.output == "working --output \(folder)/x.h5\n", "a header is for the log alone")
      let lines = try String(contentsOfFile: "\(folder)/log", encoding: .utf8).split(separator: "\n")
      #expect(lines.count == 4 && lines[1] == lines[3])
      let header =
        #/--- \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+ on \S+, commit [0-9a-f]{12}, (.*): echo working .*/#
      #expect(try #require(lines[0].wholeMatch(of: header)).1 == "begins")
      #expect(
        try #require(lines[2].wholeMatch(of: header)).1 == "goes on from \(folder)/x.checkpoint.h5")
    }
  }
}
