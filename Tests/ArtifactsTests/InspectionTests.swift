import Artifacts
import Foundation
import HDF5
import TestSupport
import Testing

@Test(
  "A description shows schema, verdict, provenance and every dataset of each stage",
  arguments: Samples.all.indices)
func description(index: Int) throws {
  try withTemporaryDirectory { folder in
    let path = folder + "/a.h5"
    try Samples.all[index].write(to: path, provenance: Samples.provenance)
    let text = try Inspection.describe(path: path)
    #expect(text.contains(type(of: Samples.all[index]).schema.name + ", version 1: "))
    #expect(text.contains("\n  valid\n"))
    #expect(text.contains("0123abc") && text.contains("    score:\n      bootstrap: 200  # é"))
    let file = try HDF5File(reading: path)
    for (object, kind) in try file.walk() where kind == .dataset && !object.hasPrefix("/plots") {
      #expect(text.contains("\n  \(object) "))
    }
  }
}

@Test("A description shows labelled shapes, ranges, missing values and short values")
func ranges() throws {
  try withTemporaryDirectory { folder in
    let path = folder + "/a.h5"
    try Samples.trainedSet.write(to: path, provenance: Samples.provenance)
    let text = try Inspection.describe(path: path)
    #expect(text.contains("f64 (point 3, task 2)"))
    #expect(text.contains("nan nan 1 2 3 4 return"))
    let large = NetworkParameters(architecture: "{}", sizes: [4, 5], flat: (0..<25).map(Float.init))
    let set = TrainedSetArtifact {
      $0.tasks = ["a"]
      $0.taskIndices = [0]
      $0.policy = large
      $0.normalizer = NormalizerMoments(mean: [0], variance: [1], count: 1)
      $0.curve = LearningCurve(steps: [], returns: [])
      $0.returns = [1]
      $0.randomReturns = [0]
      $0.steps = 3
    }
    try set.write(to: path, provenance: Samples.provenance)
    #expect(
      try Inspection.describe(path: path).contains(
        "f32 (policy_units_1 5, policy_units_0 4)  0 … mean 9.5 … 19"))
  }
}

@Test("A file that breaks its schema is described, with the fault")
func faultyDescription() throws {
  try withTemporaryDirectory { folder in
    try Samples.score().write(to: folder + "/a.h5", provenance: Samples.provenance)
    try copy(folder + "/a.h5", to: folder + "/b.h5", Changes(without: ["/gain"]))
    let text = try Inspection.describe(path: folder + "/b.h5")
    #expect(text.contains("  NOT VALID: \(folder)/b.h5: /gain: expected f64 (task), found nothing"))
    let file = try HDF5File(creating: folder + "/c.h5")
    try file.close()
    let error = #expect(throws: ArtifactError.self) { _ = try Inspection.describe(path: folder + "/c.h5") }
    #expect(error?.description == "\(folder)/c.h5: has no root attribute `schema`, so it is not an artifact")
  }
}

@Test("A comparison finds every difference, in a fixed order, with index, values and largest error")
func comparison() throws {
  try withTemporaryDirectory { folder in
    let (a, b) = (folder + "/a.h5", folder + "/b.h5")
    try Samples.score().write(to: a, provenance: Samples.provenance)
    var provenance = Samples.provenance
    provenance.config = "score:\n  bootstrap: 300\n"
    var score = Samples.score()
    score.affinity[3] += 0.25
    score.affinity[7] -= 0.5
    try score.write(to: b, provenance: provenance)
    #expect(try Inspection.compare(a, a).isEqual)
    let found = try Inspection.compare(a, b)
    #expect(!found.isEqual && found.agreement(tolerance: 0) == .different)
    #expect(found.differences.map(\.path) == ["/provenance@config", "/affinity[1, 0]"])
    let first = try #require(found.differences.first)
    #expect(first.first == "line 2:   bootstrap: 200  # é" && first.second == "line 2:   bootstrap: 300")
    let matrix = try #require(found.differences.first { $0.path.hasPrefix("/affinity[") })
    #expect(matrix.path == "/affinity[1, 0]" && matrix.first == "0.5" && matrix.second == "0.75")
    #expect(matrix.count == 2 && matrix.largestError == 0.5)
    #expect(matrix.description == "/affinity[1, 0]: 0.5 | 0.75 (2 differ, by at most 0.5)")
  }
}

@Test("A comparison of other shapes, of missing objects and of NaN says so")
func structuralComparison() throws {
  try withTemporaryDirectory { folder in
    let (a, b) = (folder + "/a.h5", folder + "/b.h5")
    try Samples.sampleSubsets.write(to: a, provenance: Samples.provenance)
    var provenance = Samples.provenance
    provenance.seed = 8
    try Samples.sampleSubsets.write(to: b, provenance: provenance)
    let seed = try Inspection.compare(a, b)
    #expect(
      seed.agreement(tolerance: 0) == .equalContent
        && seed.description == "/provenance@seed: 7 | 8 (1 differ, by at most 1.0)"
    )
    var other = Samples.sampleSubsets
    other.subsets = [[0]]
    try other.write(to: b, provenance: Samples.provenance)
    #expect(
      try Inspection.compare(a, b).description
        == "/member: u8 [4, 3] (subset, task) | u8 [1, 3] (subset, task)")
    try copy(a, to: folder + "/c.h5", Changes(without: ["/member"]))
    #expect(
      try Inspection.compare(a, folder + "/c.h5").differences.last?.description
        == "/member: u8 [4, 3] (subset, task) | nothing")
    try Samples.score().write(to: a, provenance: Samples.provenance)
    try copy(
      a, to: folder + "/d.h5",
      Changes(datasets: [
        "/performance": {
          try $0.write([Double](repeating: .nan, count: 12), to: "/performance", shape: [4, 3])
        }
      ]))
    let nan = try Inspection.compare(a, folder + "/d.h5").differences.first {
      $0.path.hasPrefix("/performance")
    }
    #expect(nan?.path == "/performance[0, 0]" && nan?.count == 9 && nan?.largestError == .infinity)
  }
}

@Test("Artifacts agree in bytes, in content, within a tolerance or not at all")
func agreement() throws {
  try withTemporaryDirectory { folder in
    let (a, b) = (folder + "/a.h5", folder + "/b.h5")
    try Samples.score().write(to: a, provenance: Samples.provenance)
    func agreement(_ artifact: ScoreArtifact, seed: Int = 7, tolerance: Double) throws -> Agreement {
      var provenance = Samples.provenance
      provenance.seed = seed
      try? FileManager.default.removeItem(atPath: b)
      try artifact.write(to: b, provenance: provenance)
      return try Inspection.compare(a, b).agreement(tolerance: tolerance)
    }
    #expect(try agreement(Samples.score(), tolerance: 0) == .equalBytes)
    #expect(try agreement(Samples.score(), seed: 8, tolerance: 0) == .equalContent)
    var affinity = Samples.score().affinity
    let largest = affinity.reduce(0) { max($0, abs($1)) }
    affinity[3] += 1e-6 * largest
    let near = Samples.score(affinity: affinity)
    #expect(try agreement(near, tolerance: 2e-6) == .withinTolerance(2e-6))
    #expect(try agreement(near, tolerance: 5e-7) == .different)
    #expect(try agreement(near, tolerance: 0) == .different)
  }
}
