/// The section `meta-train`.
package struct MetaTrainSection: StageSection {
  package static let stage = Stage.metaTrain

  /// Environment steps, summed over tasks.
  package var totalTimesteps: Int

  package init(reading reader: inout SectionReader) throws(ConfigurationError) {
    totalTimesteps = try reader.integer("total_timesteps", in: 1...1_000_000_000_000)
  }
}

/// The section `collect-gradients`.
package struct CollectGradientsSection: StageSection {
  package static let stage = Stage.collectGradients

  /// Transitions per task (N_i); the paper's is 2048.
  package var transitionsPerTask: Int
  /// The part of each task's episodes that is kept from the fits and used to score them.
  package var heldOutFraction: Double
  /// The dimension of the projected gradients (d); the paper's is 400.
  package var projectionDimension: Int
  /// The discount of the advantages (γ).
  package var gamma: Double
  /// The decay of generalised advantage estimation (λ).
  package var gaeLambda: Double
  /// Standardised advantages are clipped to ± this.
  package var advantageClip: Double

  package init(reading reader: inout SectionReader) throws(ConfigurationError) {
    transitionsPerTask = try reader.integer("transitions_per_task", default: 2048, in: 2...100_000_000)
    heldOutFraction = try reader.number("held_out_fraction", default: 0.2, in: 0.01...0.99)
    projectionDimension = try reader.integer("projection_dimension", default: 400, in: 1...16384)
    gamma = try reader.number("gamma", default: 0.99, in: 0...1)
    gaeLambda = try reader.number("gae_lambda", default: 0.95, in: 0...1)
    advantageClip = try reader.number("advantage_clip", default: 10, in: 0.1...1e6)
  }
}

/// The section `sample-subsets`.
package struct SampleSubsetsSection: StageSection {
  package static let stage = Stage.sampleSubsets

  /// Tasks per subset (s).
  package var size: Int
  /// The number of subsets (m); nil for all of them up to 12 tasks, else max(200, n²).
  package var count: Int?

  package init(reading reader: inout SectionReader) throws(ConfigurationError) {
    size = try reader.integer("size", default: 3, in: 2...10_000)
    count = try reader.integerOrAuto("count", in: 1...10_000_000)
  }
}

/// The section `linearized-adapt`.
package struct LinearizedAdaptSection: StageSection {
  package static let stage = Stage.linearizedAdapt

  /// The trust region: the largest mean |margin| of a fitted subset, by which the ridge is chosen.
  package var meanAbsMargin: Double
  /// The ridge (λ) of every fit; nil to choose it by the trust region.
  package var ridge: Double?
  /// A fit ends when its gradient is at most this long.
  package var gradientTolerance: Double
  /// A fit that has not ended after so many Newton steps is an error.
  package var maxIterations: Int

  package init(reading reader: inout SectionReader) throws(ConfigurationError) {
    meanAbsMargin = try reader.number("mean_abs_margin", default: 0.1, in: 1e-4...10)
    ridge = try reader.optionalNumber("ridge", in: 1e-12...1e12)
    gradientTolerance = try reader.number("gradient_tolerance", default: 1e-8, in: 1e-14...1e-2)
    maxIterations = try reader.integer("max_iterations", default: 200, in: 1...100_000)
  }
}

/// The section `score`.
package struct ScoreSection: StageSection {
  package static let stage = Stage.score

  /// Resamples of the held-out episodes behind each interval.
  package var bootstrapReplicates: Int
  /// The probability mass of each interval.
  package var confidence: Double
  /// The size of the step at which sets are compared: the root mean square of the changes of log π (τ).
  package var step: Double
  /// The ridge of these steps, as a share of the mean eigenvalue of the tasks' curvatures.
  package var ridgeShare: Double

  package init(reading reader: inout SectionReader) throws(ConfigurationError) {
    bootstrapReplicates = try reader.integer("bootstrap_replicates", default: 1000, in: 10...1_000_000)
    confidence = try reader.number("confidence", default: 0.95, in: 0.5...0.999)
    step = try reader.number("step", default: 0.1, in: 1e-4...10)
    ridgeShare = try reader.number("ridge_share", default: 1, in: 1e-6...1000)
  }
}

/// The section `cluster`.
package struct ClusterSection: StageSection {
  package static let stage = Stage.cluster

  /// Which matrix is clustered.
  package var affinity: Affinity
  /// The number of groups (k); nil to choose the longest plateau of the penalty path.
  package var k: Int?
  /// The largest number of groups that `k: auto` may choose.
  package var maxGroups: Int
  /// The share of what tasks keep alone that `k: auto` keeps with as few groups as do so for certain.
  package var retain: Double
  /// The number of random groupings that serve as a control.
  package var randomGroupings: Int

  /// The forms of the affinity that score writes.
  package enum Affinity: String, CaseIterable, Sendable {
    /// The aggregate affinity with additive task effects removed.
    case residual
    /// The per-task scores, standardised per row.
    case perTask = "per_task"
    /// The aggregate affinity as the paper prints it.
    case paper
  }

  package init(reading reader: inout SectionReader) throws(ConfigurationError) {
    affinity = try reader.choice("affinity", default: .residual)
    k = try reader.integerOrAuto("k", in: 1...10_000)
    maxGroups = try reader.integer("max_groups", default: 5, in: 1...10_000)
    retain = try reader.number("retain", default: 0.9, in: 0...1)
    randomGroupings = try reader.integer("random_groupings", default: 5, in: 0...1000)
  }
}

/// What the training of a task set depends on in the section `full-train-eval`.
package struct SetTrainingSection: StageSection {
  package static let stage = Stage.fullTrainEval

  /// Environment steps per task of a set: a set of s tasks trains for s times as many.
  package var timestepsPerTask: Int
  /// What the training begins with.
  package var start: Start

  /// What the training of a set may begin with.
  package enum Start: String, CaseIterable, Sendable {
    /// Fresh networks.
    case scratch
    /// The policy of meta-train, with its critic and its normaliser (θ*).
    case meta
  }

  package init(reading reader: inout SectionReader) throws(ConfigurationError) {
    timestepsPerTask = try reader.integer("timesteps_per_task", in: 1...1_000_000_000)
    start = try reader.choice("start", default: .scratch)
  }
}

/// The section `full-train-eval`.
package struct FullTrainEvalSection: StageSection {
  package static let stage = Stage.fullTrainEval

  /// What training depends on. The keys that follow are those of the evaluation, as `Stage` says too.
  package var training: SetTrainingSection
  /// Evaluation episodes per task.
  package var evaluationEpisodes: Int

  package init(reading reader: inout SectionReader) throws(ConfigurationError) {
    training = try SetTrainingSection(reading: &reader)
    evaluationEpisodes = try reader.integer("evaluation_episodes", default: 20, in: 2...100_000)
  }
}

/// The section `truth`: which task sets are really trained, to judge estimates by, and how.
package struct TruthSection: StageSection {
  package static let stage = Stage.truth

  /// How many tasks the sets have; nil for every size. All sets of these sizes are trained.
  package var sizes: [Int]?
  /// Environment steps per task of a set that begins with fresh networks; nil, in a benchmark file, for those of
  /// full-train-eval.
  package var timestepsPerTask: Int?
  /// The share of these steps that a set has which begins with the policy of meta-train.
  package var metaFraction: Double
  /// How often each of them is repeated with other random numbers.
  package var metaRepeats: Int
  /// Evaluation episodes per task.
  package var evaluationEpisodes: Int

  package init(reading reader: inout SectionReader) throws(ConfigurationError) {
    sizes = try reader.integersOrAll("sizes", default: [1, 2, 3], in: 1...20)
    timestepsPerTask = try reader.integerOrAuto("timesteps_per_task", in: 1...1_000_000_000)
    metaFraction = try reader.number("meta_fraction", default: 0.2, in: 0.001...1)
    metaRepeats = try reader.integer("meta_repeats", default: 3, in: 1...1000)
    evaluationEpisodes = try reader.integer("evaluation_episodes", default: 10, in: 2...100_000)
  }
}
