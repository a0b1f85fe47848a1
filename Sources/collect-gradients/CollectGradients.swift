import ArgumentParser
import Configuration
import Pipeline

/// Collects transitions of the meta-policy and projects the gradients of their log-probabilities.
@main struct CollectGradients: Program {
  static let configuration = CommandConfiguration(
    commandName: "collect-gradients",
    abstract:
      "Collects transitions of the meta-policy and projects the gradients of their log-probabilities.",
    discussion: """
      e.g. collect-gradients --config RUN/config/collect-gradients.yaml --meta-train RUN/meta-train.h5 \
      --output RUN/collect-gradients.h5
      """)

  @OptionGroup var stage: StageOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var checkpoints: CheckpointOptions

  @Option(help: ArgumentHelp("The meta-policy, from meta-train.", valueName: "file"))
  var metaTrain: String

  func run() throws {
    let context = try StageContext<CollectGradientsConfiguration>(
      stage, threads: threads.threads, checkpoints: checkpoints)
    try context.write(
      collectGradients(context, metaTrain: metaTrain), inputs: ["meta_train": metaTrain])
  }
}
