import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct HeldRunTests {
  /// Waits until a file has contents.
  private func contents(_ path: String) throws -> String {
    var text = ""
    _ = waited {
      text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
      return !text.isEmpty
    }
    try #require(!text.isEmpty, "\(path) does not appear")
    return text
  }

  @Test(
    "a second make on a run folder says in one line which process holds it, and takes nothing from the first")
  func twoMakes() throws {
    try withTemporaryDirectory { folder in
      let long = Chain.benchmark.replacingOccurrences(
        of: "total_timesteps: 96", with: "total_timesteps: 500000")
      _ = try Chain(in: folder, benchmark: long)
      let words = [
        "benchmark=b", "CONFIG=\(folder)/b.yaml", "runs=\(folder)/runs", "threads=1", "meta-train",
      ]
      let run = folder + "/runs/b/seed-0"
      let first = Sandbox.prepared("/usr/bin/env", Sandbox.makeArguments(words))
      first.standardOutput = FileHandle.nullDevice
      first.standardError = FileHandle.nullDevice
      try first.run()
      let holder = try contents(run + "/.meta-train.h5.lock")
      #expect(holder.hasPrefix("process ") && holder.contains(" on "))
      // However long the second one takes to start, the first is not done before.
      let process = try #require(holder.firstMatch(of: /process ([0-9]+)/).flatMap { Int32($0.1) })
      kill(process, SIGSTOP)
      defer { kill(process, SIGCONT) }
      let second = try Sandbox.make(words)
      let direct = try Sandbox.run(
        "\(Sandbox.programs)/meta-train",
        ["--config", run + "/config/meta-train.yaml", "--output", run + "/meta-train.h5"])
      let line =
        "meta-train: error: \(run)/meta-train.h5 is being made by \(holder); wait for it, stop it, or give another "
        + "runs= folder"
      #expect(direct.status == 75 && direct.errors == line + "\n", "\(direct.errors)")
      #expect(second.status == 2, "\(second)")
      #expect((second.output + second.errors).components(separatedBy: line).count == 2, "\(second)")
      kill(process, SIGCONT)
      first.waitUntilExit()
      #expect(first.terminationStatus == 0)
      let show = try Sandbox.run("\(Sandbox.programs)/pgx", ["show", run + "/meta-train.h5"])
      #expect(show.status == 0 && show.output.contains("\n  valid\n"))
      #expect(listing(run).allSatisfy { !$0.hasSuffix(".lock") && !$0.hasSuffix(".part") })
      let log = try String(contentsOfFile: run + "/logs/meta-train.log", encoding: .utf8)
      #expect(log.contains(line) && log.contains("wrote ") && !log.contains("\0"))
    }
  }

  @Test(
    "two runs of different artifacts of one folder do not hold each other up, nor does what a killed one left"
  )
  func otherArtifacts() throws {
    try withTemporaryDirectory { folder in
      var chain = try Chain(in: folder)
      try chain.runAll()
      let long = Chain.benchmark.replacing("total_timesteps: 96", with: "total_timesteps: 500000")
      try FileManager.default.removeItem(atPath: folder + "/actions.h5")
      chain = try Chain(in: folder, benchmark: long)
      _ = try Sandbox.run("\(Sandbox.programs)/pgx", chain.configuration.whole)
      let before = try Data(contentsOf: URL(fileURLWithPath: chain.run + "/sample-subsets.h5"))
      // Another stage is at its artifact, and stays at it while this one runs.
      let other = chain.stages[0]
      let first = Sandbox.prepared("\(Sandbox.programs)/\(other.program)", other.whole + ["--quiet"])
      try first.run()
      defer {
        kill(first.processIdentifier, SIGKILL)
        first.waitUntilExit()
      }
      _ = try contents(chain.run + "/.meta-train.h5.lock")
      kill(first.processIdentifier, SIGSTOP)
      try write("process 1 on elsewhere", to: chain.run + "/.sample-subsets.h5.lock")
      try write("half", to: chain.run + "/sample-subsets.h5.part")
      let call = chain.stages[2]
      let ended = try Sandbox.run("\(Sandbox.programs)/\(call.program)", call.whole)
      #expect(ended.status == 0, "\(ended.errors)")
      #expect(try Data(contentsOf: URL(fileURLWithPath: chain.run + "/sample-subsets.h5")) == before)
      #expect(listing(chain.run).filter { $0.hasSuffix(".lock") } == [".meta-train.h5.lock"])
      #expect(listing(chain.run).allSatisfy { !$0.hasSuffix(".part") })
    }
  }
}
