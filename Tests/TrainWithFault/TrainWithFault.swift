import ArgumentParser
import ClassicTasks
import Configuration
import Environments
internal import Foundation
import Pipeline
import TestSupport

/// The stage meta-train in worlds of which one brings a wrong number at the step that the environment variable PGX_FAULT
/// names, to prove that the guards find it. What is shipped has no such worlds.
@main struct TrainWithFault: Program {
  static let configuration = CommandConfiguration(
    commandName: "train-with-fault",
    abstract: "Trains as meta-train does, in worlds of which one is faulty.",
    discussion: """
      e.g. PGX_FAULT=nan@reward:1234 train-with-fault --config RUN/config/meta-train.yaml --output /tmp/meta-train.h5
      """)

  @OptionGroup var stage: StageOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var checkpoints: CheckpointOptions

  func run() throws {
    let context = try StageContext<MetaTrainSection>(
      stage, threads: threads.threads, checkpoints: checkpoints)
    var registry = TaskRegistry()
    try registry.registerClassicTasks()
    let fault = try ProcessInfo.processInfo.environment["PGX_FAULT"].map { text in
      guard let fault = WorldFault(parsing: text) else {
        throw ValidationError("PGX_FAULT must be value@quantity:step, found \(text)")
      }
      return fault
    }
    let learner = context.slice.body.learner
    registry = try registry.spoilt(by: fault, rows: learner.tasks.count * learner.ppo.numEnvs)
    try context.write(metaTrain(context, registry: registry))
  }
}
