import ArgumentParser
import Artifacts
import Clustering
import Configuration
import Environments
import MuJoCo
import Pipeline
import Testing
import Training

@Suite struct TextTests {
  @Test("a progress line tells share, speed and the time that is left")
  func progress() {
    let quarter = progressText(100, of: 400, unit: "step", after: 5)
    #expect(quarter == "25 % (100 of 400 steps), 20 steps/s, ETA 15 s")
    let end = progressText(400, of: 400, unit: "step", after: 5)
    let long = progressText(1, of: 10_001, unit: "step", after: 1.12)
    #expect(long.hasSuffix("ETA 3 h 06 min"))
    #expect(end == "100 % (400 of 400 steps), 80 steps/s, ETA 0.0 s")
  }

  @Test("a task set is named by its members in order, and the name reads back")
  func taskSets() throws {
    let set = TaskSet([7, 0, 3, 3])
    #expect(set.members == [0, 3, 7] && set.name == "tasks-0-3-7")
    #expect(try TaskSet(name: set.name) == set)
    // 60 characters are spelled out, 61 are not.
    #expect(TaskSet(Array(0...19) + [1000]).name.hasSuffix("-18-19-1000"))
    #expect(TaskSet(Array(0...19) + [10_000]).name.wholeMatch(of: /tasks-21-[0-9a-f]{16}/) != nil)
    let many = (0..<22).map { TaskSet(Array($0...21) + Array(22..<44)).name }
    #expect(many[0].wholeMatch(of: /tasks-44-[0-9a-f]{16}/) != nil && Set(many).count == many.count)
  }

  @Test(
    "what is no name of a task set is refused",
    arguments: [
      "", "tasks", "tasks-", "tasks-a", "tasks-1-1", "tasks-2-1", "tasks--1", "tasks-1-", "sets-1",
      "tasks-1.h5",
      "tasks-01", "tasks-+1",
    ])
  func noTaskSets(name: String) {
    let error = #expect(throws: ProgramError.self) { try TaskSet(name: name) }
    #expect(error.map(exitStatus) == 64)
  }

  @Test("seeds are whole numbers from 0 to 2^53, each once, with any spaces between")
  func seeds() throws {
    #expect(try parseSeeds("0") == [0])
    #expect(try parseSeeds("  2 0  9007199254740992 ") == [2, 0, 1 << 53])
    for list in ["", " ", "one", "-1", "1.5", "0 0", "9007199254740993", "0,1", "00 0"] {
      let error = #expect(throws: ProgramError.self, "\(list)") { try parseSeeds(list) }
      #expect(error.map(exitStatus) == 64, "\(list)")
    }
  }

  @Test("every kind of error has the exit status of its cause")
  func exitStatuses() {
    let artifact = "a.h5"
    let expected: [(any Error, Int32)] = [
      (ConfigurationError(file: "b.yaml", line: 1, "is odd"), 64), (ProgramError.usage("odd"), 64),
      (EnvironmentError.unknown("there is no task", name: "x", suggestion: nil), 64),
      (ArtifactError.notHDF5(file: artifact), 65),
      (ArtifactError.differentTasks(first: "a", second: "b", difference: "all"), 65),
      (ArtifactError.invalidResult(file: artifact, problem: "NaN"), 70), (CancellationError(), 70),
      (ArtifactError.unwritable(file: artifact, reason: "full"), 73),
      (ProgramError.output(file: artifact, reason: "full"), 73),
      (ProgramError.input(file: artifact, reason: "odd"), 65),
      (TrainingError.invalidSetting(key: "k", value: "0", requirement: "positive"), 64),
      (TrainingError.spacesDiffer(task: "t", expected: "4", found: "17"), 65),
      (
        TrainingError.nonFinite(
          NonFiniteNumber(.nan, in: .reward, tasks: ["t"], at: .environmentStep(1, iteration: 0))), 70
      ),
      (MuJoCoError.unknownName(kind: "body", name: "torso", model: "m.xml"), 65),
      (ClusteringError.notFinite(row: 0, column: 1), 65),
      (ClusteringError.tooManyTasks(13, limit: 12), 70),
    ]
    for (error, status) in expected { #expect(exitStatus(of: error) == status, "\(error)") }
  }

  @Test("an error becomes an exit code; an exit code passes as it is")
  func reported() {
    #expect(throws: ExitCode(1)) { try reportingErrors("test") { throw ExitCode(1) } }
    #expect(throws: ExitCode(64)) { try reportingErrors("test") { throw ProgramError.usage("two\nlines") } }
    #expect(throws: Never.self) { try reportingErrors("test") {} }
  }
}
