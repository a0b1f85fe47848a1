import ArgumentParser
import Configuration
import Pipeline

/// Trains one task set.
struct Train: Program {
  static let configuration = CommandConfiguration(
    abstract: "Trains one policy on one task set, from scratch or from the policy of meta-train.",
    discussion: """
      e.g. full-train-eval train --config RUN/config/full-train-eval-training.yaml --set tasks-0-3-7 \
      --output RUN/full-train-eval/policies/tasks-0-3-7.h5
      """)

  @OptionGroup var stage: StageOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var checkpoints: CheckpointOptions

  @Option(
    help: ArgumentHelp(
      "The task set: its members' numbers, such as tasks-0-3-7, or a name of --cluster's sets.",
      valueName: "name"))
  var set: String

  @Option(
    help: ArgumentHelp(
      "The groupings, for the members of a set whose name does not spell them.", valueName: "groupings"))
  var cluster: String?

  @Option(
    help: ArgumentHelp(
      "The policy of all tasks, from meta-train; read where the configuration says start: meta.",
      valueName: "meta"))
  var metaTrain: String?

  func run() throws {
    let set = try TaskSet(name: set, cluster: cluster)
    let context = try StageContext<SetTrainingSection>(
      stage, threads: threads.threads, checkpoints: checkpoints, label: set.name)
    try context.write(
      trainTaskSet(context, set: set, metaTrain: metaTrain),
      inputs: trainingInputs(context, metaTrain: metaTrain))
  }
}

/// Evaluates one task set.
struct Evaluate: Program {
  static let configuration = CommandConfiguration(
    abstract: "Evaluates the policy that train has made of one task set.",
    discussion: """
      e.g. full-train-eval evaluate --config RUN/config/full-train-eval.yaml \
      --policy RUN/full-train-eval/policies/tasks-0-3-7.h5 --output RUN/full-train-eval/tasks-0-3-7.h5
      """)

  @OptionGroup var stage: StageOptions
  @OptionGroup var threads: ThreadOptions

  @Option(help: ArgumentHelp("The trained set, from train.", valueName: "trained"))
  var policy: String

  func run() throws {
    let name = policy.split(separator: "/").last.map { String($0.prefix { $0 != "." }) }
    let context = try StageContext<FullTrainEvalSection>(stage, threads: threads.threads, label: name)
    try context.write(evaluateTaskSet(context, policy: policy), inputs: ["policy": policy])
  }
}
