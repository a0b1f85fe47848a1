import ArgumentParser
internal import Artifacts
internal import Foundation
internal import Random

/// Spoils artifacts and reads them, in child processes, so that a crash of a reader is seen as one.
///
/// Every case is a function of the seed, its number and the files, whatever the order: `--first N --cases 1` repeats it.
@main struct MutateArtifacts: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mutate-artifacts",
    abstract:
      "Spoils artifacts in many ways and checks that each is refused in one line, or read without harm.",
    discussion: "e.g. mutate-artifacts --seconds 600 Tests/Fixtures/artifacts/v1/*.h5")

  @Argument(help: ArgumentHelp("Whole artifacts.", valueName: "file"))
  var files: [String]

  @Option(help: "Says which mutations are tried.")
  var seed: UInt64 = 0

  @Option(help: "The number of the first case.")
  var first = 0

  @Option(help: "The number of cases, unless --seconds is given.")
  var cases = 1000

  @Option(help: "How long to go on.")
  var seconds: Double?

  @Flag(help: "Take the seals off first, so that the library sees the damage.")
  var unsealed = false

  @Option(help: ArgumentHelp("Keeps the files that broke the reader.", valueName: "folder"))
  var keep: String?

  @Option(help: .hidden)
  var child: String?

  func run() throws {
    let originals = try files.map { [UInt8](try Data(contentsOf: URL(fileURLWithPath: $0))) }
    if let child {
      try Reader(run: self, originals: originals, folder: child).readAll()
      return
    }
    let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("mutate-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let start = ContinuousClock.now
    var tally = Tally()
    var next = first
    while seconds.map({ ContinuousClock.now - start < .seconds($0) }) ?? (next < first + cases) {
      let count = seconds == nil ? first + cases - next : 500
      let (status, signalled) = try spawn(first: next, count: count, folder: scratch.path)
      tally.add(scratch.path)
      guard signalled else {
        guard status == 0 else { throw ExitCode(status) }
        next += count
        continue
      }
      let number = try Tally.current(scratch.path)
      tally.broken += 1
      print("case \(number) of seed \(seed), \(files[number % files.count]): signal \(status)")
      if let keep {
        let spoilt = "\(keep)/seed-\(seed)-case-\(number).h5"
        try? FileManager.default.removeItem(atPath: spoilt)
        try FileManager.default.copyItem(atPath: scratch.path + "/case.h5", toPath: spoilt)
      }
      next = number + 1
    }
    print(
      "\(next - first) cases: \(tally.refused) refused, \(tally.same) read with equal content, "
        + "\(tally.other) read with other content, \(tally.unclear) unclear, \(tally.broken) broke the reader"
    )
    if tally.broken + tally.unclear + (unsealed ? 0 : tally.other) > 0 { throw ExitCode(1) }
  }

  /// Reads the cases from `first` on in a child process; a case may take 300 seconds before it counts as hanging.
  private func spawn(first: Int, count: Int, folder: String) throws -> (status: Int32, signalled: Bool) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments =
      files + [
        "--seed", "\(seed)", "--first", "\(first)", "--cases", "\(count)", "--child", folder,
      ] + (unsealed ? ["--unsealed"] : [])
    // A crash is counted; its trace would take seconds.
    process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, process.terminationReason == .uncaughtSignal)
  }
}
