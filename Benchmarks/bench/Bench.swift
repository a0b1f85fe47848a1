internal import ArgumentParser
internal import Foundation
internal import Workers

/// Measures us beside others, in one run on one machine.
@main
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure speed and memory beside others, alternately, in one run.")

  @Argument(help: "The benchmarks to run, by name or by its first word; all if none is named.")
  var names: [String] = []

  @Option(help: "Rounds of each contestant; their medians are compared.")
  var rounds = 5

  @Option(help: "Threads of the benchmarks that can use several.")
  var threads = ProcessInfo.processInfo.activeProcessorCount

  @Option(help: "The Python interpreter of the peers; without it they are left out.")
  var peers: String?

  @Flag(help: "Print the names of the benchmarks.")
  var list = false

  @Option(
    name: .customLong("growth"), parsing: .upToNextOption,
    help: "Instead: seconds and memory of the estimate's stages at these numbers of tasks.")
  var growth: [Int] = []

  @Option(help: .hidden)
  var project: Int?

  func validate() throws {
    guard rounds >= 1 else { throw ValidationError("rounds is \(rounds), it must be at least 1") }
    guard threads >= 1 else { throw ValidationError("threads is \(threads), it must be at least 1") }
  }

  func run() throws {
    if let project {
      // A process of its own, whose memory projection-memory measures.
      _ = try ProjectionSample(hidden: [project, project], transitions: 4096)
        .project(WorkerPool(threads: threads))
      return
    }
    if !growth.isEmpty {
      var table = Growth(threads: threads)
      table.taskCounts = growth
      return try table.run()
    }
    let all = try benchmarks(threads: threads, peers: Peers(python: peers, folder: "Benchmarks/peers"))
    if list { return print(all.map { "\($0.name): \($0.title)" }.joined(separator: "\n")) }
    for name in names where !all.contains(where: { $0.isMeant(by: name) }) {
      throw ValidationError("there is no benchmark \(name); bench --list prints their names")
    }
    var met = 0
    var missed = [String]()
    for benchmark in all where names.isEmpty || names.contains(where: benchmark.isMeant) {
      let measurement = try Measurement(benchmark, rounds: rounds)
      print(measurement.text)
      // A log shows what is done even if the rest takes long.
      fflush(nil)
      if let kept = measurement.keepsLimit {
        if kept { met += 1 } else { missed.append("\(benchmark.name) within its limit") }
      }
      for index in benchmark.contestants.indices.dropFirst() {
        guard let target = measurement.target(index) else { continue }
        if measurement.ratio(index) >= target.ratio {
          met += 1
        } else {
          missed.append("\(benchmark.name) against \(target.contestant)")
        }
      }
    }
    print("\(met) of \(met + missed.count) targets met" + missed.map { "\nmissed: \($0)" }.joined())
  }
}
