internal import Yams

/// The part of a configuration that one stage reads from its slice.
package protocol StageConfiguration: Sendable {
  /// Whose slice it is.
  static var stage: Stage { get }

  /// Reads the slice's keys after `stage`, `stage_version` and `seed`.
  init(reading reader: inout SectionReader) throws(ConfigurationError)
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

/// The settings of meta-train.
package struct MetaTrainConfiguration: StageConfiguration {
  package static var stage: Stage { .metaTrain }
  /// Tasks, networks and learner.
  package let learner: LearnerConfiguration
  /// The stage's own section.
  package let section: MetaTrainSection

  package init(reading reader: inout SectionReader) throws(ConfigurationError) {
    learner = try LearnerConfiguration(reading: &reader)
    section = try reader.section(Self.stage.rawValue)
  }
}

/// The settings of collect-gradients.
package struct CollectGradientsConfiguration: StageConfiguration {
  package static var stage: Stage { .collectGradients }
  /// The tasks, in the order of the task axis.
  package let tasks: [TaskEntry]
  /// The stage's own section.
  package let section: CollectGradientsSection

  package init(reading reader: inout SectionReader) throws(ConfigurationError) {
    tasks = try reader.taskEntries()
    section = try reader.section(Self.stage.rawValue)
  }
}

/// The settings of sample-subsets.
package struct SampleSubsetsConfiguration: StageConfiguration {
  package static var stage: Stage { .sampleSubsets }
  /// The tasks, in the order of the task axis.
  package let tasks: [TaskEntry]
  /// The stage's own section.
  package let section: SampleSubsetsSection

  package init(reading reader: inout SectionReader) throws(ConfigurationError) {
    tasks = try reader.taskEntries()
    section = try reader.section(Self.stage.rawValue)
  }
}

/// The settings of linearized-adapt.
package struct LinearizedAdaptConfiguration: StageConfiguration {
  package static var stage: Stage { .linearizedAdapt }
  /// The stage's own section.
  package let section: LinearizedAdaptSection

  package init(reading reader: inout SectionReader) throws(ConfigurationError) {
    section = try reader.section(Self.stage.rawValue)
  }
}

/// The settings of score.
package struct ScoreConfiguration: StageConfiguration {
  package static var stage: Stage { .score }
  /// The stage's own section.
  package let section: ScoreSection

  package init(reading reader: inout SectionReader) throws(ConfigurationError) {
    section = try reader.section(Self.stage.rawValue)
  }
}

/// The settings of cluster.
package struct ClusterConfiguration: StageConfiguration {
  package static var stage: Stage { .cluster }
  /// The stage's own section.
  package let section: ClusterSection

  package init(reading reader: inout SectionReader) throws(ConfigurationError) {
    section = try reader.section(Self.stage.rawValue)
  }
}

/// The settings of full-train-eval.
package struct FullTrainEvalConfiguration: StageConfiguration {
  package static var stage: Stage { .fullTrainEval }
  /// Tasks, networks and learner.
  package let learner: LearnerConfiguration
  /// The stage's own section.
  package let section: FullTrainEvalSection

  package init(reading reader: inout SectionReader) throws(ConfigurationError) {
    learner = try LearnerConfiguration(reading: &reader)
    section = try reader.section(Self.stage.rawValue)
  }
}
