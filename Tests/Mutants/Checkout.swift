internal import Foundation

/// A copy of the checkout in which every mutant stands behind a switch.
struct Checkout {
  /// The folder that is copied.
  let original: String
  /// The copy.
  let folder: String

  /// Writes the copy; files that are as they should be stay, so that a second build has little to do.
  ///
  /// - Parameters:
  ///   - mutants: what stands behind the switch.
  ///   - modules: the test modules to build, with what they need; all if one of them runs programs.
  /// - Throws: `MutantError` for a mutant that does not fit its file; errors of the file system.
  func write(_ mutants: [Mutant], modules: Set<String>) throws {
    let listed = try run(["git", "ls-files", "-co", "--exclude-standard"], in: original)
    let names = listed.output.split(separator: "\n").map(String.init)
    for file in Set(mutants.map(\.file)) where !names.contains(file) {
      throw MutantError("there is no \(file)")
    }
    var wanted: [String: Data] = [:]
    for name in names {
      guard let bytes = FileManager.default.contents(atPath: "\(original)/\(name)") else { continue }
      wanted[name] = bytes
    }
    for (file, mutants) in Dictionary(grouping: mutants, by: \.file) {
      let text = String(decoding: wanted[file] ?? Data(), as: UTF8.self)
      let isC = file.hasSuffix(".c")
      let module = file.split(separator: "/")[1]
      let name = isC ? "pgx_mutant()" : "mutant\(module)"
      wanted[file] = Data(((isC ? Self.switchInC : "") + (try mutated(text, by: mutants, switch: name))).utf8)
      if !isC { wanted["Sources/\(module)/MutantSwitch.swift"] = Data(Self.switchInSwift(name).utf8) }
    }
    if modules.isDisjoint(with: ["PipelineTests", "ReliabilityTests"]), let manifest = wanted["Package.swift"]
    {
      wanted["Package.swift"] = manifest + Data(Self.only(modules).utf8)
    }
    try write(wanted)
  }

  /// What a manifest ends with so that only some targets, and those that they need, are left.
  private static func only(_ modules: Set<String>) -> String {
    """

    func name(_ dependency: Target.Dependency) -> String {
      switch dependency {
      case .targetItem(let name, _), .byNameItem(let name, _): name
      default: ""
      }
    }
    var kept: Set<String> = \(modules.sorted())
    for _ in package.targets {
      kept.formUnion(package.targets.filter { kept.contains($0.name) }.flatMap { $0.dependencies.map(name) })
    }
    package.targets.removeAll { !kept.contains($0.name) }

    """
  }

  private func write(_ wanted: [String: Data]) throws {
    let files = FileManager.default
    let list = "\(folder)/.files"
    let earlier = (try? String(contentsOfFile: list, encoding: .utf8))?.split(separator: "\n") ?? []
    for name in earlier where wanted[String(name)] == nil {
      try? files.removeItem(atPath: "\(folder)/\(name)")
    }
    for (name, bytes) in wanted where files.contents(atPath: "\(folder)/\(name)") != bytes {
      let url = URL(fileURLWithPath: "\(folder)/\(name)")
      try files.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try bytes.write(to: url)
      if files.isExecutableFile(atPath: "\(original)/\(name)") { chmod(url.path, 0o755) }
    }
    try Data(wanted.keys.sorted().joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: list))
    if !files.fileExists(atPath: "\(folder)/.deps") {
      try files.createSymbolicLink(atPath: "\(folder)/.deps", withDestinationPath: "\(original)/.deps")
    }
  }

  private static func switchInSwift(_ name: String) -> String {
    """
    internal import Glibc
    package let \(name) = getenv("PGX_MUTANT").flatMap { Int(String(cString: $0)) } ?? 0

    """
  }

  private static let switchInC = """
    #include <stdlib.h>
    static int pgx_mutant(void) {
      static int number = -1;
      if (number < 0) { const char *text = getenv("PGX_MUTANT"); number = text ? atoi(text) : 0; }
      return number;
    }

    """

  /// Builds the programs and tests of the copy.
  ///
  /// - Throws: `MutantError` with what the compiler says.
  func build() throws {
    let built = try run(["swift", "test", "--filter", "^none$"] + Self.options, in: folder)
    guard built.status == 0 else {
      let errors = built.output.split(separator: "\n").filter { $0.contains("error:") }
      throw MutantError("the mutants do not compile:\n\(errors.prefix(20).joined(separator: "\n"))")
    }
  }

  /// Runs tests with one mutant switched on, or none for 0.
  ///
  /// - Parameter limit: seconds after which a mutant counts as one that hangs, which is caught too.
  /// - Returns: the number of tests that ran, whether all passed, and the first that failed.
  func test(
    _ tests: String, mutant: Int, limit: Int = 1800
  ) throws -> (count: Int, passed: Bool, failure: String) {
    let tester = "\(folder)/.build/release/PolicyGradExPackageTests.xctest"
    let command = [
      "timeout", "-k", "5", "\(limit)", tester, "--testing-library", "swift-testing", "--filter", tests,
    ]
    let ended = try run(command, in: folder, mutant: mutant)
    let plain = ended.output.replacing(/\u{1B}\[[0-9;]*m/, with: "")
    let lines = plain.split(separator: "\n")
    let count = lines.compactMap { $0.firstMatch(of: /Test run with (\d+) test/).flatMap { Int($0.1) } }.last
    let failure = lines.lazy.compactMap {
      $0.firstMatch(of: /✘ Test (.*?) (?:failed after|recorded an issue)/).map { String($0.1) }
    }.first
    return (
      count ?? 0, ended.status == 0,
      failure ?? (ended.status == 124 ? "the time limit" : "status \(ended.status)")
    )
  }

  private static let options = ["-c", "release", "--disable-testable-imports"]

  private func run(
    _ command: [String], in folder: String, mutant: Int = 0
  ) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = ProcessInfo.processInfo.environment.merging([
      "PGX_MUTANT": "\(mutant)", "SWIFT_BACKTRACE": "enable=no",
      "PKG_CONFIG_PATH": "\(original)/.deps/mujoco/pkgconfig",
    ]) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
