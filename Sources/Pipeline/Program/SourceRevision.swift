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

  /// What git says in a folder; nil if it cannot be started or fails.
  ///
  /// It is started without Foundation, whose `Process` opens sockets to wake its own threads.
  private static func git(_ arguments: [String], in folder: String) -> String? {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    // A stage only looks: without the options, git status would lock the index against the user's own git, and start
    // the monitor that the checkout's settings name. To find renames it could fetch what a partial clone lacks.
    let words = ["git", "--no-optional-locks", "-c", "core.fsmonitor=false", "-C", folder] + arguments
    var argv = words.map { strdup($0) } + [nil]
    var variables = ProcessInfo.processInfo.environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in argv + variables { free(text) } }
    var child = pid_t()
    let status = posix_spawnp(&child, "git", &actions, nil, &argv, &variables)
    close(ends[1])
    let output = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
    guard status == 0 else { return nil }
    let text = String(decoding: output.readDataToEndOfFile(), as: UTF8.self)
    var end: Int32 = -1
    while waitpid(child, &end, 0) == -1 && errno == EINTR {}
    return end == 0 ? text.trimmingCharacters(in: .whitespacesAndNewlines) : nil
  }
}
