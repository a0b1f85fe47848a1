import ArgumentParser
import Configuration
import Pipeline

/// Groups the tasks by their affinities, and adds the control groupings.
@main struct Cluster: Program {
  static let configuration = CommandConfiguration(
    .cluster, "Groups the tasks by their affinities, and adds the control groupings.")

  @OptionGroup var stage: StageOptions

  @Option(help: ArgumentHelp("The task affinities, from score.", valueName: "file"))
  var score: String

  func run() throws {
    try Pipeline.run(.cluster, stage, inputs: [.score: score])
  }
}
