import Configuration
import Testing

@Suite struct StageTests {
  @Test("a stage reads the artifacts of stages before it only, each once")
  func inputsComeBefore() {
    for (place, stage) in Stage.allCases.enumerated() {
      #expect(Set(stage.inputs).isSubset(of: Stage.allCases[..<place]), "\(stage)")
      #expect(Set(stage.inputs).count == stage.inputs.count, "\(stage)")
    }
  }

  @Test("every stage but the last is read by another")
  func everyArtifactIsRead() {
    let read = Set(Stage.allCases.flatMap(\.inputs))
    #expect(Set(Stage.allCases).subtracting(read) == [.fullTrainEval, .truth])
  }
}
