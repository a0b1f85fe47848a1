import Foundation
import TestSupport
import Testing

@Suite struct MutationTests {
  /// Runs `mutate-artifacts` on the files of version 1.
  private func mutate(_ arguments: [String]) throws -> (Int32, String) {
    let executable = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable).deletingLastPathComponent()
      .appendingPathComponent("mutate-artifacts")
    process.arguments = arguments + Fixtures.version1
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  @Test("spoilt artifacts are refused in one line, and break no reader", arguments: [1, 2, 3])
  func spoilt(seed: Int) throws {
    let (status, output) = try mutate(["--seed", "\(seed)", "--cases", "400"])
    #expect(
      status == 0 && output.hasPrefix("400 cases: ") && output.hasSuffix(" 0 broke the reader\n"), "\(output)"
    )
  }
}
