import Foundation
import TestSupport
import Testing

@Suite struct SmokeRunTests {
  @Test(
    "the smoke run of a benchmark gives equal bytes with one thread and with several",
    .timeLimit(.minutes(5)), arguments: ["halfcheetah", "cartpole"])
  func equalBytes(benchmark: String) throws {
    try withTemporaryDirectory { folder in
      let options = ["benchmark=\(benchmark)", "profile=smoke"]
      let first = try Programs.make(options + ["runs=\(folder)/one", "threads=1", "all"])
      let second = try Programs.make(options + ["runs=\(folder)/two", "threads=2", "-j2", "all"])
      try #require(first.status == 0, "\(first.output)\(first.errors)")
      try #require(second.status == 0, "\(second.output)\(second.errors)")
      let runs = ["one", "two"].map { "\(folder)/\($0)/\(benchmark)-smoke/seed-0" }
      let artifacts = files(below: runs[0]).filter { $0.hasSuffix(".h5") }
      #expect(artifacts == files(below: runs[1]).filter { $0.hasSuffix(".h5") })
      #expect(artifacts.count >= 7 + 11)
      for artifact in artifacts {
        #expect(try bytes("\(runs[0])/\(artifact)") == bytes("\(runs[1])/\(artifact)"), "\(artifact) differs")
      }
      #expect(files(below: folder).allSatisfy { !$0.hasSuffix(".part") })
      for grouping in ["policygradex", "gradient-similarity", "random-4", "single", "separate"] {
        #expect(first.output.contains("\n\(grouping) "), "the table has no row for \(grouping)")
      }
      #expect(first.output.contains("normalised mean") && first.output.contains("worst task"))
    }
  }
}
