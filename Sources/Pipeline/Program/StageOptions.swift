package import ArgumentParser
package import Configuration
internal import Foundation

extension CommandConfiguration {
  /// The description of a stage's program: what it does, and an example with everything that the stage reads.
  package init(_ stage: Stage, _ abstract: String) {
    let inputs = stage.inputs.map { "--\($0.rawValue) RUN/\($0.artifactName) " }.joined()
    let call =
      "\(stage.rawValue) --config RUN/config/\(stage.rawValue).yaml \(inputs)--output RUN/\(stage.artifactName)"
    self.init(commandName: stage.rawValue, abstract: abstract, discussion: "e.g. \(call)")
  }
}

/// The options that every stage has.
package struct StageOptions: ParsableArguments {
  /// The stage's slice of a configuration, as `pgx config` writes it.
  @Option(name: .long, help: ArgumentHelp("The stage's slice of the configuration.", valueName: "file"))
  package var config: String

  /// The artifact to write.
  @Option(
    name: .long,
    help: ArgumentHelp("The artifact to write; it appears whole or not at all.", valueName: "file"))
  package var output: String

  /// Whether progress is left out.
  @Flag(name: .long, help: "Print errors only.")
  package var quiet = false

  /// For ArgumentParser.
  package init() {}
}

/// The option of the stages that work in parallel.
package struct ThreadOptions: ParsableArguments {
  /// The number of threads; results do not depend on it.
  @Option(name: .long, help: "The number of threads; results do not depend on it.")
  package var threads: Int = ProcessInfo.processInfo.activeProcessorCount

  /// For ArgumentParser.
  package init() {}

  /// Refuses numbers of threads that make no sense.
  package func validate() throws {
    guard (1...1024).contains(threads) else {
      throw ValidationError("--threads must be in 1…1024, found \(threads)")
    }
  }
}

/// The option of the stages that can be stopped and resumed.
package struct CheckpointOptions: ParsableArguments {
  /// The file that says how often to save the state, as `pgx config` writes it; results do not depend on it.
  @Option(
    name: .long,
    help: ArgumentHelp(
      "How often to save the state (config/checkpoints.yaml); every 60 s without.", valueName: "file"))
  package var checkpoints: String?

  /// For ArgumentParser.
  package init() {}

  /// The least pause between two checkpoints, seconds.
  ///
  /// - Throws: `ConfigurationError`.
  func interval() throws -> Double {
    try checkpoints.map { try CheckpointConfiguration(reading: $0).seconds }
      ?? CheckpointConfiguration.defaultSeconds
  }
}
