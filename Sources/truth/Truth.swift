import ArgumentParser
import Artifacts
import Configuration
import Pipeline

/// What training really gives for many sets of tasks, to judge estimates by.
@main struct Truth: Program {
  static let configuration = CommandConfiguration(
    commandName: "truth",
    abstract: "Trains many sets of tasks, as full-train-eval does, and merges their returns into truth.h5.",
    discussion: """
      The trainings can be divided into shards, which run in any order, on any machine, and go on where they were stopped.

      e.g. truth train --config RUN/config/truth.yaml --meta-train RUN/meta-train.h5 --shard 3/16 --output RUN/truth
      """,
    subcommands: [Train.self, Merge.self])
}

/// Trains what a shard still lacks.
struct Train: Program {
  static let configuration = CommandConfiguration(
    abstract: "Trains the sets of one shard that are not yet in the folder.",
    discussion: """
      e.g. truth train --config RUN/config/truth.yaml --meta-train RUN/meta-train.h5 --shard 3/16 --output RUN/truth
      """)

  @OptionGroup var stage: StageOptions
  @OptionGroup var threads: ThreadOptions

  @Option(
    help: ArgumentHelp(
      "The policy of all tasks, from meta-train; for trainings that begin with it.", valueName: "file"))
  var metaTrain: String?

  @Option(help: ArgumentHelp("Which part of the trainings, such as 3/16.", valueName: "part"))
  var shard = "1/1"

  @Option(help: ArgumentHelp("What trainings begin with: scratch, meta or both.", valueName: "kind"))
  var start = "both"

  func run() throws {
    let kinds = SetTrainingSection.Start.allCases.filter { start == "both" || start == $0.rawValue }
    guard !kinds.isEmpty else {
      throw ProgramError.usage("--start is scratch, meta or both, found \"\(start)\"")
    }
    let shard = try Shard(shard)
    try trainTruth(
      stage, threads: threads.threads, shard: shard, starts: kinds, metaTrain: metaTrain)
  }
}

/// Merges the trained sets.
struct Merge: Program {
  static let configuration = CommandConfiguration(
    abstract: "Merges the sets of several seeds into one file; says what is missing.",
    discussion: "e.g. truth merge RUNS/seed-0 RUNS/seed-1 --output RUNS/truth.h5")

  @Argument(help: ArgumentHelp("The folders of the runs, one for each seed.", valueName: "run"))
  var runs: [String]

  @Option(help: ArgumentHelp("The file to write.", valueName: "file"))
  var output: String

  func run() throws {
    let merged = try mergeTruth(runs.map { try TruthFolder(ofRun: $0) })
    for line in merged.missing { try show("truth: \(line)", isError: true) }
    try merged.artifact.write(to: output, provenance: merged.provenance)
    try show("truth: wrote \(output)", isError: true)
  }
}
