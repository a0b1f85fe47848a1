import Foundation
import TestSupport
import Testing

/// The check of golden digests, on a tiny run in place of a smoke run.
@Suite struct GoldenDigestsTests {
  /// A run and the file of its digests.
  private struct Golden {
    let run: String
    let file: String

    /// Calls the check as `make benchmark=tiny golden` does.
    func check(_ arguments: String...) throws -> Finished {
      try Programs.run("pgx", ["golden", "tiny", run, file] + arguments)
    }

    func text() throws -> String { try String(contentsOfFile: file, encoding: .utf8) }

    /// Rewrites the lines of one artifact (or of a library).
    func rewrite(_ name: String, _ change: (String) -> String) throws {
      let lines = try text().components(separatedBy: "\n")
        .map { $0.hasSuffix("  \(name)") || $0.hasPrefix("# with \(name): ") ? change($0) : $0 }
      try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: file))
    }
  }

  private static func otherDigest(_ line: String) -> String {
    String(repeating: "0", count: 64) + line.dropFirst(64)
  }
  private static func olderVersion(_ line: String) -> String {
    var words = line.components(separatedBy: "  ")
    words[2] = "\((Int(words[2]) ?? 0) - 1)"
    return words.joined(separator: "  ")
  }

  @Test(
    "the check of golden digests tells a change under the same version, under a raised one, and other libraries apart"
  )
  func messages() throws {
    try withTinyRun { run in
      try run.made("full-train-eval", "kernels=common")
      let golden = Golden(run: run.run(), file: run.folder + "/digests.txt")
      let missing = try golden.check()
      #expect(missing.status == 64 && missing.errors.contains("tiny has no golden digests in \(golden.file)"))
      #expect(try golden.check("--record").status == 0)
      let recorded = try golden.text()
      #expect(recorded.contains("\n# with OpenBLAS core: Haswell\n"))
      let artifacts = files(below: golden.run).filter { $0.hasSuffix(".h5") && !$0.contains("/policies/") }
      #expect(recorded.split(separator: "\n").filter { !$0.hasPrefix("#") }.count == artifacts.count)
      #expect(try golden.check().status == 0)

      // An artifact and one made from it: the first is named.
      try golden.rewrite("cluster.h5", Self.otherDigest)
      try golden.rewrite("score.h5", Self.otherDigest)
      let unversioned = try golden.check()
      let version = try #require(
        recorded.split(separator: "\n").first { $0.hasSuffix("  score.h5") }?.components(separatedBy: "  ")[2]
      )
      #expect(unversioned.status == 1 && unversioned.errorLines.count == 1)
      #expect(
        unversioned.errors.hasPrefix(
          "golden: score.h5 has other content than its golden digest, but the stage's version is still \(version): "
            + "raise it in Sources/Configuration/Stage.swift, say so in CHANGELOG.md, then make benchmark=tiny golden "
            + "record=1"))
      let tampered = try golden.text()
      #expect(try golden.check("--record").status == 1)
      #expect(try golden.text() == tampered, "a refused record writes")

      // The version of score was raised, and what cluster makes from score may change with it.
      try golden.rewrite("score.h5", Self.olderVersion)
      let versioned = try golden.check()
      #expect(versioned.status == 1 && versioned.errorLines.count == 1)
      #expect(
        versioned.errors.contains(
          "score.h5 has other content than its golden digest, and its stage's version was raised from ")
          && versioned.errors.contains("record new digests with make benchmark=tiny golden record=1"))
      #expect(try golden.check("--record").status == 0)
      #expect(try golden.text() == recorded)

      try golden.rewrite("cluster.h5", Self.otherDigest)
      #expect(try golden.check("--record", "--force").status == 0)
      #expect(try golden.text() == recorded)
      // Digests made with other libraries never pass for equal and never blame the stage's version.
      try golden.rewrite("MuJoCo") { $0 + ".1" }
      let equal = try golden.check()
      #expect(equal.status == 0 && equal.output.contains("though libraries differ: MuJoCo: "))
      try golden.rewrite("score.h5", Self.otherDigest)
      let foreign = try golden.check()
      #expect(foreign.status == 69 && foreign.errorLines.count == 1)
      #expect(
        foreign.errors.contains("made with other libraries: MuJoCo: ") && !foreign.errors.contains("raise"))
      print(
        "reliability: artifacts compared with golden digests, a change under the same version refused:",
        artifacts.count)
    }
  }
}
