import ArgumentParser
import Pipeline
import Reporting

/// Compares a run with golden digests.
struct Golden: Program {
  static let configuration = CommandConfiguration(
    abstract:
      "Compares a smoke run with a benchmark's golden digests; exits with 1 if results differ, with 69 if only libraries can be why.",
    discussion:
      "e.g. pgx golden cartpole runs/cartpole-smoke/seed-0 Tests/Fixtures/digests/cartpole-smoke.txt")

  @Argument(help: "The benchmark's name.")
  var benchmark: String

  @Argument(help: ArgumentHelp("The run's folder, of one seed.", valueName: "folder"))
  var folder: String

  @Argument(help: ArgumentHelp("The golden digests.", valueName: "file"))
  var file: String

  @Flag(help: "Write the file, unless a digest changed under an unchanged version of its stage.")
  var record = false

  @Flag(help: "With --record: write such a digest too.")
  var force = false

  func run() throws {
    let verdict = try compareWithGolden(
      benchmark: benchmark, run: folder, file: file, record: record, force: force)
    try show("golden: \(verdict.text)", isError: verdict.status != 0)
    if verdict.status != 0 { throw ExitCode(verdict.status) }
  }
}

/// Prints the table of a run.
struct Report: Program {
  static let configuration = CommandConfiguration(
    abstract: "Prints the table of groupings by tasks of one or several finished runs.",
    discussion: "e.g. pgx report runs/cartpole/seed-0/full-train-eval.h5")

  @Argument(help: ArgumentHelp("Merged files of full-train-eval, one per seed.", valueName: "file"))
  var files: [String]

  @Flag(help: "Write table.txt and learning-curves.svg into the folder report beside each file.")
  var save = false

  func run() throws {
    try show(report(files))
    for page in save ? try files.flatMap(savedReport) : [] {
      try writeSmallFile(page.text, to: page.path)
      try show("wrote \(page.path)")
    }
  }
}

/// Compares estimates with the truth.
struct Audit: Program {
  static let configuration = CommandConfiguration(
    abstract: "Compares scores and groupings with what training really gave.",
    discussion:
      "e.g. pgx audit runs/cartpole/truth.h5 runs/cartpole/seed-*/score.h5 runs/cartpole/seed-0/cluster.h5")

  @Argument(help: ArgumentHelp("The truth, from make truth.", valueName: "truth"))
  var truth: String

  @Argument(
    help: ArgumentHelp(
      "Files of score and of cluster; those of several seeds share a row.", valueName: "file"))
  var files: [String] = []

  @Option(help: ArgumentHelp("Write the numbers to this file too.", valueName: "file"))
  var output: String?

  func run() throws {
    let found = try audit(truth: truth, files)
    try show(found.text)
    guard let output else { return }
    try write(found.artifact, to: output, by: "audit", from: [truth] + files)
    try show("wrote \(output)")
  }
}
