import Foundation
import TestSupport
import Testing

@Suite struct MemoryTests {
  /// The resident memory of a process now, kibibytes (VmRSS of /proc/<id>/status); nil when it has ended.
  private func residentMemory(_ process: Int32) -> Int? {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") })
    else { return nil }
    return line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
  }

  @Test(
    "the resident memory of meta-train is the same at its tenth of time as at any later one, within 5 %",
    .enabled(if: Extent.isFull, "memory over time is measured by make reliability"))
  func flat() throws {
    try withTemporaryDirectory { folder in
      // About a second: some hundred iterations, of which the first ten stand for a run of a tenth of the steps.
      let long = Chain.benchmark.replacingOccurrences(
        of: "total_timesteps: 96", with: "total_timesteps: 1500000"
      )
      .replacingOccurrences(of: "num_envs: 1, num_steps: 16", with: "num_envs: 8, num_steps: 128")
      let chain = try Chain(in: folder, benchmark: long)
      _ = try Sandbox.run(Sandbox.programs + "/pgx", chain.configuration.whole)
      let call = chain.stages[0]
      let process = Sandbox.prepared("\(Sandbox.programs)/\(call.program)", call.whole + ["--quiet"])
      try process.run()
      var samples: [Int] = []
      while process.isRunning, let now = residentMemory(process.processIdentifier) {
        samples.append(now)
        usleep(2000)
      }
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      // What is sampled last is a process on its way out.
      let whole = samples.dropLast(samples.count / 20 + 1)
      try #require(whole.count >= 40, "only \(whole.count) samples")
      let tenths = (1..<10).map { tenth in
        let part = whole.dropFirst(tenth * whole.count / 10).prefix(whole.count / 10).sorted()
        return Double(part[part.count / 2])
      }
      let growth = (tenths.max() ?? .infinity) / tenths[0] - 1
      // A page of curve in ten iterations is 0.01 %; 8 bytes lost in each step would be 10 %.
      #expect(growth < 0.05, "\(tenths)")
      print(
        "reliability: growth of meta-train's resident memory over 10 × steps: \(String(format: "%.2f", 100 * growth)) %"
      )
    }
  }
}
