import Configuration
import Foundation
import Testing

/// The files of configs/.
private let shipped: [String] = {
  let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("configs").path
  let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  return names.filter { $0.hasSuffix(".yaml") }.sorted().map { "\(folder)/\($0)" }
}()

@Suite struct ShippedConfigurationTests {
  @Test("the two benchmarks are shipped")
  func benchmarks() {
    let names = shipped.map { URL(fileURLWithPath: $0).lastPathComponent }
    #expect(names.contains("halfcheetah.yaml") && names.contains("cartpole.yaml"))
  }

  @Test("a shipped configuration loads and slices, plain and with each of its profiles", arguments: shipped)
  func loads(file: String) throws {
    let plain = try BenchmarkConfiguration(reading: file, profile: nil)
    #expect(plain.profiles.contains("smoke"))
    for profile in [nil] + plain.profiles.map({ Optional($0) }) {
      let configuration = try BenchmarkConfiguration(reading: file, profile: profile)
      #expect(configuration.learner.tasks.count == 10)
      for stage in Stage.allCases {
        #expect(
          configuration.slice(for: stage, seed: 0, tasks: []).hasPrefix("stage: \"\(stage.rawValue)\"\n"))
      }
    }
  }
}
