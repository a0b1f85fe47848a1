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
  @Test("three benchmarks of ten tasks and Gymnasium's two plain tasks are shipped")
  func benchmarks() throws {
    let counts = try shipped.map { file in
      let tasks = try BenchmarkConfiguration(reading: file, profile: nil).learner.tasks
      return "\(URL(fileURLWithPath: file).lastPathComponent): \(tasks.count)"
    }
    #expect(
      counts == [
        "cartpole-v1.yaml: 1", "cartpole.yaml: 10", "halfcheetah-separate.yaml: 10", "halfcheetah-v5.yaml: 1",
        "halfcheetah.yaml: 10",
      ])
  }

  @Test("a shipped configuration loads and slices, plain and with each of its profiles", arguments: shipped)
  func loads(file: String) throws {
    let plain = try BenchmarkConfiguration(reading: file, profile: nil)
    #expect(plain.profiles.contains("smoke"))
    for profile in [nil] + plain.profiles.map({ Optional($0) }) {
      let configuration = try BenchmarkConfiguration(reading: file, profile: profile)
      #expect(configuration.learner.tasks.count == plain.learner.tasks.count)
      for stage in Stage.allCases {
        #expect(
          configuration.slice(for: stage, seed: 0, tasks: []).hasPrefix("stage: \"\(stage.rawValue)\"\n"))
      }
    }
  }

  @Test(
    "every variation of a plain task has a slice of meta-train of its own", arguments: shipped)
  func variations(file: String) throws {
    let plain = try BenchmarkConfiguration(reading: file, profile: nil)
    guard plain.learner.tasks.count == 1 else { return }
    let slices = try ([nil] + plain.profiles.map { Optional($0) }).map {
      try BenchmarkConfiguration(reading: file, profile: $0).slice(for: .metaTrain, seed: 0, tasks: [])
    }
    #expect(slices.count > 10 && Set(slices).count == slices.count)
  }
}
