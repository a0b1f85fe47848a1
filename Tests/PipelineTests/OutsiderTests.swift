import Artifacts
import Configuration
import Foundation
import HDF5
import Random
import TestSupport
import Testing

/// Gradients and advantages of somebody else's policy, with families of tasks that want the same step planted in them.
private struct Stranger {
  /// The family of each task.
  let families = [0, 1, 2, 0, 1, 2]
  private let dimension = 24
  private let episodes = 24
  private let steps = 16

  /// Writes the two files that the contract asks for, and nothing in them that it does not.
  func write(gradients: String, subsets: String) throws {
    var random = RandomStream(seed: 11, name: "stranger")
    let directions = (0..<3).map { _ in (0..<dimension).map { _ in random.gaussian() } }
    var (features, advantages): ([Float], [Float]) = ([], [])
    var (task, episode, held): ([Int32], [Int32], [UInt8]) = ([], [], [])
    for (index, family) in families.enumerated() {
      for e in 0..<episodes {
        for _ in 0..<steps {
          let gradient = (0..<dimension).map { _ in random.gaussian() }
          let wish = zip(gradient, directions[family]).reduce(0) { $0 + $1.0 * $1.1 }
          features += gradient.map { Float($0) }
          // The directions have a length of about √24, so the wish explains nine tenths of the variance.
          advantages.append(
            Float((wish / 24.0.squareRoot() + random.gaussian() / 3) / (10.0 / 9).squareRoot()))
          task.append(Int32(index))
          episode.append(Int32(e))
          held.append(e % 3 == 0 ? 1 : 0)
        }
      }
    }
    let samples = task.count
    let file = try HDF5File(creating: gradients)
    try describe(file, as: "collect-gradients")
    try file.write(features, to: "/features", shape: [samples, dimension])
    try file.setAttribute("DIMENSION_LABELS", of: "/features", to: .strings(["sample", "feature"]))
    try file.write(task, to: "/task", shape: [samples])
    try file.write(episode, to: "/episode", shape: [samples])
    try file.write(held, to: "/held_out", shape: [samples])
    try file.write(advantages, to: "/advantage", shape: [samples])
    for name in ["/task", "/episode", "/held_out", "/advantage"] {
      try file.setAttribute("DIMENSION_LABELS", of: name, to: .strings(["sample"]))
    }
    try file.close()
    try writeSubsets(subsets)
  }

  private func writeSubsets(_ path: String) throws {
    let count = families.count
    var member: [UInt8] = []
    for i in 0..<count {
      for j in i + 1..<count {
        for k in j + 1..<count { member += (0..<count).map { [i, j, k].contains($0) ? 1 : 0 } }
      }
    }
    let file = try HDF5File(creating: path)
    try describe(file, as: "sample-subsets")
    try file.write(member, to: "/member", shape: [member.count / count, count])
    try file.setAttribute("DIMENSION_LABELS", of: "/member", to: .strings(["subset", "task"]))
    try file.close()
  }

  private func describe(_ file: borrowing HDF5File, as stage: String) throws {
    try file.setAttribute("schema", of: "/", to: .string("policygradex/\(stage)"))
    try file.setAttribute("schema_version", of: "/", to: .integer(1))
    try file.write(families.indices.map { "stranger-\($0)" }, to: "/dims/task", shape: [families.count])
    try file.setAttribute("DIMENSION_LABELS", of: "/dims/task", to: .strings(["task"]))
  }
}

@Suite struct OutsiderTests {
  @Test(
    "families planted in somebody else's gradients are found again, with no configuration but the defaults")
  func plantedFamilies() throws {
    let stranger = Stranger()
    try withTemporaryDirectory { folder in
      let (gradients, subsets) = (folder + "/gradients.h5", folder + "/subsets.h5")
      try stranger.write(gradients: gradients, subsets: subsets)
      func run(_ stage: Stage, _ settings: String, _ inputs: [String]) throws -> String {
        let (config, output) = ("\(folder)/\(stage.rawValue).yaml", "\(folder)/\(stage.rawValue).h5")
        let slice = "stage: \(stage.rawValue)\nstage_version: \(stage.version)\nseed: 0\n\(settings)"
        try Data(slice.utf8).write(to: URL(fileURLWithPath: config))
        let finished = try Programs.run(
          stage.rawValue, ["--config", config, "--output", output] + inputs)
        try #require(finished.status == 0, "\(finished.errors)")
        return output
      }
      let files = ["--collect-gradients", gradients, "--sample-subsets", subsets]
      let adapted = try run(.linearizedAdapt, "", files)
      let scored = try run(.score, "", files + ["--linearized-adapt", adapted])
      let scores = try ScoreArtifact(reading: scored)
      #expect(
        scores.verdict == "structure: 6 of 6 tasks gain on held-out episodes (two or more, interval above 0)")
      #expect(scores.hasReliableStructure)
      // Residual affinities are certain here: above 0 within a planted family, below 0 between families.
      for (i, first) in stranger.families.enumerated() {
        for (j, second) in stranger.families.enumerated() {
          let ends = (scores.affinityResidualLow[i * 6 + j], scores.affinityResidualHigh[i * 6 + j])
          #expect(i == j || ends.0 < ends.1)
          #expect(i == j ? ends == (0, 0) : first == second ? ends.0 > 0 : ends.1 < 0, "\(i), \(j): \(ends)")
        }
      }
      for settings in ["cluster: {k: 3}", "cluster: {k: 3, affinity: per_task}"] {
        let clusters = try ClusterArtifact(reading: run(.cluster, settings, ["--score", scored]))
        let found = try #require(clusters.groupings.first { $0.name == "policygradex" })
        #expect(found.labels.map(Int.init) == stranger.families)
      }
      for artifact in [gradients, subsets] {
        let shown = try Programs.run("pgx", ["show", artifact])
        #expect(shown.status == 0 && shown.output.contains("\n  valid\n"))
      }
    }
  }
}
