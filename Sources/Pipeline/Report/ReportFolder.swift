internal import Artifacts
internal import Foundation

/// Writes `report/table.txt` and `report/learning-curves.svg` beside each file.
///
/// - Parameter files: merged files of full-train-eval, each in its run folder.
/// - Returns: the files written.
/// - Throws: for unfit files, and `OutputError` for a folder that cannot be written.
package func writeReports(_ files: [String]) throws -> [String] {
  try files.flatMap { file in
    let run = try EvaluationArtifact(reading: file)
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent("report")
    return try [
      ("table.txt", report([file])), ("learning-curves.svg", learningCurves(of: run, file: file).svg()),
    ].map { name, text in
      let place = folder.appendingPathComponent(name)
      try writeSmallFile(text, to: place.relativePath)
      return place.relativePath
    }
  }
}
