package import ArgumentParser
internal import Configuration

/// The option of the stages that can be stopped and gone on with.
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
