internal import Yams

/// The part of a configuration that one stage reads from its slice.
package protocol StageConfiguration: Sendable {
  /// Whose slice it is.
  static var stage: Stage { get }

  /// The environment families of the stage's tasks; none for a stage that makes no environments.
  var environments: Set<String> { get }

  /// Reads the slice's keys after `stage`, `stage_version` and `seed`.
  init(reading reader: inout SectionReader) throws(ConfigurationError)
}

extension StageConfiguration {
  package var environments: Set<String> { [] }
}

/// One stage's slice of a configuration: what its result depends on, and nothing else.
package struct Slice<Body: StageConfiguration>: Sendable {
  /// The run's seed.
  package let seed: UInt64
  /// The slice's exact text, which goes into the artifact's provenance.
  package let text: String
  /// The settings.
  package let body: Body

  /// Reads a slice file.
  ///
  /// - Throws: for an unreadable file, another stage's slice, or one that this build's stage version did not write.
  package init(reading path: String) throws(ConfigurationError) {
    let source = try readText(path)
    var reader = try SectionReader(file: path, name: "", node: parseYAML(source, file: path))
    let stage = try reader.raw("stage")?.scalar?.string ?? ""
    guard stage == Body.stage.rawValue else {
      throw ConfigurationError(
        file: path, line: 1,
        "is \(stage.isEmpty ? "no slice" : "the slice of \(stage)"), expected that of \(Body.stage.rawValue); make one with `pgx config`"
      )
    }
    let version = try reader.integer("stage_version", in: 0...1_000_000)
    guard version == Body.stage.version else {
      throw ConfigurationError(
        file: path, line: 2,
        "is of version \(version) of \(stage), this program is version \(Body.stage.version); run `pgx config` again"
      )
    }
    seed = UInt64(try reader.integer("seed", in: 0...Int(1) << 53))
    body = try Body(reading: &reader)
    try reader.finish()
    text = source
  }
}

/// A section that belongs to one stage.
package protocol StageSection: ConfigurationSection {
  /// Whose section it is.
  static var stage: Stage { get }
}

/// The settings of a stage that needs its own section only.
package struct SectionConfiguration<Section: StageSection>: StageConfiguration {
  package static var stage: Stage { Section.stage }
  /// The stage's own section.
  package let section: Section

  package init(reading reader: inout SectionReader) throws(ConfigurationError) {
    section = try reader.section(Section.stage.rawValue)
  }
}

/// The settings of a stage that also needs the tasks.
package struct TasksConfiguration<Section: StageSection>: StageConfiguration {
  package static var stage: Stage { Section.stage }
  /// The tasks, in the order of the task axis.
  package let tasks: [TaskEntry]
  /// The stage's own section.
  package let section: Section

  package var environments: Set<String> { Set(tasks.compactMap(\.environment)) }

  package init(reading reader: inout SectionReader) throws(ConfigurationError) {
    tasks = try reader.taskEntries()
    section = try reader.section(Section.stage.rawValue)
  }
}

/// The settings of a stage that trains.
package struct TrainingConfiguration<Section: StageSection>: StageConfiguration {
  package static var stage: Stage { Section.stage }
  /// Tasks, networks and learner.
  package let learner: LearnerConfiguration
  /// The stage's own section.
  package let section: Section

  package var environments: Set<String> { Set(learner.tasks.compactMap(\.environment)) }

  package init(reading reader: inout SectionReader) throws(ConfigurationError) {
    learner = try LearnerConfiguration(reading: &reader)
    section = try reader.section(Section.stage.rawValue)
  }
}

/// The settings of meta-train.
package typealias MetaTrainConfiguration = TrainingConfiguration<MetaTrainSection>
/// The settings of collect-gradients.
package typealias CollectGradientsConfiguration = TasksConfiguration<CollectGradientsSection>
/// The settings of sample-subsets.
package typealias SampleSubsetsConfiguration = TasksConfiguration<SampleSubsetsSection>
/// The settings of linearized-adapt.
package typealias LinearizedAdaptConfiguration = SectionConfiguration<LinearizedAdaptSection>
/// The settings of score.
package typealias ScoreConfiguration = SectionConfiguration<ScoreSection>
/// The settings of cluster.
package typealias ClusterConfiguration = SectionConfiguration<ClusterSection>
/// The settings of the training of a task set.
package typealias SetTrainingConfiguration = TrainingConfiguration<SetTrainingSection>
/// The settings of full-train-eval.
package typealias FullTrainEvalConfiguration = TrainingConfiguration<FullTrainEvalSection>
