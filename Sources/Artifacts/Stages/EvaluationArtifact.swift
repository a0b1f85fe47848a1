/// What full-train-eval hands on: the table of groupings by tasks.
package struct EvaluationArtifact: Artifact {
  @Dataset(.taskNames) package var tasks: [String]
  @Dataset("/groupings", ["grouping"], unit: "", "Names of the groupings.")
  package var groupings: [String]
  @Dataset(
    "/return", ["grouping", "task"], unit: "return", "Mean evaluation return of the task under the grouping.")
  package var returns: [Double]
  @Dataset(
    "/success", ["grouping", "task"], "Share of the evaluation episodes that were a success.", range: 0...1)
  package var success: [Double]?
  @Dataset(
    "/normalised", ["grouping", "task"], "Return scaled so that the task's references are 0 and 1.")
  package var normalised: [Double]
  @Dataset("/normalised_mean", ["grouping"], "Mean of the normalised return over the tasks.")
  package var normalisedMean: [Double]
  @Dataset(
    "/normalised_low", ["grouping"], "Lower end of the 95 % bootstrap interval of the normalised mean.")
  package var normalisedLow: [Double]
  @Dataset(
    "/normalised_high", ["grouping"], "Upper end of the 95 % bootstrap interval of the normalised mean.")
  package var normalisedHigh: [Double]
  @Dataset("/worst_normalised", ["grouping"], "Normalised return of the grouping's worst task.")
  package var worstNormalised: [Double]
  @Dataset(
    "/total_steps", ["grouping"], unit: "step", "Environment steps of all the grouping's task sets.",
    atLeast: 0)
  package var totalSteps: [Int64]
  @Dataset("/set", ["grouping", "task"], unit: "", "Name of the task-set file behind each entry.")
  package var sets: [String]
  @Dataset("/reference_low", ["task"], unit: "return", "Return that is normalised to 0.")
  package var referenceLow: [Double]
  @Dataset("/reference_high", ["task"], unit: "return", "Return that is normalised to 1.")
  package var referenceHigh: [Double]
  @Attribute(.verdictOfScore) package var verdict: String?

  /// `full-train-eval.h5`.
  package static let layout = ArtifactLayout<Self>(
    Self(), stage: "full-train-eval", version: 1,
    summary: "How every grouping performed when its task sets were trained.",
    .stored(
      \.$tasks, \.$groupings, \.$returns, \.$success, \.$normalised, \.$normalisedMean, \.$normalisedLow,
      \.$normalisedHigh, \.$worstNormalised, \.$totalSteps, \.$sets, \.$referenceLow, \.$referenceHigh,
      \.$verdict),
    .ordered(\.$normalisedLow, \.$normalisedHigh),
    plots: ["normalised", "return", "normalised_mean"].map { PlotSchema(name: $0, signal: "/\($0)") })
}
