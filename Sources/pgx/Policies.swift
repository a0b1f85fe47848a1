import ArgumentParser
import Pipeline

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
