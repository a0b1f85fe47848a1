import ArgumentParser
import Configuration
import Pipeline

/// Scores the adapted solutions on held-out episodes and averages them into task affinities.
@main struct Score: Program {
  static let configuration = CommandConfiguration(
    .score, "Scores the adapted solutions on held-out episodes and averages them into task affinities.")

  @OptionGroup var stage: StageOptions
  @OptionGroup var threads: ThreadOptions

  @Option(help: ArgumentHelp("Projected gradients, from collect-gradients.", valueName: "file"))
  var collectGradients: String

  @Option(help: ArgumentHelp("Task subsets, from sample-subsets.", valueName: "file"))
  var sampleSubsets: String

  @Option(help: ArgumentHelp("The subsets' solutions, from linearized-adapt.", valueName: "file"))
  var linearizedAdapt: String

  func run() throws {
    let inputs = [
      Stage.collectGradients: collectGradients, .sampleSubsets: sampleSubsets,
      .linearizedAdapt: linearizedAdapt,
    ]
    try Pipeline.run(.score, stage, inputs: inputs, threads: threads.threads)
  }
}
