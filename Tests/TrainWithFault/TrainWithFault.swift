import ArgumentParser
import Configuration
internal import Foundation
import Pipeline
internal import Training

/// The stage meta-train with a number put in that is not finite, as the environment variable PGX_FAULT says, to prove
/// that the guards find it. The shipped program does not know the variable.
@main struct TrainWithFault: Program {
  static let configuration = CommandConfiguration(
    commandName: "train-with-fault",
    abstract: "Trains as meta-train does, with a NaN or infinity put in.",
    discussion: """
      e.g. PGX_FAULT=nan@reward:1234 train-with-fault --config RUN/config/meta-train.yaml --output /tmp/meta-train.h5
      """)

  @OptionGroup var stage: StageOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var checkpoints: CheckpointOptions

  func run() throws {
    let fault = try ProcessInfo.processInfo.environment["PGX_FAULT"].map(NumericFault.init(parsing:))
    let context = try StageContext<MetaTrainConfiguration>(
      stage, threads: threads.threads, checkpoints: checkpoints)
    try context.write(metaTrain(context, fault: fault))
  }
}
