internal import Foundation

/// The commit from which a program was built, as far as its checkout tells.
struct SourceRevision: Sendable, Equatable {
  /// The commit in hexadecimal, or "unknown" outside a checkout.
  var commit: String
  /// Whether tracked files differ from it.
  var isDirty: Bool

  /// The revision of the checkout that holds the running program.
  static func ofThisProgram() -> SourceRevision {
    let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "."
    let folder = URL(fileURLWithPath: program).deletingLastPathComponent().path
    guard let commit = git(["rev-parse", "HEAD"], in: folder), commit.count >= 40 else {
      return SourceRevision(commit: "unknown", isDirty: false)
    }
    let changes = git(["status", "--porcelain", "--untracked-files=no", "--no-renames"], in: folder) ?? ""
    return SourceRevision(commit: commit, isDirty: !changes.isEmpty)
  }

  private static func git(_ arguments: [String], in folder: String) -> String? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    // A stage only looks: without the options, git status would lock the index against the user's own git, and start
    // the monitor that the checkout's settings name. To find renames it could fetch what a partial clone lacks.
    process.arguments =
      ["git", "--no-optional-locks", "-c", "core.fsmonitor=false", "-C", folder] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return nil }
    return String(data: output, encoding: .utf8)?.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
