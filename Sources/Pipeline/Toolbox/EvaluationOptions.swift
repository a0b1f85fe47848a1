package import ArgumentParser

/// How `pgx evaluate` plays, and what is demanded of the policies.
package struct EvaluationOptions: ParsableArguments {
  /// Episodes per task, E.
  @Option(help: "Episodes per task.")
  package var episodes = 20

  /// Where start states, and drawn actions, come from.
  @Option(help: "Where start states, and drawn actions, come from.")
  package var seed: UInt64 = 0

  /// Whether actions are drawn from the policy as in training.
  @Flag(help: "Draw actions from the policy, as in training, instead of the most likely ones.")
  package var stochastic = false

  /// The least mean return that every file must reach in every task.
  @Option(
    help: ArgumentHelp("Exit with 1 unless every file reaches this mean return.", valueName: "return"))
  package var eachAtLeast: Double?

  /// The least mean over the files of a row.
  @Option(
    help: ArgumentHelp(
      "Exit with 1 unless the mean over the files of a row reaches this.", valueName: "return")
  )
  package var meanAtLeast: Double?

  /// For ArgumentParser.
  package init() {}

  /// Refuses numbers of episodes that make no sense.
  package func validate() throws {
    guard (1...100_000).contains(episodes) else {
      throw ValidationError("--episodes must be in 1…100000, found \(episodes)")
    }
  }
}
