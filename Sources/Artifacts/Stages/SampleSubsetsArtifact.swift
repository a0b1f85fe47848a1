internal import HDF5

/// What sample-subsets hands on: subsets of the tasks.
package struct SampleSubsetsArtifact: Artifact {
  /// How it is stored.
  package static var schema: ArtifactSchema { .sampleSubsets }

  /// The names of the tasks (K).
  package let tasks: [String]

  /// The task indices of each subset (M), ascending when read from a file; no subset is empty.
  package let subsets: [[Int]]

  /// The values of the stage.
  package init(tasks: [String], subsets: [[Int]]) {
    self.tasks = tasks
    self.subsets = subsets
  }

  /// The values of a validated file.
  package init(_ contents: ValidatedContents) throws(ArtifactError) {
    self.init(tasks: try contents.values("/dims/task"), subsets: try SubsetTable.subsets(contents))
  }

  /// The datasets and attributes.
  package var contents: ArtifactContents {
    var contents = ArtifactContents()
    contents.add(tasks: tasks)
    contents.add(
      "/member", .uint8(SubsetTable.flags(subsets, taskCount: tasks.count)),
      shape: [subsets.count, tasks.count])
    return contents
  }
}
