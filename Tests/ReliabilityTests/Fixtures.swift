import Artifacts
import Foundation
import TestSupport
import Testing

/// The committed artifacts.
enum Fixtures {
  /// The folder of the committed artifacts.
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fixtures/artifacts").path

  /// One file of every schema of version 1.
  static let version1 = ArtifactSchema.all.map { "\(folder)/v1/\($0.stage).h5" }

  /// Valid files that other software wrote.
  static let elsewhere = ["collect-gradients", "sample-subsets"].map { "\(folder)/elsewhere/\($0).h5" }
}

/// The verdict on a file: nil if it is valid, else the one line that refuses it.
func verdict(_ path: String) throws -> String? {
  let description = Result { try Inspection.describe(path: path) }
  switch description {
  case .success(let text):
    let verdict = String(text.split(separator: "\n")[2].drop { $0 == " " })
    return verdict == "valid" ? nil : verdict
  case .failure(let error):
    let error = try #require(error as? ArtifactError)
    let line = error.description
    #expect(error.exitCode == 65 && line.hasPrefix(path + ": "), "\(line)")
    #expect(line.firstIndex(where: \.isNewline) == nil, "\(line)")
    return line
  }
}
