import Environments
import Foundation
import Testing

/// The family of each golden file.
let goldenFamilies = ["cartpole": "CartPole-v1", "halfcheetah": "HalfCheetah-v5"]

/// Steps of Gymnasium 1.4.0, made by scripts/golden/environments.py.
struct GoldenFile: Decodable {
  struct Case: Decodable {
    var name: String
    var parameters: [String: Double]
    var states: [[Double]]  // (N, S)
    var actions: [[Float]]  // (N, A)
    var observations: [[Double]]  // (N, O)  after the step
    var rewards: [Double]  // (N)
    var terminated: [Bool]  // (N)
    var replay: Replay
    var openLoops: [OpenLoop]

    func makeEnvironment(_ family: String) throws -> any RestorableEnvironment {
      try makeRegistry().makeRestorable(
        TaskSpecification(
          name: name, family: family, parameters: parameters.mapValues { .number($0) }, horizon: 1))
    }
  }

  struct Replay: Decodable {
    var horizon: Int
    var state: [Double]  // (S)
    var actions: [[Float]]  // (T, A)
    var observations: [[Double]]  // (T + 1, O)
    var rewards: [Double]  // (T)
    var terminations: [Bool]  // (T)
    var truncations: [Bool]  // (T)
  }

  struct OpenLoop: Decodable {
    var actions: String  // how they come about
    var givenActions: String?  // a digit each, for the kind "given"
    var seed: UInt64
    var steps: Int  // T
    var digest: String  // of all observations, rewards and terminations
    var checkpoints: [Int]  // (C)
    var observations: [[Double]]  // (C, O)
    var rewards: [Double]  // (C)  of the step that led there
    var firstTermination: Int?
  }

  struct Starts: Decodable {
    var seed: UInt64
    var states: [[Double]]  // (3, S)
  }

  var versions: [String: String]
  var mathematics: String
  var starts: [Starts]
  var cases: [Case]

  init(named name: String) throws {
    let url = try #require(
      Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Fixtures"))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(GoldenFile.self, from: Data(contentsOf: url))
  }
}
