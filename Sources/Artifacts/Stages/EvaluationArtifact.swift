internal import HDF5

/// What full-train-eval hands on: the table of groupings by tasks. Matrices are row-major.
package struct EvaluationArtifact: Artifact {
  /// How it is stored.
  package static var schema: ArtifactSchema { .evaluation }

  /// The names of the tasks (K).
  package let tasks: [String]

  /// The names of the groupings (R).
  package let groupings: [String]

  /// The mean evaluation return (R, K).
  package let returns: [Double]

  /// The return scaled so that `referenceLow` is 0 and `referenceHigh` is 1 (R, K).
  package let normalised: [Double]

  /// The mean of the normalised return over the tasks (R).
  package let normalisedMean: [Double]

  /// The lower end of its 95 % bootstrap interval (R).
  package let normalisedLow: [Double]

  /// The upper end of its 95 % bootstrap interval (R).
  package let normalisedHigh: [Double]

  /// The normalised return of the worst task (R).
  package let worstNormalised: [Double]

  /// The environment steps of all task sets of the grouping (R).
  package let totalSteps: [Int64]

  /// The name of the task-set file behind each entry (R, K).
  package let sets: [String]

  /// The return that is normalised to 0 (K).
  package let referenceLow: [Double]

  /// The return that is normalised to 1 (K).
  package let referenceHigh: [Double]

  /// The verdict of score, in words: whether the affinities show reliable structure; nil if the file does not say.
  package let verdict: String?

  /// The values of the stage; see the properties.
  package init(
    tasks: [String], groupings: [String], returns: [Double], normalised: [Double], normalisedMean: [Double],
    normalisedLow: [Double], normalisedHigh: [Double], worstNormalised: [Double], totalSteps: [Int64],
    sets: [String], referenceLow: [Double], referenceHigh: [Double],
    verdict: String?
  ) {
    self.tasks = tasks
    self.groupings = groupings
    self.returns = returns
    self.normalised = normalised
    self.normalisedMean = normalisedMean
    self.normalisedLow = normalisedLow
    self.normalisedHigh = normalisedHigh
    self.worstNormalised = worstNormalised
    self.totalSteps = totalSteps
    self.sets = sets
    self.referenceLow = referenceLow
    self.referenceHigh = referenceHigh
    self.verdict = verdict
  }

  /// The values of a validated file.
  package init(_ contents: ValidatedContents) throws(ArtifactError) {
    try contents.requireOrdered("/normalised_low", "/normalised_high")
    self.init(
      tasks: try contents.values("/dims/task"), groupings: try contents.values("/groupings"),
      returns: try contents.values("/return"), normalised: try contents.values("/normalised"),
      normalisedMean: try contents.values("/normalised_mean"),
      normalisedLow: try contents.values("/normalised_low"),
      normalisedHigh: try contents.values("/normalised_high"),
      worstNormalised: try contents.values("/worst_normalised"),
      totalSteps: try contents.values("/total_steps"), sets: try contents.values("/set"),
      referenceLow: try contents.values("/reference_low"),
      referenceHigh: try contents.values("/reference_high"), verdict: contents.text("verdict", of: "/"))
  }

  /// The datasets and attributes.
  package var contents: ArtifactContents {
    let (rows, columns) = (groupings.count, tasks.count)
    var contents = ArtifactContents()
    contents.add(tasks: tasks)
    contents.add("/groupings", .string(groupings), shape: [rows])
    contents.add("/return", .float64(returns), shape: [rows, columns])
    contents.add("/normalised", .float64(normalised), shape: [rows, columns])
    for (path, vector) in [
      ("/normalised_mean", normalisedMean), ("/normalised_low", normalisedLow),
      ("/normalised_high", normalisedHigh), ("/worst_normalised", worstNormalised),
    ] {
      contents.add(path, .float64(vector), shape: [rows])
    }
    contents.add("/total_steps", .int64(totalSteps), shape: [rows])
    contents.add("/set", .string(sets), shape: [rows, columns])
    contents.add("/reference_low", .float64(referenceLow), shape: [columns])
    contents.add("/reference_high", .float64(referenceHigh), shape: [columns])
    if let verdict { contents.add(attribute: "verdict", of: "/", .string(verdict)) }
    return contents
  }
}
