internal import Configuration

/// What one stage is expected to take, over all seeds.
struct StagePlan {
  /// The stage.
  let stage: Stage
  /// Environment steps that count as its budget: those of training, or the transitions kept.
  var environmentSteps = 0
  /// Environment steps of evaluation episodes, at most.
  var evaluationSteps = 0
  /// Wall time of all of it, seconds.
  var seconds = 0.0
  /// Wall time of what make would do now, seconds.
  var secondsLeft = 0.0
  /// Resident memory at the most, bytes; of all programs that run at once.
  var memory = 0
  /// The artifacts' bytes.
  var bytes = 0
  /// The number of artifacts.
  var artifacts = 0
  /// The number of artifacts that make would make now.
  var artifactsLeft = 0

  /// Nothing of a stage.
  init(_ stage: Stage) { self.stage = stage }

  /// Adds another artifact of the stage, which is made after those before.
  mutating func add(
    steps: Int = 0, evaluation: Int = 0, seconds: Double, memory: Int, bytes: Int, isUpToDate: Bool
  ) {
    environmentSteps += steps
    evaluationSteps += evaluation
    self.seconds += seconds
    if !isUpToDate { secondsLeft += seconds }
    self.memory = max(self.memory, memory)
    self.bytes += bytes
    artifacts += 1
    if !isUpToDate { artifactsLeft += 1 }
  }
}

/// The time until all of some jobs are done by `workers`, each of which takes the next job when it is free: as make does
/// with -j.
func makespan(_ jobs: [Double], workers: Int) -> Double {
  var free = [Double](repeating: 0, count: max(workers, 1))
  for job in jobs {
    let next = free.indices.min { free[$0] < free[$1] } ?? 0
    free[next] += job
  }
  return free.max() ?? 0
}
