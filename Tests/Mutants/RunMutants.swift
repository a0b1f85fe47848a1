internal import ArgumentParser
internal import Foundation

@main struct RunMutants: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run-mutants",
    abstract: "Makes small wrong edits of the sources, one at a time, and counts those that tests notice.",
    discussion: "e.g. run-mutants Tests/Mutants/mutants.tsv")

  @Argument(help: "The list of edits.")
  var list: String

  @Option(help: "Only the mutants of files whose path holds one of these words.")
  var only = ""

  func run() throws {
    let lines = try String(contentsOfFile: list, encoding: .utf8).split(separator: "\n")
      .filter { !$0.hasPrefix("#") }
    let all = try lines.enumerated().map { try Mutant(number: $0 + 1, line: String($1)) }
    let folder = FileManager.default.currentDirectoryPath
    let checkout = Checkout(original: folder, folder: folder + "/.build/mutants")
    let mutants = all.filter { mutant in
      only.isEmpty || only.split(separator: " ").contains { mutant.file.contains($0) }
    }
    try checkout.write(
      mutants, modules: Set(mutants.map { String($0.tests.prefix { $0 != "." && $0 != "\\" }) }))
    say("building \(mutants.count) mutants …")
    try checkout.build()
    var limits: [String: Int] = [:]
    for tests in Set(mutants.map(\.tests)).sorted() {
      let start = ContinuousClock.now
      let sound = try checkout.test(tests, mutant: 0)
      guard sound.passed, sound.count > 0 else {
        throw MutantError("without a mutant, \(tests) runs \(sound.count) tests and fails: \(sound.failure)")
      }
      // A test that takes ten times as long as without a mutant hangs.
      limits[tests] = 60 + Int(10 * ((ContinuousClock.now - start) / .seconds(1)))
    }
    var (caught, unexplained) = (0, 0)
    var modules: [String: (caught: Int, all: Int)] = [:]
    for mutant in mutants {
      let found = try checkout.test(
        mutant.tests, mutant: mutant.number, limit: limits[mutant.tests] ?? 1800)
      let verdict = found.passed ? "SURVIVED" : "caught by \(found.failure)"
      say("\(mutant.number)\t\(mutant.file)\t\(mutant.fragment) → \(mutant.replacement)\t\(verdict)")
      if found.passed, !mutant.excuse.isEmpty { say("\twhy: \(mutant.excuse)") }
      caught += found.passed ? 0 : 1
      unexplained += found.passed && mutant.excuse.isEmpty ? 1 : 0
      let module = String(mutant.file.split(separator: "/")[1])
      modules[module, default: (0, 0)].all += 1
      modules[module]?.caught += found.passed ? 0 : 1
    }
    for (module, count) in modules.sorted(by: { $0.key < $1.key }) {
      say("| \(module) | \(count.all) | \(count.caught) |")
    }
    let share = 100 * Double(caught) / Double(max(1, mutants.count))
    say(
      "mutants: \(caught) of \(mutants.count) caught (\(String(format: "%.1f", share)) %), \(unexplained) survivors unexplained"
    )
    if share < 95 || unexplained > 0 { throw ExitCode(1) }
  }
  /// Prints a line at once, into a file too.
  private func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
}
