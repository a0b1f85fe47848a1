import ArgumentParser
import Artifacts
import Pipeline

/// Shows an artifact.
struct Show: Program {
  static let configuration = CommandConfiguration(
    abstract: "Prints an artifact's schema, shapes, ranges and provenance.",
    discussion: "e.g. pgx show runs/cartpole/seed-0/score.h5")

  @Argument(help: ArgumentHelp("The artifact.", valueName: "file"))
  var file: String

  func run() throws {
    try show(Inspection.describe(path: file))
  }
}

/// Compares two artifacts.
struct Diff: Program {
  static let configuration = CommandConfiguration(
    abstract:
      "Compares two artifacts; prints where they differ and how much they agree, and exits with 1 if they are different.",
    discussion: "e.g. pgx diff runs/cartpole/seed-0/score.h5 runs/cartpole/seed-1/score.h5")

  @Argument(help: ArgumentHelp("An artifact.", valueName: "a"))
  var first: String

  @Argument(help: ArgumentHelp("Another.", valueName: "b"))
  var second: String

  @Option(
    help: "Real numbers that differ by at most this fraction of the largest of their dataset count as near.")
  var tolerance = 0.0

  func run() throws {
    let comparison = try Inspection.compare(first, second)
    let agreement = comparison.agreement(tolerance: tolerance)
    if !comparison.isEqual { try show("\(comparison)") }
    try show("\(agreement)")
    if agreement == .different { throw ExitCode(1) }
  }
}

/// Digests artifacts' contents.
struct Digest: Program {
  static let configuration = CommandConfiguration(
    abstract:
      "Prints the SHA-256 of each artifact's content without its provenance, its stage and the stage's version.",
    discussion: "e.g. pgx digest runs/cartpole/seed-0/*.h5")

  @Argument(help: ArgumentHelp("The artifacts.", valueName: "file"))
  var files: [String]

  func run() throws {
    for file in files { try show("\(Inspection.contentDigest(of: file))  \(file)") }
  }
}
