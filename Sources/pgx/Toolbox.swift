import ArgumentParser
import Pipeline

/// The toolbox around the stages.
@main struct Toolbox: Program {
  static let configuration = CommandConfiguration(
    commandName: "pgx",
    abstract: "Looks after PolicyGradEx's configurations, artifacts and tasks.",
    discussion: "e.g. pgx show runs/cartpole/seed-0/score.h5",
    subcommands: [
      Config.self, Plan.self, Show.self, Diff.self, Digest.self, Golden.self, Replay.self, Evaluate.self,
      Report.self, Audit.self,
    ])
}
