import ArgumentParser
import Configuration
import Pipeline

/// Trains one policy on all tasks of a benchmark (the paper's meta-policy θ*).
@main struct MetaTrain: Program {
  static let configuration = CommandConfiguration(
    .metaTrain, "Trains one policy on all tasks of a benchmark.")

  @OptionGroup var stage: StageOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var checkpoints: CheckpointOptions

  func run() throws {
    try Pipeline.run(.metaTrain, stage, threads: threads.threads, checkpoints: checkpoints)
  }
}
