internal import Yams

/// A section that belongs to one stage.
package protocol StageSection: ConfigurationSection {
  /// Whose section it is.
  static var stage: Stage { get }
}

/// A section of a stage that trains.
package protocol TrainingSection: StageSection {}

extension MetaTrainSection: TrainingSection {}
extension SetTrainingSection: TrainingSection {}
extension FullTrainEvalSection: TrainingSection {}
extension TruthSection: TrainingSection {}

/// What a stage reads from its slice: what `BenchmarkConfiguration.slice(for:seed:tasks:)` writes there.
package struct StageSettings<Section: StageSection>: Sendable {
  /// The tasks, in the order of the task axis; none for a stage that needs none.
  package let tasks: [TaskEntry]
  /// The stage's own section.
  package let section: Section
  private let training: LearnerConfiguration?

  /// Reads the slice's keys after `stage`, `stage_version` and `seed`.
  init(reading reader: inout SectionReader) throws(ConfigurationError) {
    if Section.stage.readsLearner {
      let learner = try LearnerConfiguration(reading: &reader)
      (training, tasks) = (learner, learner.tasks)
    } else {
      training = nil
      tasks = Section.stage.readsTasks ? try reader.taskEntries() : []
    }
    section = try reader.section(Section.stage.rawValue)
  }

  /// The environment families of the tasks.
  package var environments: Set<String> { Set(tasks.compactMap(\.environment)) }
}

extension StageSettings where Section: TrainingSection {
  /// Tasks, networks and learner.
  package var learner: LearnerConfiguration {
    guard let training else { preconditionFailure("the slice of a stage that trains holds the learner") }
    return training
  }
}

/// One stage's slice of a configuration: what its result depends on, and nothing else.
package struct Slice<Section: StageSection>: Sendable {
  /// The run's seed.
  package let seed: UInt64
  /// The slice's exact text, which goes into the artifact's provenance.
  package let text: String
  /// The settings.
  package let body: StageSettings<Section>

  /// Reads a slice file.
  ///
  /// - Throws: for an unreadable file, another stage's slice, or one that this build's stage version did not write.
  package init(reading path: String) throws(ConfigurationError) {
    let source = try readText(path)
    var reader = try SectionReader(file: path, name: "", node: parseYAML(source, file: path))
    let stage = try reader.raw("stage")?.scalar?.string ?? ""
    guard stage == Section.stage.rawValue else {
      throw ConfigurationError(
        file: path, line: 1,
        "is \(stage.isEmpty ? "no slice" : "the slice of \(stage)"), expected that of \(Section.stage.rawValue); make one with `pgx config`"
      )
    }
    let version = try reader.integer("stage_version", in: 0...1_000_000)
    guard version == Section.stage.version else {
      throw ConfigurationError(
        file: path, line: 2,
        "is of version \(version) of \(stage), this program is version \(Section.stage.version); run `pgx config` again"
      )
    }
    seed = UInt64(try reader.integer("seed", in: 0...Int(1) << 53))
    body = try StageSettings(reading: &reader)
    try reader.finish()
    text = source
  }
}
