internal import Foundation

/// The folder with the environments' model files could not be found.
package enum AssetsError: Error, Equatable, CustomStringConvertible {
  /// PGX_ASSETS names a folder without half_cheetah.xml.
  case missing(variable: String)

  /// No folder above the executable has them.
  case notFound(executable: String)

  package var description: String {
    switch self {
    case .missing(let folder):
      "PGX_ASSETS is \(folder), but there is no half_cheetah.xml in it; correct it, or unset it and run `make setup`"
    case .notFound(let executable):
      "there is no .deps/gymnasium/half_cheetah.xml in any folder above \(executable); run `make setup`"
    }
  }
}

/// The folder that holds the environments' model files (half_cheetah.xml): the one that the environment variable
/// PGX_ASSETS names, else `.deps/gymnasium` in the nearest folder above the running executable that has it.
///
/// - Throws: `AssetsError`, which names the remedy.
package func assetsDirectory() throws(AssetsError) -> String {
  try assetsDirectory(
    variable: ProcessInfo.processInfo.environment["PGX_ASSETS"],
    executable: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments.first ?? ".")
}

/// The search itself.
///
/// - Parameters:
///   - variable: the value of PGX_ASSETS, if set.
///   - executable: the path of the running executable.
package func assetsDirectory(variable: String?, executable: String) throws(AssetsError) -> String {
  if let variable {
    guard holdsModels(variable) else { throw .missing(variable: variable) }
    return variable
  }
  var folder = URL(fileURLWithPath: executable).deletingLastPathComponent().standardizedFileURL.path
  while true {
    let candidate = (folder == "/" ? "" : folder) + "/.deps/gymnasium"
    if holdsModels(candidate) { return candidate }
    guard folder != "/", !folder.isEmpty else { throw .notFound(executable: executable) }
    folder = (folder as NSString).deletingLastPathComponent
  }
}

/// The file with Gymnasium's model of the cheetah.
///
/// - Throws: `AssetsError`, which names the remedy.
package func halfCheetahModelFile() throws(AssetsError) -> String { modelFile(in: try assetsDirectory()) }

/// Where a folder of models has the cheetah's.
func modelFile(in folder: String) -> String { folder + "/half_cheetah.xml" }

private func holdsModels(_ folder: String) -> Bool {
  FileManager.default.fileExists(atPath: modelFile(in: folder))
}
