import Artifacts
import Digest
import Foundation
import HDF5
import TestSupport
import Testing

/// Writes an artifact, reads it back as the same type, writes that, and compares the two files.
private func roundTrip<A: Artifact>(_ artifact: A, in folder: String) throws {
  try artifact.write(to: folder + "/a.h5", provenance: Samples.provenance)
  try A(reading: folder + "/a.h5").write(to: folder + "/b.h5", provenance: Samples.provenance)
  #expect(try bytes(folder + "/a.h5") == bytes(folder + "/b.h5"))
  #expect(try Inspection.compare(folder + "/a.h5", folder + "/b.h5").isEqual)
}

@Test("What a stage writes is read back as it was", arguments: Samples.all.indices)
func roundTrip(index: Int) throws {
  try withTemporaryDirectory { folder in
    try roundTrip(Samples.all[index], in: folder)
    #expect(try files(folder) == ["a.h5", "b.h5"])
    #expect(try Provenance(reading: folder + "/b.h5") == Samples.provenance)
  }
}

// The states among the fixtures are from before episodes were marked as diverged, so they are not the same again.
@Test(
  "A stage's file of schema version 1, read and written again, has the bytes that it had",
  arguments: Samples.all.indices.dropLast(2))
func version1Bytes(index: Int) throws {
  func rewritten<A: Artifact>(_ type: A.Type, from path: String, to copy: String) throws {
    try A(reading: path).write(to: copy, provenance: Provenance(reading: path))
  }
  let type = type(of: Samples.all[index])
  let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  let fixture = tests.appendingPathComponent("Fixtures/artifacts/v1/\(type.schema.stage).h5").path
  try withTemporaryDirectory { folder in
    try rewritten(type, from: fixture, to: folder + "/a.h5")
    #expect(try bytes(folder + "/a.h5") == bytes(fixture))
  }
}

@Test("The values read are the values written, not only the bytes")
func values() throws {
  try withTemporaryDirectory { folder in
    let path = folder + "/a.h5"
    func reread<A: Artifact>(_ artifact: A) throws -> A {
      try artifact.write(to: path, provenance: Samples.provenance)
      return try A(reading: path)
    }
    #expect(try reread(Samples.metaTrain) == Samples.metaTrain)
    #expect(try reread(Samples.collectGradients) == Samples.collectGradients)
    #expect(try reread(Samples.sampleSubsets) == Samples.sampleSubsets)
    #expect(try reread(Samples.linearizedAdapt) == Samples.linearizedAdapt)
    #expect(try reread(Samples.cluster) == Samples.cluster)
    #expect(try reread(Samples.evaluation) == Samples.evaluation)
    #expect(try reread(Samples.trainingCheckpoint) == Samples.trainingCheckpoint)
    #expect(try reread(Samples.collectionCheckpoint) == Samples.collectionCheckpoint)
    // NaN is unequal to itself, so these two are compared field by field.
    let score = try reread(Samples.score())
    #expect(score.performance.map(\.bitPattern) == Samples.score().performance.map(\.bitPattern))
    #expect(score.affinity == Samples.score().affinity && score.gainLow == Samples.score().gainLow)
    #expect(score.verdict == Samples.score().verdict && score.reliableTasks == 2)
    let set = try reread(Samples.trainedSet)
    #expect(set.returns == Samples.trainedSet.returns && set.success == Samples.trainedSet.success)
    #expect(set.taskIndices == [0, 2] && set.steps == 90 && set.episodeCount == 3)
    let continuous = CollectGradientsArtifact {
      $0.tasks = ["a"]
      $0.task = [0, 0]
      $0.episode = [0, 1]
      $0.heldOut = [true, false]
      $0.advantage = [1, -1]
      $0.features = [1, 2]
      $0.observations = [1, 2]
      $0.continuousActions = [1, 2, 3, 4]
      $0.logProbability = [0, 0]
    }
    #expect(try reread(continuous) == continuous)
  }
}

@Test("Equal values give equal bytes, more than a second apart")
func equalBytes() throws {
  try withTemporaryDirectory { folder in
    for (index, artifact) in Samples.all.enumerated() {
      try artifact.write(to: folder + "/\(index)-first.h5", provenance: Samples.provenance)
    }
    sleep(2)  // HDF5's object times are whole seconds
    for (index, artifact) in Samples.all.enumerated() {
      try artifact.write(to: folder + "/\(index)-second.h5", provenance: Samples.provenance)
      #expect(try bytes(folder + "/\(index)-first.h5") == bytes(folder + "/\(index)-second.h5"))
    }
  }
}

@Test(
  "Every dataset of every stage carries its labels, its description and its unit",
  arguments: Samples.all.indices)
func selfDescription(index: Int) throws {
  try withTemporaryDirectory { folder in
    let path = folder + "/a.h5"
    try Samples.all[index].write(to: path, provenance: Samples.provenance)
    let file = try HDF5File(reading: path)
    for (object, kind) in try file.walk() where kind == .dataset {
      let rank = try file.information(of: object).shape.count
      guard case .strings(let labels)? = try file.attribute("DIMENSION_LABELS", of: object),
        case .string(let description)? = try file.attribute("description", of: object),
        case .string? = try file.attribute("units", of: object)
      else {
        Issue.record("\(object) lacks an attribute")
        continue
      }
      #expect(labels.count == rank && !description.isEmpty, "\(object)")
    }
  }
}

@Test(
  "The chain of NeXus defaults leads to a dataset with an axis for each dimension",
  arguments: Samples.all.indices)
func plots(index: Int) throws {
  try withTemporaryDirectory { folder in
    let path = folder + "/a.h5"
    try Samples.all[index].write(to: path, provenance: Samples.provenance)
    let file = try HDF5File(reading: path)
    #expect(try file.attribute("NX_class", of: "/") == .string("NXroot"))
    if case .string(let entry)? = try file.attribute("default", of: "/"),
      case .string(let data)? = try file.attribute("default", of: "/\(entry)")
    {
      let group = "/\(entry)/\(data)"
      #expect(try file.attribute("NX_class", of: "/\(entry)") == .string("NXentry"))
      #expect(try file.attribute("NX_class", of: group) == .string("NXdata"))
      guard case .string(let signal)? = try file.attribute("signal", of: group),
        case .strings(let axes)? = try file.attribute("axes", of: group)
      else { throw ArtifactError.notHDF5(file: group) }
      let shape = try file.information(of: "\(group)/\(signal)").shape
      #expect(axes.count == shape.count)
      for (axis, length) in zip(axes, shape) {
        let information = try file.information(of: "\(group)/\(axis)")
        #expect(information.shape == [length] && information.elementType != .string)
      }
    } else {
      Issue.record("no default plot")
    }
  }
}

@Test("A parameter vector runs layer by layer, weight row-major then bias, log-std last")
func flatOrder() throws {
  let network = NetworkParameters(
    architecture: "", sizes: [4, 3, 1], actionSize: 1, flat: (1...20).map(Float.init))
  #expect(network.layers[0].outputs == 3 && network.layers[0].inputs == 4 && network.sizes == [4, 3, 1])
  var artifact = Samples.metaTrain
  artifact.policy = network
  try withTemporaryDirectory { folder in
    try artifact.write(to: folder + "/a.h5", provenance: Samples.provenance)
    let file = try HDF5File(reading: folder + "/a.h5")
    func numbers(_ name: String) throws -> [Float] { try file.read("/policy/\(name)") }
    #expect(try numbers("layer_0/weight") == (1...12).map(Float.init))
    #expect(try file.information(of: "/policy/layer_0/weight").shape == [3, 4])
    #expect(try numbers("layer_0/bias") == [13, 14, 15] && numbers("layer_1/weight") == [16, 17, 18])
    #expect(try numbers("layer_1/bias") == [19] && numbers("log_std") == [20])
    #expect(try MetaTrainArtifact(reading: folder + "/a.h5").policy == network)
  }
}

@Test("A config of 200 kB fits into the provenance")
func longConfig() throws {
  try withTemporaryDirectory { folder in
    var provenance = Samples.provenance
    provenance.config = String(repeating: "key: value\n", count: 20_000)
    try Samples.sampleSubsets.write(to: folder + "/a.h5", provenance: provenance)
    #expect(try Provenance(reading: folder + "/a.h5") == provenance)
  }
}

@Test("Inputs about other tasks are told apart")
func sameTasks() throws {
  try requireSameTasks(["a", "b"], from: "x.h5", ["a", "b"], from: "y.h5")
  let order = #expect(throws: ArtifactError.self) {
    try requireSameTasks(["a", "b"], from: "x.h5", ["a", "c"], from: "y.h5")
  }
  #expect(
    order?.description
      == "x.h5 and y.h5 are about different tasks: task 1 is b in the first and c in the second")
  let count = #expect(throws: ArtifactError.self) {
    try requireSameTasks(["a"], from: "x.h5", ["a", "c"], from: "y.h5")
  }
  #expect(
    count?.description == "x.h5 and y.h5 are about different tasks: 1 and 2 tasks" && count?.exitCode == 65)
}

@Test(
  "The digests of inputs are those of their bytes, of a sealed file of those that the seal covers; a missing one is named"
)
func inputDigests() throws {
  try withTemporaryDirectory { folder in
    try Data("abc".utf8).write(to: URL(fileURLWithPath: folder + "/a.h5"))
    #expect(
      try Provenance.digests(of: ["subsets": folder + "/a.h5"]) == [
        "subsets": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
      ])
    try Samples.score().write(to: folder + "/sealed.h5", provenance: Samples.provenance)
    #expect(
      try Provenance.digests(of: ["score": folder + "/sealed.h5"]) == [
        "score": try SHA256.digest(ofFile: folder + "/sealed.h5", from: 512)
      ])
    let error = #expect(throws: ArtifactError.self) {
      _ = try Provenance.digests(of: ["x": folder + "/b.h5"])
    }
    #expect(error?.description == "\(folder)/b.h5: cannot be read: No such file or directory")
  }
}
