package import Artifacts
internal import Configuration
internal import Environments
internal import Foundation
internal import HDF5
internal import LinearAlgebra
internal import MuJoCo
internal import Random
internal import Workers

extension StageContext {
  /// The provenance of an artifact of the stage, given the digests of its inputs by role.
  func provenance(inputs: [String: String]) -> Provenance {
    var provenance = Provenance(ofProgram: Section.stage.rawValue, Section.stage.version, revision.value)
    provenance.libraries.merge(assets) { $1 }
    provenance.seed = Int(slice.seed)
    provenance.config = slice.text
    provenance.inputs = inputs
    return provenance
  }

  /// The files that the stage's environments read, SHA-256 by name; none if they are not there.
  private var assets: [String: String] {
    let files = try? standardRegistry().assetFiles(ofFamilies: slice.body.environments)
    return (try? Provenance.digests(of: files ?? [:])) ?? [:]
  }

}

extension Provenance {
  /// That of an artifact which a program makes without a seed, a configuration or inputs.
  init(ofProgram stage: String, _ version: Int, _ revision: SourceRevision) {
    self.init {
      $0.stage = stage
      $0.stageVersion = version
      $0.gitCommit = revision.commit
      $0.gitDirty = revision.isDirty ? 1 : 0
      #if compiler(>=6.4)
        $0.toolchain = "Swift 6.4 or newer"
      #else
        $0.toolchain = "Swift 6.3"
      #endif
      $0.libraries = [
        "HDF5": HDF5File.libraryVersion, "MuJoCo": muJoCoVersion(), "OpenBLAS": openBLASVersion(),
        "OpenBLAS core": openBLASCoreName(), "C library": cLibraryVersion(),
        "C library functions": cLibraryFunctions(),
      ]
      $0.seed = 0
      $0.config = ""
    }
  }
}

/// Writes an artifact that the toolbox has made from some files.
///
/// - Parameters:
///   - name: what made it: "audit".
///   - files: its inputs, called `<name>_0`, `<name>_1` and so on in the provenance.
/// - Throws: `ProgramError.usage` for an output that is an input too, and `ArtifactError`.
package func write(
  _ artifact: some Artifact, to output: String, by name: String, from files: [String]
) throws {
  try requireOutput(output, apartFrom: files)
  var provenance = Provenance(ofProgram: name, 1, .ofThisProgram())
  provenance.inputs = try Provenance.digests(
    of: Dictionary(uniqueKeysWithValues: files.enumerated().map { ("\(name)_\($0)", $1) }))
  try artifact.write(to: output, provenance: provenance)
}

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
    // Without these options git status would lock the index against the user's own git, and start the monitor that the
    // checkout's settings name. Looking for renames, it could fetch what a partial clone lacks.
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

/// The C library's name and version, such as "glibc 2.36", for provenance.
func cLibraryVersion() -> String {
  var text = [CChar](repeating: 0, count: 64)
  let length = confstr(Int32(_CS_GNU_LIBC_VERSION), &text, text.count)
  guard (2...text.count).contains(length) else { return "unknown" }
  return String(decoding: text[..<(length - 1)].map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// Which results the C library's exp, log and so on have here, as sixteen hexadecimal digits, for provenance.
///
/// The version does not tell: glibc has these functions with and without fused multiply-adds, chooses by the processor
/// (and by `GLIBC_TUNABLES`), and about one result in 1500 differs in its last bit. The digits are the FNV-1a digest of
/// the results for 4096 fixed random arguments to every function that the stages and MuJoCo call.
func cLibraryFunctions() -> String {
  var random = RandomStream(seed: 0, name: "C library functions")
  var digest: UInt64 = 0xCBF2_9CE4_8422_2325
  func add(_ result: Double) {
    for byte in 0..<8 {
      digest = (digest ^ (result.bitPattern >> UInt64(8 * byte) & 0xFF)) &* 0x100_0000_01B3
    }
  }
  for _ in 0..<4096 {
    let (x, y) = (random.uniform(), random.uniform())
    add(exp(-16 * x))
    add(log(x + y))
    add(log1p(-x))
    add(log2(x + y))
    add(pow(0.5 + x, 64 * y))
    add(sin(8 * x - 4))
    add(cos(8 * x - 4))
    add(tan(x))
    add(asin(2 * x - 1))
    add(acos(2 * x - 1))
    add(atan2(x - 0.5, y - 0.5))
    add(Double(exp(Float(-16 * x))))
    add(Double(log(Float(x + y))))
  }
  return String(format: "%016llx", digest)
}
