import ArgumentParser
import Configuration
import Pipeline

/// Solves one regularised weighted logistic regression per task subset.
@main struct LinearizedAdapt: Program {
  static let configuration = CommandConfiguration(
    .linearizedAdapt, "Solves one regularised weighted logistic regression per task subset.")

  @OptionGroup var stage: StageOptions
  @OptionGroup var threads: ThreadOptions

  @Option(
    help: ArgumentHelp("Projected gradients, from collect-gradients or your own program.", valueName: "file"))
  var collectGradients: String

  @Option(help: ArgumentHelp("Task subsets, from sample-subsets or your own program.", valueName: "file"))
  var sampleSubsets: String

  func run() throws {
    let inputs = [Stage.collectGradients: collectGradients, .sampleSubsets: sampleSubsets]
    try Pipeline.run(.linearizedAdapt, stage, inputs: inputs, threads: threads.threads)
  }
}
