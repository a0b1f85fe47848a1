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
    let context = try StageContext<MetaTrainConfiguration>(
      stage, threads: threads.threads, checkpoints: checkpoints)
    try context.write(metaTrain(context))
  }
}
