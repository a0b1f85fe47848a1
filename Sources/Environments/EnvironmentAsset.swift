internal import Foundation

/// A file that the environments of a family read.
package struct EnvironmentAsset: Sendable {
  /// What it is, as provenance names it ("HalfCheetah model").
  package let name: String
  /// Its name within the folder.
  package let file: String
  /// Where it is looked for when it is needed.
  package let folder: AssetFolder

  /// An asset; that it is there is not checked here.
  package init(name: String, file: String, folder: AssetFolder) {
    self.name = name
    self.file = file
    self.folder = folder
  }

  /// The file's path.
  ///
  /// - Throws: `AssetsError`, which names the remedy.
  package func path() throws(AssetsError) -> String { try folder.path(of: file) }
}

/// Where assets are looked for: in the folder that the environment variable PGX_ASSETS names, else in
/// `.deps/gymnasium` of the nearest folder above the running executable that has the file there.
package struct AssetFolder: Sendable {
  private let variable: String?
  private let executable: String

  /// The folder of this process.
  package init() {
    self.init(
      variable: ProcessInfo.processInfo.environment["PGX_ASSETS"],
      executable: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        ?? CommandLine.arguments.first ?? ".")
  }

  /// The folder under this value of PGX_ASSETS, if set, for the executable at this path.
  package init(variable: String?, executable: String) {
    self.variable = variable
    self.executable = executable
  }

  /// The path of a file that is there.
  ///
  /// - Throws: `AssetsError`, which names the remedy.
  package func path(of file: String) throws(AssetsError) -> String {
    if let variable {
      let path = "\(variable)/\(file)"
      guard FileManager.default.fileExists(atPath: path) else {
        throw AssetsError(
          description:
            "PGX_ASSETS is \(variable), but there is no \(file) in it; correct it, or unset it and run `make setup`"
        )
      }
      return path
    }
    var folder = URL(fileURLWithPath: executable).deletingLastPathComponent().standardizedFileURL.path
    while true {
      let path = "\(folder == "/" ? "" : folder)/.deps/gymnasium/\(file)"
      if FileManager.default.fileExists(atPath: path) { return path }
      guard folder != "/", !folder.isEmpty else {
        throw AssetsError(
          description:
            "there is no .deps/gymnasium/\(file) in any folder above \(executable); run `make setup`")
      }
      folder = (folder as NSString).deletingLastPathComponent
    }
  }
}

/// A file that an environment reads could not be found: where it was looked for, and the remedy.
package struct AssetsError: Error, Equatable, CustomStringConvertible {
  package let description: String
}
