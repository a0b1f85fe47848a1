/// What collect-gradients hands on: samples of every task with their projected gradients. Anyone who has per-sample
/// gradients of a policy of their own may write the file; what is optional is then nil.
package struct CollectGradientsArtifact: Artifact {
  @Dataset(.taskNames) package var tasks: [String]
  @Dataset(
    "/features", ["sample", "feature"],
    "Projected gradient of the action's log-probability, one row a sample.")
  package var features: [Float]
  @Dataset("/task", ["sample"], "Index of the sample's task.", atLeast: 0)
  package var task: [Int32]
  @Dataset(
    "/episode", ["sample"], "Number of the sample's episode; an episode belongs to one task.", atLeast: 0)
  package var episode: [Int32]
  @Dataset(
    "/held_out", ["sample"],
    "1 if the sample is kept for scoring, 0 if surrogates are fitted to it; the same within an episode.")
  package var heldOut: [Bool]
  @Dataset("/advantage", ["sample"], "Advantage of the action, standardised per task.")
  package var advantage: [Float]
  @Dataset("/observations", ["sample", "policy_input"], "Observation as fed to the policy.")
  package var observations: [Float]?
  @Dataset("/actions", ["sample", "action"], "Action taken, continuous.")
  package var continuousActions: [Float]?
  @Dataset("/actions", ["sample"], "Index of the action taken.", atLeast: 0)
  package var discreteActions: [Int32]?
  @Dataset("/log_prob", ["sample"], unit: "nat", "Log-probability (density) of the action taken.")
  package var logProbability: [Float]?
  @Dataset("/return", ["task"], unit: "return", "Mean return of the collected complete episodes.")
  package var taskReturn: [Double]?
  @Attribute("/features", "projection", "JSON: kind, dimension, seed, id of the projection's definition.")
  package var projection: String?

  /// The number of samples N.
  package var sampleCount: Int { task.count }

  /// The number of entries of a projected gradient.
  package var dimension: Int { features.count / max(sampleCount, 1) }

  /// `collect-gradients.h5`.
  package static let layout = ArtifactLayout<Self>(
    Self(), stage: "collect-gradients", version: 1,
    summary: "On-policy transitions of every task with the projected gradients of their log-probability.",
    .stored(
      \.$tasks, \.$features, \.$task, \.$episode, \.$heldOut, \.$advantage, \.$observations,
      \.$continuousActions, \.$discreteActions, \.$logProbability, \.$taskReturn, \.$projection),
    .rule { (samples, contents) throws(ArtifactError) in try samples.checkSplit(contents) },
    plots: ["advantage", "return"].map { PlotSchema(name: $0, signal: "/\($0)") })

  /// Checks that tasks are in range, that episodes are not split, and that each task can be fitted and scored.
  private func checkSplit(_ contents: ArtifactContents) throws(ArtifactError) {
    var held: [[Int32: Bool]] = Array(repeating: [:], count: tasks.count)
    for (sample, task) in task.enumerated() {
      guard tasks.indices.contains(Int(task)) else {
        throw contents.mismatch(
          "/task[\(sample)]", expected: "an index below the \(tasks.count) tasks", found: "\(task)")
      }
      if let known = held[Int(task)].updateValue(heldOut[sample], forKey: episode[sample]),
        known != heldOut[sample]
      {
        throw contents.mismatch(
          "/held_out[\(sample)]", expected: "the same for all samples of episode \(episode[sample])",
          found: "\(heldOut[sample] ? 1 : 0)")
      }
    }
    for (task, episodes) in held.enumerated() {
      for wanted in [false, true] where !episodes.values.contains(wanted) {
        throw contents.mismatch(
          "/held_out", expected: "episodes of both kinds for the task \(tasks[task])",
          found: wanted ? "none held out" : "none to fit")
      }
    }
  }
}
