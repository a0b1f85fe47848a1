import ArgumentParser
import Configuration
import Pipeline

/// Collects transitions of the meta-policy and projects the gradients of their log-probabilities.
@main struct CollectGradients: Program {
  static let configuration = CommandConfiguration(
    .collectGradients,
    "Collects transitions of the meta-policy and projects the gradients of their log-probabilities.")

  @OptionGroup var stage: StageOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var checkpoints: CheckpointOptions

  @Option(help: ArgumentHelp("The meta-policy, from meta-train.", valueName: "file"))
  var metaTrain: String

  func run() throws {
    try Pipeline.run(
      .collectGradients, stage, inputs: [.metaTrain: metaTrain], threads: threads.threads,
      checkpoints: checkpoints)
  }
}
