import ArgumentParser
import Configuration
import Pipeline

/// The last stage, a command for each of its steps.
@main struct FullTrainEval: Program {
  static let configuration = CommandConfiguration(
    commandName: "full-train-eval",
    abstract:
      "Trains and evaluates one policy per task set, and merges the sets into the table of groupings.",
    discussion: """
      The task set is the unit: what several groupings share is trained once.

      e.g. full-train-eval sets --cluster RUN/cluster.h5
      """,
    subcommands: [Sets.self, Train.self, Evaluate.self, Merge.self])
}

/// Lists the task sets to train.
struct Sets: Program {
  static let configuration = CommandConfiguration(
    abstract: "Prints the names of the distinct task sets of all groupings, the largest first.",
    discussion: "e.g. full-train-eval sets --cluster RUN/cluster.h5")

  @Option(help: ArgumentHelp("The groupings, from cluster.", valueName: "file"))
  var cluster: String

  func run() throws {
    try show(distinctTaskSets(cluster: cluster).map(\.name).joined(separator: " "))
  }
}

/// Merges the evaluated task sets.
struct Merge: Program {
  static let configuration = CommandConfiguration(
    abstract: "Merges the evaluated task sets into the table of groupings by tasks.",
    discussion: """
      e.g. full-train-eval merge --config RUN/config/full-train-eval.yaml --cluster RUN/cluster.h5 \
      --sets RUN/full-train-eval --output RUN/full-train-eval.h5
      """)

  @OptionGroup var stage: StageOptions

  @Option(help: ArgumentHelp("The groupings, from cluster.", valueName: "file"))
  var cluster: String

  @Option(help: ArgumentHelp("The folder with one evaluated file per task set.", valueName: "folder"))
  var sets: String

  func run() throws {
    let context = try StageContext<FullTrainEvalSection>(stage)
    try context.requireOutput(apartFrom: [cluster])
    let merged = try mergeEvaluation(context, cluster: cluster, sets: sets)
    try context.write(merged.artifact, inputs: merged.inputs)
  }
}
