import ArgumentParser
import Pipeline
import Planning

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
