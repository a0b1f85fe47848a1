import Artifacts
import Foundation
import HDF5
import TestSupport
import Testing

@Test("An invalid result is not written: the old file stays, byte for byte, and no part is left")
func invalidResult() throws {
  try withTemporaryDirectory { folder in
    let path = folder + "/score.h5"
    try Samples.score().write(to: path, provenance: Samples.provenance)
    let before = try bytes(path)
    let error = #expect(throws: ArtifactError.self) {
      try Samples.score(gain: [0.1, .nan, 0]).write(to: path, provenance: Samples.provenance)
    }
    #expect(
      error?.description
        == "\(path): not written, the result is invalid: /gain[1]: expected a finite number, found nan")
    #expect(error?.exitCode == 70)
    #expect(try bytes(path) == before)
    #expect(try files(folder) == ["score.h5"])
  }
}

@Test("A write that fails leaves the old file, and exits with 73")
func failingWrite() throws {
  try withTemporaryDirectory { folder in
    let path = folder + "/score.h5"
    try Samples.score().write(to: path, provenance: Samples.provenance)
    let before = try bytes(path)
    try FileManager.default.createDirectory(atPath: path + ".part/inner", withIntermediateDirectories: true)
    let blocked = #expect(throws: ArtifactError.self) {
      try Samples.score(gain: [0, 0, 0]).write(to: path, provenance: Samples.provenance)
    }
    #expect(blocked?.exitCode == 73 && blocked?.description.hasPrefix("\(path): cannot be written: ") == true)
    #expect(try bytes(path) == before)
    let missing = #expect(throws: ArtifactError.self) {
      try Samples.score().write(to: folder + "/nowhere/score.h5", provenance: Samples.provenance)
    }
    #expect(missing?.exitCode == 73 && missing?.description.contains("No such file or directory") == true)
    #expect(missing?.description.contains("\n") == false)
  }
}

@Test("If the last step, the rename, fails, no part is left")
func failingRename() throws {
  try withTemporaryDirectory { folder in
    try FileManager.default.createDirectory(
      atPath: folder + "/score.h5/inner", withIntermediateDirectories: true)
    let error = #expect(throws: ArtifactError.self) {
      try Samples.score().write(to: folder + "/score.h5", provenance: Samples.provenance)
    }
    #expect(error?.exitCode == 73)
    #expect(try files(folder) == ["score.h5"])
  }
}

@Test("The part of a run that was killed does not stand in the way, and a new file replaces the old one")
func replacement() throws {
  try withTemporaryDirectory { folder in
    let path = folder + "/score.h5"
    try Data("half of".utf8).write(to: URL(fileURLWithPath: path + ".part"))
    try Samples.score().write(to: path, provenance: Samples.provenance)
    try Samples.score(gain: [0, 0, 0]).write(to: path, provenance: Samples.provenance)
    #expect(try ScoreArtifact(reading: path).gain == [0, 0, 0])
    #expect(try files(folder) == ["score.h5"])
  }
}

@Test("A large artifact is read back whole")
func large() throws {
  try withTemporaryDirectory { folder in
    let (count, dimension) = (2000, 400)
    let artifact = CollectGradientsArtifact {
      $0.tasks = ["a"]
      $0.task = .init(repeating: 0, count: count)
      $0.episode = (0..<Int32(count)).map { $0 }
      $0.heldOut = (0..<count).map { $0 % 2 == 0 }
      $0.advantage = .init(repeating: 1, count: count)
      $0.features = (0..<count * dimension).map { Float($0) }
    }
    try artifact.write(to: folder + "/a.h5", provenance: Samples.provenance)
    #expect(try CollectGradientsArtifact(reading: folder + "/a.h5") == artifact)
  }
}

@Test("A value that a stage forgets to set, and an array of the wrong length, are not written, and named")
func forgottenValue() throws {
  try withTemporaryDirectory { folder in
    let path = folder + "/a.h5"
    func problem(_ artifact: some Artifact) -> String? {
      let error = #expect(throws: ArtifactError.self) {
        try artifact.write(to: path, provenance: Samples.provenance)
      }
      #expect(error?.exitCode == 70)
      let start = "\(path): not written, the result is invalid: "
      return error.flatMap {
        $0.description.hasPrefix(start) ? String($0.description.dropFirst(start.count)) : nil
      }
    }
    #expect(problem(ScoreArtifact { _ in }) == "/dims/task: expected string (task), found nothing")
    let subsets = SampleSubsetsArtifact { $0.tasks = Samples.tasks }
    #expect(problem(subsets) == "/member: expected u8 (subset, task), found nothing")
    let cluster = ClusterArtifact {
      $0.tasks = ["a"]
      $0.relaxation = [1]
    }
    #expect(problem(cluster)?.hasSuffix(", found nothing") == true)
    var score = Samples.score()
    score.gain.removeLast()
    #expect(problem(score) == "/gain: expected length 3 along task, as in /dims/task, found length 2")
    score = Samples.score()
    score.affinity.removeLast()
    #expect(problem(score) == "/affinity: expected values that fill the shape [3, 3], found 8")
    let left = try files(folder)
    #expect(left.isEmpty)
  }
}
