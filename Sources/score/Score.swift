import ArgumentParser
import Configuration
import Pipeline

/// Scores the adapted solutions on held-out episodes and averages them into task affinities.
@main struct Score: Program {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Scores the adapted solutions on held-out episodes and averages them into task affinities.",
    discussion: """
      e.g. score --config RUN/config/score.yaml --collect-gradients RUN/collect-gradients.h5 \
      --sample-subsets RUN/sample-subsets.h5 --linearized-adapt RUN/linearized-adapt.h5 --output RUN/score.h5
      """)

  @OptionGroup var stage: StageOptions
  @OptionGroup var threads: ThreadOptions

  @Option(help: ArgumentHelp("Projected gradients, from collect-gradients.", valueName: "file"))
  var collectGradients: String

  @Option(help: ArgumentHelp("Task subsets, from sample-subsets.", valueName: "file"))
  var sampleSubsets: String

  @Option(help: ArgumentHelp("The subsets' solutions, from linearized-adapt.", valueName: "file"))
  var linearizedAdapt: String

  func run() throws {
    let context = try StageContext<ScoreConfiguration>(stage, threads: threads.threads)
    try context.write(
      score(
        context, collectGradients: collectGradients, sampleSubsets: sampleSubsets,
        linearizedAdapt: linearizedAdapt),
      inputs: [
        "collect_gradients": collectGradients, "linearized_adapt": linearizedAdapt,
        "sample_subsets": sampleSubsets,
      ])
  }
}
