/// A benchmark's whole configuration file, with one of its profiles laid over it.
package struct BenchmarkConfiguration: Sendable, Equatable {
  /// The file, as the user named it.
  package let file: String
  /// Tasks, networks and learner.
  package let learner: LearnerConfiguration
  /// The section `meta-train`.
  package let metaTrain: MetaTrainSection
  /// The section `collect-gradients`.
  package let collectGradients: CollectGradientsSection
  /// The section `sample-subsets`.
  package let sampleSubsets: SampleSubsetsSection
  /// The section `linearized-adapt`.
  package let linearizedAdapt: LinearizedAdaptSection
  /// The section `score`.
  package let score: ScoreSection
  /// The section `cluster`.
  package let cluster: ClusterSection
  /// The section `full-train-eval`.
  package let fullTrainEval: FullTrainEvalSection
  /// The section `truth`.
  package let truth: TruthSection
  /// How often the long stages save their state.
  package let checkpoints: CheckpointConfiguration
  /// The names of the file's profiles.
  package let profiles: [String]

  /// Every key that was read, with its value or default, by section; `tasks` and `profiles` apart.
  package let resolved: [ResolvedValue.Entry]

  /// Reads and checks a benchmark file.
  ///
  /// - Parameters:
  ///   - path: the YAML file.
  ///   - profile: the overlay in its section `profiles` to apply; nil for none.
  ///   - changes: other values for keys of its sections, laid over both.
  /// - Throws: for text that is not YAML, unknown or doubled keys, wrong types, values out of range.
  package init(
    reading path: String, profile: String?, changes: [String: [String: ResolvedValue]] = [:]
  ) throws(ConfigurationError) {
    let root = try parseYAML(readText(path), file: path)
    var names: [String] = []
    var merged = try overlay(profile: profile, of: root, file: path, names: &names)
    if !changes.isEmpty {
      let sections = changes.mapValues { ResolvedValue.section($0.map { .init($0, $1) }) }
      merged = merge(
        merged, try parseYAML(ResolvedValue.section(sections.map { .init($0, $1) }).yaml, file: path))
    }
    var reader = try SectionReader(file: path, name: "", node: merged)
    learner = try LearnerConfiguration(reading: &reader)
    metaTrain = try reader.section(Stage.metaTrain.rawValue)
    collectGradients = try reader.section(Stage.collectGradients.rawValue)
    sampleSubsets = try reader.section(Stage.sampleSubsets.rawValue)
    linearizedAdapt = try reader.section(Stage.linearizedAdapt.rawValue)
    score = try reader.section(Stage.score.rawValue)
    cluster = try reader.section(Stage.cluster.rawValue)
    fullTrainEval = try reader.section(Stage.fullTrainEval.rawValue)
    truth = try reader.section(Stage.truth.rawValue)
    checkpoints = try CheckpointConfiguration(&reader)
    try reader.finish()
    file = path
    profiles = names
    resolved = reader.resolved
    try checkAcrossSections()
  }

  /// The canonical text of what one stage's result depends on: equal settings give equal bytes, whatever the
  /// comments, the order and the spelling of numbers in the file.
  ///
  /// - Parameter tasks: every task with everything said (`TaskEntry.resolved`).
  package func slice(for stage: Stage, seed: UInt64, tasks: [ResolvedValue]) -> String {
    var entries: [ResolvedValue.Entry] = [
      .init("stage", .string(stage.rawValue)), .init("stage_version", .integer(stage.version)),
      .init("seed", .integer(Int(seed))),
    ]
    if stage.readsTasks { entries.append(.init("tasks", .list(tasks))) }
    let sections = (stage.readsLearner ? ["task_id", "policy", "ppo"] : []) + [stage.rawValue]
    entries += resolved.filter { sections.contains($0.key) }.map { entry in
      guard entry.key == Stage.truth.rawValue else { return entry }
      let steps = truth.timestepsPerTask ?? fullTrainEval.training.timestepsPerTask
      return entry.setting("timesteps_per_task", to: .integer(steps))
    }
    return ResolvedValue.section(entries).yaml
  }

  private func checkAcrossSections() throws(ConfigurationError) {
    let count = learner.tasks.count
    func fault(_ message: String) -> ConfigurationError { ConfigurationError(file: file, line: nil, message) }
    // A benchmark of one task is there to be trained alone; sample-subsets refuses it.
    guard count == 1 || sampleSubsets.size <= count else {
      throw fault("sample-subsets.size is \(sampleSubsets.size), but there are only \(count) tasks")
    }
    if let k = cluster.k, k > count { throw fault("cluster.k is \(k), but there are only \(count) tasks") }
    guard collectGradients.gamma == learner.ppo.gamma else {
      throw fault(
        "collect-gradients.gamma is \(collectGradients.gamma), but the critic that the advantages rest on is trained at ppo.gamma = \(learner.ppo.gamma); make them equal"
      )
    }
    let batch = learner.ppo.numEnvs * learner.ppo.numSteps
    guard learner.ppo.numMinibatches <= batch else {
      throw fault(
        "ppo.num_minibatches is \(learner.ppo.numMinibatches), but a task has only num_envs × num_steps = \(batch) transitions an iteration"
      )
    }
  }
}

extension Stage {
  /// Whether the stage makes environments, or needs to know how many tasks there are.
  var readsTasks: Bool {
    switch self {
    case .metaTrain, .collectGradients, .sampleSubsets, .fullTrainEval, .truth: true
    case .linearizedAdapt, .score, .cluster: false
    }
  }

  /// Whether the stage trains.
  var readsLearner: Bool { [.metaTrain, .fullTrainEval, .truth].contains(self) }
}
