internal import HDF5

extension ArtifactSchema {
  /// `sample-subsets.h5`.
  package static let sampleSubsets = ArtifactSchema(
    stage: "sample-subsets", version: 1,
    summary: "The subsets of tasks whose performance is to be estimated.",
    datasets: [.taskNames, .member], plots: [PlotSchema("member", signal: "/member")])
}
