/// What sample-subsets hands on: subsets of the tasks.
package struct SampleSubsetsArtifact: Artifact {
  @Dataset(.taskNames) package var tasks: [String]
  /// The task indices of each subset (subset), ascending when read from a file.
  @Dataset(.member) package var subsets: [[Int]]

  /// `sample-subsets.h5`.
  package static let layout = ArtifactLayout<Self>(
    Self(), stage: "sample-subsets", version: 1,
    summary: "The subsets of tasks whose performance is to be estimated.",
    .stored(\.$tasks, \.$subsets), .noneEmpty(\.$subsets),
    plots: [PlotSchema(name: "member", signal: "/member")])
}
