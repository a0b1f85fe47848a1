internal import Artifacts
internal import Foundation

/// What `pgx report --save` writes for a run: `report/table.txt` and `report/learning-curves.svg` beside its file.
///
/// - Parameter file: the merged file of full-train-eval, in its run folder.
/// - Returns: the paths with their texts.
/// - Throws: `ArtifactError` for unfit files.
package func savedReport(_ file: String) throws -> [(path: String, text: String)] {
  let folder = URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent("report")
  let curves = try learningCurves(of: EvaluationArtifact(reading: file), file: file)
  return try [("table.txt", report([file])), ("learning-curves.svg", curves.svg())].map { name, text in
    (folder.appendingPathComponent(name).relativePath, text)
  }
}
