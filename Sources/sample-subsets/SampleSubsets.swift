import ArgumentParser
import Configuration
import Pipeline

/// Chooses the task subsets whose adaptation is estimated.
@main struct SampleSubsets: Program {
  static let configuration = CommandConfiguration(
    commandName: "sample-subsets",
    abstract: "Chooses the task subsets whose adaptation is estimated.",
    discussion: """
      e.g. sample-subsets --config RUN/config/sample-subsets.yaml --output RUN/sample-subsets.h5
      """)

  @OptionGroup var stage: StageOptions

  func run() throws {
    let context = try StageContext<SampleSubsetsConfiguration>(stage)
    try context.write(sampleSubsets(context))
  }
}
