package import Configuration
internal import Foundation

/// What make would do with the files of one run: nothing but looking.
package struct RunFiles {
  /// The run's seed.
  package let seed: UInt64
  /// The run's folder, `runs/<benchmark>/seed-<s>`; nil for a run that has none, so that nothing is up to date.
  package let folder: String?
  /// What the run is about.
  package let workload: Workload

  /// The files of a run.
  package init(seed: UInt64, folder: String?, workload: Workload) {
    (self.seed, self.folder, self.workload) = (seed, folder, workload)
  }

  /// Whether a stage's artifact, but for the task sets behind it, is newer than its slice and inputs, all of which are
  /// as they would be made now.
  package func isUpToDate(_ stage: Stage) -> Bool {
    guard let made = time(of: stage.artifactName, by: stage) else { return false }
    return stage.inputs.allSatisfy { input in
      isUpToDate(input) && time(of: input.artifactName, by: input).map { $0 <= made } ?? false
    }
  }

  /// Whether a task set's artifact is newer than its slice.
  package func isUpToDate(_ set: TaskSet) -> Bool {
    time(of: "\(Stage.fullTrainEval.rawValue)/\(set.name).h5", by: .fullTrainEval) != nil
  }

  /// When a stage's file was made; nil if the stage's slice is newer, or not the one that would be written now.
  private func time(of file: String, by stage: Stage) -> Date? {
    guard let folder else { return nil }
    let slice = "\(folder)/config/\(stage.rawValue).yaml"
    func time(_ path: String) -> Date? {
      (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
    }
    guard let made = time("\(folder)/\(file)"), let written = time(slice), written <= made,
      FileManager.default.contents(atPath: slice) == Data(workload.slice(of: stage, seed: seed).utf8)
    else { return nil }
    return made
  }

  /// The task sets that cluster asks for, or before it is up to date, is expected to ask for.
  ///
  /// - Throws: `ArtifactError` for a file of cluster that cannot be read.
  package func taskSets() throws -> [TaskSet] {
    if let folder, isUpToDate(.cluster) {
      return try distinctTaskSets(cluster: "\(folder)/\(Stage.cluster.artifactName)")
    }
    return workload.expectedSets(seed: seed)
  }
}
