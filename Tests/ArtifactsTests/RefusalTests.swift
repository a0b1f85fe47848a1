import Artifacts
import Foundation
import HDF5
import TestSupport
import Testing

/// Writes a score with changes and returns the error of reading it.
private func refusal(_ folder: String, _ changes: Changes) throws -> ArtifactError? {
  try refusal(of: Samples.score(), folder, changes)
}

/// Writes an artifact with changes and returns the error of reading it, with the file's name in front of it removed.
private func refusal<A: Artifact>(of artifact: A, _ folder: String, _ changes: Changes) throws
  -> ArtifactError?
{
  let (good, bad) = (folder + "/good.h5", folder + "/bad.h5")
  for path in [good, bad] { try? FileManager.default.removeItem(atPath: path) }
  try artifact.write(to: good, provenance: Samples.provenance)
  try copy(good, to: bad, Changes())
  _ = try A(reading: bad)  // the copy itself is no fault
  try FileManager.default.removeItem(atPath: bad)
  try copy(good, to: bad, changes)
  let error = #expect(throws: ArtifactError.self) { _ = try A(reading: bad) }
  #expect(error?.exitCode == 65)
  #expect(error?.description.contains("\n") == false)
  return error
}

@Test("A missing file, a folder and a file that is not HDF5 are refused by name")
func notAFile() throws {
  try withTemporaryDirectory { folder in
    let path = folder + "/score.h5"
    let missing = #expect(throws: ArtifactError.self) { _ = try ScoreArtifact(reading: path) }
    #expect(missing?.description == "\(path): cannot be read: No such file or directory")
    let directory = #expect(throws: ArtifactError.self) { _ = try ScoreArtifact(reading: folder) }
    #expect(directory?.description == "\(folder): cannot be read: it is not a file")
    try Data("a,b\n1,2\n".utf8).write(to: URL(fileURLWithPath: path))
    let text = #expect(throws: ArtifactError.self) { _ = try ScoreArtifact(reading: path) }
    #expect(text == .notHDF5(file: path))
    #expect([missing, directory, text].allSatisfy { $0?.exitCode == 65 })
  }
}

@Test("A file cut anywhere is refused by name", arguments: [0.0, 0.001, 0.01, 0.1, 0.3, 0.5, 0.9, 0.999, 1])
func truncated(fraction: Double) throws {
  try withTemporaryDirectory { folder in
    let path = folder + "/meta-train.h5"
    try Samples.metaTrain.write(to: path, provenance: Samples.provenance)
    let whole = try bytes(path)
    let length = min(whole.count - 1, Int(fraction * Double(whole.count)))
    try whole.prefix(length).write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: ArtifactError.self) { _ = try MetaTrainArtifact(reading: path) }
    #expect(error?.exitCode == 65 && error?.description.hasPrefix(path + ": is ") == true)
    #expect(error?.description.contains("\n") == false)
  }
}

@Test("HDF5 files of others and of other stages are refused, and say what they are")
func foreign() throws {
  try withTemporaryDirectory { folder in
    let path = folder + "/a.h5"
    let file = try HDF5File(creating: path)
    try file.write([1.0, 2], to: "/affinity", shape: [2])
    try file.close()
    let foreign = #expect(throws: ArtifactError.self) { _ = try ScoreArtifact(reading: path) }
    #expect(foreign?.description == "\(path): has no root attribute `schema`, expected policygradex/score")
    try Samples.score().write(to: path, provenance: Samples.provenance)
    let other = #expect(throws: ArtifactError.self) { _ = try ClusterArtifact(reading: path) }
    #expect(other?.description == "\(path): is a policygradex/score artifact, expected policygradex/cluster")
    let version = try refusal(folder, Changes(attributes: ["/@schema_version": .integer(2)]))
    #expect(
      version?.description
        == "\(folder)/bad.h5: /@schema_version: expected 1 of policygradex/score, found 2")
    let none = try refusal(folder, Changes(withoutAttributes: ["/@schema_version"]))
    #expect(none?.description.hasSuffix("expected 1 of policygradex/score, found nothing") == true)
    let schema = #expect(throws: ArtifactError.self) {
      try copy(folder + "/good.h5", to: folder + "/c.h5", Changes(attributes: ["/@schema": .string("x/y")]))
      _ = try Inspection.describe(path: folder + "/c.h5")
    }
    #expect(schema?.description == "\(folder)/c.h5: is of the unknown schema x/y")
  }
}

@Test(
  "A dataset that is missing or of a wrong type, shape, label or length is named, with expected and found")
func structure() throws {
  try withTemporaryDirectory { folder in
    let bad = folder + "/bad.h5: "
    let missing = try refusal(folder, Changes(without: ["/affinity"]))
    #expect(missing?.description == bad + "/affinity: expected f64 (task, task), found nothing")
    let type = try refusal(
      folder,
      Changes(datasets: [
        "/affinity": { try $0.write([Float](repeating: 0, count: 9), to: "/affinity", shape: [3, 3]) }
      ])
    )
    #expect(type?.description == bad + "/affinity: expected f64 (task, task), found elements of type f32")
    let rank = try refusal(
      folder,
      Changes(datasets: [
        "/affinity": { try $0.write([Double](repeating: 0, count: 9), to: "/affinity", shape: [9]) }
      ])
    )
    #expect(rank?.description == bad + "/affinity: expected f64 (task, task), found the shape [9]")
    let label = try refusal(
      folder, Changes(attributes: ["/affinity@DIMENSION_LABELS": .strings(["task", "row"])]))
    #expect(
      label?.description == bad + "/affinity@DIMENSION_LABELS: expected (task, task), found (task, row)")
    let noLabel = try refusal(folder, Changes(withoutAttributes: ["/affinity@DIMENSION_LABELS"]))
    #expect(noLabel?.description == bad + "/affinity@DIMENSION_LABELS: expected (task, task), found nothing")
    let length = try refusal(
      folder, Changes(datasets: ["/gain": { try $0.write([0.0, 0], to: "/gain", shape: [2]) }]))
    #expect(
      length?.description == bad + "/gain: expected length 3 along task, as in /dims/task, found length 2")
    let attribute = try refusal(folder, Changes(withoutAttributes: ["/@verdict"]))
    #expect(attribute?.description == bad + "/@verdict: expected an attribute of kind string, found nothing")
    let kind = try refusal(folder, Changes(attributes: ["/@verdict": .integer(1)]))
    #expect(kind?.description == bad + "/@verdict: expected an attribute of kind string, found 1")
    let alternatives = try refusal(
      of: Samples.collectGradients, folder,
      Changes(datasets: [
        "/actions": { try $0.write([Int64](repeating: 0, count: 6), to: "/actions", shape: [6]) }
      ]))
    #expect(
      alternatives?.description
        == bad + "/actions: expected f32 (sample, action) or i32 (sample), found elements of type i64")
  }
}

@Test("A value that is not finite, or outside its range, is named with its index")
func badValues() throws {
  try withTemporaryDirectory { folder in
    let bad = folder + "/bad.h5: "
    var matrix = Samples.score().affinity
    matrix[5] = .nan
    let nan = try refusal(
      folder,
      Changes(datasets: ["/affinity": { [matrix] in try $0.write(matrix, to: "/affinity", shape: [3, 3]) }]))
    #expect(nan?.description == bad + "/affinity[1, 2]: expected a finite number, found nan")
    var table = Samples.score().performance
    table[0] = -.infinity
    let infinite = try refusal(
      folder,
      Changes(datasets: [
        "/performance": { [table] in try $0.write(table, to: "/performance", shape: [4, 3]) }
      ]))
    #expect(infinite?.description == bad + "/performance[0, 0]: expected a finite number or NaN, found -inf")
    let residual = try refusal(
      folder,
      Changes(datasets: [
        "/affinity_residual_low": {
          try $0.write([Double](repeating: 9, count: 9), to: "/affinity_residual_low", shape: [3, 3])
        }
      ]))
    #expect(
      residual?.description == bad
        + "/affinity_residual_low[0, 0]: expected at most /affinity_residual_high, 1.2, found 9.0")
    let order = try refusal(
      folder, Changes(datasets: ["/gain_low": { try $0.write([9.0, 0, -1], to: "/gain_low", shape: [3]) }]))
    #expect(
      order?.description == bad + "/gain_low[0]: expected at most /gain_high, 0.15000000000000002, found 9.0")
    let flag = try refusal(
      of: Samples.sampleSubsets, folder,
      Changes(datasets: [
        "/member": { try $0.write([UInt8](repeating: 2, count: 12), to: "/member", shape: [4, 3]) }
      ]))
    #expect(flag?.description == bad + "/member[0, 0]: expected a number from 0 to 1, found 2")
    let empty = try refusal(
      of: Samples.sampleSubsets, folder,
      Changes(datasets: [
        "/member": { try $0.write([1, 1, 0, 0, 0, 0] as [UInt8], to: "/member", shape: [2, 3]) }
      ]))
    #expect(empty?.description == bad + "/member[1]: expected at least one task, found an empty subset")
    let name = try refusal(
      of: Samples.sampleSubsets, folder,
      Changes(datasets: ["/dims/task": { try $0.write(["a", "b", "a"], to: "/dims/task", shape: [3]) }]))
    #expect(name?.description == bad + "/dims/task[2]: expected a name of its own, found \"a\"")
  }
}

@Test("What only the stage can tell is checked too")
func stageRules() throws {
  try withTemporaryDirectory { folder in
    let bad = folder + "/bad.h5: "
    let task = try refusal(
      of: Samples.collectGradients, folder,
      Changes(datasets: ["/task": { try $0.write([0, 0, 1, 1, 2, 3] as [Int32], to: "/task", shape: [6]) }]))
    #expect(task?.description == bad + "/task[5]: expected an index below the 3 tasks, found 3")
    let split = try refusal(
      of: Samples.collectGradients, folder,
      Changes(datasets: [
        "/episode": { try $0.write([Int32](repeating: 0, count: 6), to: "/episode", shape: [6]) }
      ]))
    #expect(
      split?.description == bad + "/held_out[1]: expected the same for all samples of episode 0, found 1")
    let unscored = try refusal(
      of: Samples.collectGradients, folder,
      Changes(datasets: [
        "/held_out": { try $0.write([0, 1, 0, 0, 0, 1] as [UInt8], to: "/held_out", shape: [6]) }
      ]))
    #expect(
      unscored?.description
        == bad + "/held_out: expected episodes of both kinds for the task cartpole/long, found none held out")
    let gap = try refusal(
      of: Samples.cluster, folder,
      Changes(datasets: [
        "/groupings/single": { try $0.write([0, 2, 0] as [Int32], to: "/groupings/single", shape: [3]) }
      ]))
    #expect(
      gap?.description == bad
        + "/groupings/single: expected groups numbered from 0 without a gap, found [0, 2]")
    let unlisted = try refusal(of: Samples.cluster, folder, Changes(without: ["/groupings/single"]))
    #expect(unlisted?.description.contains("/groupings@order: expected the names of all groupings") == true)
    let layer = try refusal(
      of: Samples.metaTrain, folder, Changes(without: ["/policy/layer_0/weight", "/policy/layer_0/bias"]))
    #expect(
      layer?.description
        == bad + "/policy: expected layers numbered 0, 1, … without a gap, "
        + "found /policy/layer_1/bias, /policy/layer_1/weight")
    let width = try refusal(
      of: Samples.metaTrain, folder,
      Changes(datasets: [
        "/policy/layer_1/weight": {
          try $0.write([Float](repeating: 0, count: 8), to: "/policy/layer_1/weight", shape: [2, 4])
        }
      ]))
    #expect(
      width?.description
        == bad
        + "/policy/layer_1/weight: expected length 3 along policy_units_1, as in /policy/layer_0/bias, "
        + "found length 4")
  }
}

@Test("A file written elsewhere needs no provenance, no units and no transitions")
func fileFromElsewhere() throws {
  try withTemporaryDirectory { folder in
    let path = folder + "/collect-gradients.h5"
    let file = try HDF5File(creating: path)
    try file.setAttribute("schema", of: "/", to: .string("policygradex/collect-gradients"))
    try file.setAttribute("schema_version", of: "/", to: .integer(1))
    try file.write(["x", "y"], to: "/dims/task", shape: [2])
    try file.write([0, 0, 1, 1] as [Int32], to: "/task", shape: [4])
    try file.write([0, 1, 0, 1] as [Int32], to: "/episode", shape: [4])
    try file.write([0, 1, 1, 0] as [UInt8], to: "/held_out", shape: [4])
    try file.write([1, -1, 1, -1] as [Float], to: "/advantage", shape: [4])
    try file.write([1, 2, 3, 4, 5, 6, 7, 8] as [Float], to: "/features", shape: [4, 2])
    try file.write([1.0, 2], to: "/note", shape: [2])
    try file.setAttribute("DIMENSION_LABELS", of: "/dims/task", to: .strings(["task"]))
    for name in ["/task", "/episode", "/held_out", "/advantage"] {
      try file.setAttribute("DIMENSION_LABELS", of: name, to: .strings(["sample"]))
    }
    try file.setAttribute("DIMENSION_LABELS", of: "/features", to: .strings(["sample", "feature"]))
    try file.close()
    let read = try CollectGradientsArtifact(reading: path)
    #expect(
      read.tasks == ["x", "y"] && read.dimension == 2 && read.observations == nil && read.taskReturn == nil)
    #expect(read.features == [1, 2, 3, 4, 5, 6, 7, 8])
    let error = #expect(throws: ArtifactError.self) { _ = try Provenance(reading: path) }
    #expect(error?.description.contains("/provenance@") == true)
  }
}
