internal import Configuration
internal import Foundation

/// What make would do with the files of one run: nothing but looking.
struct RunFiles {
  /// The run's folder, `runs/<benchmark>/seed-<s>`; nil for a run that has none, so that nothing is up to date.
  let folder: String?
  /// The slice that each stage would be given now.
  let slices: [Stage: String]

  /// Where a stage's artifact is, or would be.
  func artifact(_ stage: Stage) -> String { path(stage.artifactName) }

  /// Whether a stage's artifact, but for the task sets behind it, is newer than its slice and inputs, all of which are
  /// as they would be made now.
  func isUpToDate(_ stage: Stage) -> Bool {
    guard let made = time(artifact(stage)), isCurrent(stage, since: made) else { return false }
    return stage.inputs.allSatisfy { input in
      isUpToDate(input) && time(artifact(input)).map { $0 <= made } ?? false
    }
  }

  /// Whether a task set's artifact is newer than its slice.
  func isUpToDate(_ set: TaskSet) -> Bool {
    time(path("\(Stage.fullTrainEval.rawValue)/\(set.name).h5")).map {
      isCurrent(.fullTrainEval, since: $0)
    } ?? false
  }

  /// Whether the stage's slice on the disk is today's, and no newer than what was made from it.
  private func isCurrent(_ stage: Stage, since made: Date) -> Bool {
    let file = path("config/\(stage.rawValue).yaml")
    guard let written = time(file), written <= made, let text = slices[stage] else { return false }
    return FileManager.default.contents(atPath: file) == Data(text.utf8)
  }

  private func path(_ name: String) -> String { (folder ?? "") + "/" + name }

  private func time(_ path: String) -> Date? {
    guard folder != nil else { return nil }
    return (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
  }
}
