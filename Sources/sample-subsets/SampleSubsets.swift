import ArgumentParser
import Configuration
import Pipeline

/// Chooses the task subsets whose adaptation is estimated.
@main struct SampleSubsets: Program {
  static let configuration = CommandConfiguration(
    .sampleSubsets, "Chooses the task subsets whose adaptation is estimated.")

  @OptionGroup var stage: StageOptions

  func run() throws {
    try Pipeline.run(.sampleSubsets, stage)
  }
}
