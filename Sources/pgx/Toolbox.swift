import ArgumentParser
import Artifacts
import Pipeline
import Planning
import Reporting

/// The toolbox around the stages.
@main struct Toolbox: Program {
  static let configuration = CommandConfiguration(
    commandName: "pgx",
    abstract: "Looks after PolicyGradEx's configurations, artifacts and tasks.",
    discussion: "e.g. pgx show runs/cartpole/seed-0/score.h5",
    subcommands: [
      Config.self, Plan.self, Show.self, Diff.self, Digest.self, Golden.self, Replay.self, Evaluate.self,
      Report.self,
    ])
}

/// Which runs of which benchmark a command is about.
struct BenchmarkOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("The benchmark's configuration.", valueName: "file"))
  var file: String

  @Option(help: ArgumentHelp("A profile of the file to lay over it.", valueName: "name"))
  var profile: String?

  @Option(help: ArgumentHelp("Seeds, separated by spaces.", valueName: "numbers"))
  var seeds = "0"
}

/// Validates a configuration.
struct Config: Program {
  static let configuration = CommandConfiguration(
    abstract: "Validates a benchmark's configuration, and writes one slice per stage and seed.",
    discussion: "e.g. pgx config configs/halfcheetah.yaml --seeds \"0 1 2\" --output runs/halfcheetah")

  @OptionGroup var benchmark: BenchmarkOptions

  @Option(
    help: ArgumentHelp(
      "The run folder for the slices; without it the file is only checked.", valueName: "folder"))
  var output: String?

  func run() throws {
    let seeds = try parseSeeds(benchmark.seeds)
    let written = try writeSlices(
      of: benchmark.file, profile: benchmark.profile, seeds: seeds, to: output)
    if output == nil { try show("\(benchmark.file) is valid") }
    for slice in written { try show("wrote \(slice)") }
  }
}

/// Predicts what a run takes.
struct Plan: Program {
  static let configuration = CommandConfiguration(
    abstract:
      "Predicts environment steps, wall time, memory and disk of every stage, from the configuration and two seconds of measuring.",
    discussion: "e.g. pgx plan configs/halfcheetah.yaml --run runs/halfcheetah")

  @OptionGroup var benchmark: BenchmarkOptions

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp(
      "The run folder, in which nothing is written, to see what is up to date.", valueName: "folder"))
  var folder: String?

  @OptionGroup var threads: ThreadOptions

  func run() throws {
    let seeds = try parseSeeds(benchmark.seeds)
    try show(
      planText(
        of: benchmark.file, profile: benchmark.profile, seeds: seeds, threads: threads.threads, run: folder)
    )
  }
}

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

/// Drives a task by given actions.
struct Replay: Program {
  static let configuration = CommandConfiguration(
    abstract: "Drives one task by the actions of a file, and writes observations, rewards and flags.",
    discussion: "e.g. pgx replay --task halfcheetah/fwd --seed 7 --actions a.h5 --output t.h5")

  @Option(help: ArgumentHelp("The registered task.", valueName: "name"))
  var task: String

  @Option(help: "Starts where Gymnasium's reset(seed=) does, unless the file of actions has a state.")
  var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp("HDF5 with /actions (T, A) float32 and optionally /state float64.", valueName: "file"))
  var actions: String

  @Option(help: ArgumentHelp("The file to write.", valueName: "file"))
  var output: String

  func run() throws {
    try show(replayFile(task: task, seed: seed, actions: actions, output: output))
  }
}

/// Plays trained policies.
struct Evaluate: Program {
  static let configuration = CommandConfiguration(
    abstract: "Plays the policies of meta-train.h5 or full-train-eval/<set>.h5 in their tasks.",
    discussion: "e.g. pgx evaluate runs/halfcheetah-v5/seed-*/meta-train.h5 --mean-at-least 2500")

  @Argument(help: ArgumentHelp("Files with a policy; those of several seeds share a row.", valueName: "file"))
  var files: [String]

  @OptionGroup var options: EvaluationOptions
  @OptionGroup var threads: ThreadOptions

  func run() throws {
    let table = try evaluateFiles(files, options, threads: threads.threads)
    try show(table.text)
    if !table.reachesTargets { throw ExitCode(1) }
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
