import Artifacts
import Foundation
import TestSupport
import Testing

@Suite struct FixtureTests {
  @Test("the files of version 1 of every schema are valid, for as long as there are readers")
  func version1() throws {
    #expect(ArtifactSchema.all.count == 13)
    for path in Fixtures.version1 { #expect(try verdict(path) == nil) }
    let folder = Fixtures.folder + "/v1"
    let tasks = ["cartpole/default", "cartpole/flip", "cartpole/length-1.5"]
    #expect(try MetaTrainArtifact(reading: folder + "/meta-train.h5").tasks == tasks)
    #expect(try CollectGradientsArtifact(reading: folder + "/collect-gradients.h5").dimension == 4)
    #expect(
      try SampleSubsetsArtifact(reading: folder + "/sample-subsets.h5").subsets == [
        [0, 1], [0, 2], [1, 2],
      ])
    #expect(try LinearizedAdaptArtifact(reading: folder + "/linearized-adapt.h5").dimension == 4)
    #expect(try ScoreArtifact(reading: folder + "/score.h5").tasks == tasks)
    #expect(try ClusterArtifact(reading: folder + "/cluster.h5").k == 2)
    #expect(try TrainedSetArtifact(reading: folder + "/full-train-eval-set.h5").taskIndices == [0, 1])
    #expect(
      try EvaluationArtifact(reading: folder + "/full-train-eval.h5").groupings
        == ["policygradex", "gradient-similarity", "random-0", "single", "separate"])
    let training = try TrainingCheckpoint(reading: folder + "/training-checkpoint.h5")
    #expect(training.curve.steps == [128, 256, 384])
    let collection = try CollectionCheckpoint(reading: folder + "/collection-checkpoint.h5")
    #expect(collection.tasks == tasks && collection.features.count == 144 * 4)
    for path in Fixtures.version1 { #expect(try Provenance(reading: path).seed == 0) }
  }

  @Test("files of other software, with strings of any length and no seal, are read")
  func elsewhere() throws {
    for path in Fixtures.elsewhere { #expect(try verdict(path) == nil) }
    let read = try SampleSubsetsArtifact(reading: Fixtures.elsewhere[1])
    #expect(
      read.tasks == ["task 0", "task 1", "task 2"] && read.subsets == [[0, 1], [0, 2], [1, 2]])
  }

  @Test("a file without its first 512 bytes is a file without a seal, with the same contents")
  func unsealed() throws {
    try withTemporaryDirectory { folder in
      for path in Fixtures.version1 {
        let stripped = folder + "/stripped.h5"
        try Data(contentsOf: URL(fileURLWithPath: path)).dropFirst(512).write(
          to: URL(fileURLWithPath: stripped))
        #expect(try Inspection.compare(path, stripped).isEqual)
      }
    }
  }

  @Test(
    "what a file claims is not believed: groups below themselves, elements in other files, more than a disk holds",
    arguments: [
      ("cycle", "a group is below itself"),
      ("external-link", "/member: expected u8 (subset, task), found nothing"),
      ("external-storage", "its elements are in other files"), ("virtual", "its elements are in other files"),
      ("giant", "are more than the file can hold"), ("overflow", "are more than the file can hold"),
    ])
  func hostile(name: String, message: String) throws {
    #expect(try verdict("\(Fixtures.folder)/elsewhere/\(name).h5")?.contains(message) == true)
  }
}
