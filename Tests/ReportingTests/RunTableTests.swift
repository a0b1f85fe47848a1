import Artifacts
import Reporting
import Testing

@Suite struct RunTableTests {
  @Test("below a table stand the verdict and the groupings that divide the tasks alike")
  func tableRemarks() {
    func evaluation(_ sets: [String], verdict: String?) -> EvaluationArtifact {
      EvaluationArtifact {
        $0.tasks = ["x", "y"]
        $0.groupings = ["policygradex", "random-0", "single"]
        $0.returns = [1, 2, 3, 4, 5, 6]
        $0.normalised = [0, 0, 0, 0, 0, 0]
        $0.normalisedMean = [0, 0, 0]
        $0.normalisedLow = [0, 0, 0]
        $0.normalisedHigh = [0, 0, 0]
        $0.worstNormalised = [0, 0, 0]
        $0.totalSteps = [2, 2, 2]
        $0.sets = sets
        $0.referenceLow = [0, 0]
        $0.referenceHigh = [1, 1]
        $0.verdict = verdict
      }
    }
    let apart = ["tasks-0", "tasks-1"]
    let whole = ["tasks-0-1", "tasks-0-1"]
    #expect(remarks(evaluation(apart + whole + whole, verdict: nil)).contains(": random-0, single\n"))
    #expect(
      remarks(evaluation(apart + apart + whole, verdict: "no reliable structure: 0 of 2 tasks"))
        == "\nscore: no reliable structure: 0 of 2 tasks\n"
        + "\nThe same partition, trained once: policygradex, random-0\n")
  }
}
