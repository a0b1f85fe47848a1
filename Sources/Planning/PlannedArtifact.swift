internal import Artifacts
internal import Configuration
internal import Pipeline

/// What one artifact is expected to take.
struct PlannedArtifact {
  /// The stage that makes it.
  let stage: Stage
  /// The work behind it.
  var work: StageWork
  /// Wall time, seconds.
  var seconds: Double
  /// Resident memory at the most, bytes.
  var memory: Double
  /// Its size, bytes.
  var bytes: Double
  /// Whether make would leave it as it is.
  var isUpToDate = false
  /// Whether others of the stage are made at the same time.
  var isParallel = false

  /// Scales each part of what the stage took in the rehearsal by the ratio of the counts of the work, and adds what
  /// every program takes: to start, to ask git, to flush its artifact. The stage reads `inputBytes` of artifacts.
  init(
    _ stage: Stage, _ work: StageWork, like play: Play, _ rehearsal: Rehearsal, inputBytes: Double = 0
  ) throws {
    (self.stage, self.work) = (stage, work)
    let programs = Double(play.files.count)
    seconds =
      programs * (rehearsal.start + rehearsal.fixed)
      + play.acting * Double(work.environmentSteps) / Double(max(play.work.environmentSteps, 1))
      + play.evaluationStep * Double(work.evaluationSteps)
      + max(play.rest - programs * rehearsal.fixed, 0) * work.operations / play.work.operations
    bytes = try play.files.reduce(0) { $0 + Double(try Inspection.size(of: $1, lengths: work.lengths)) }
    // Measured: a program holds about three times what it makes, and one and a half times what it reads.
    memory =
      rehearsal.baseBytes + rehearsal.environmentBytes * work.environments + 3 * bytes + 1.6 * inputBytes
  }
}

extension [PlannedArtifact] {
  /// Wall time of all of them: those that are made at the same time as make makes them with -j, then the others.
  func seconds(threads: Int) -> Double {
    var free = [Double](repeating: 0, count: threads)
    for job in self where job.isParallel {
      let next = free.indices.min { free[$0] < free[$1] } ?? 0
      free[next] += job.seconds
    }
    return reduce(free.max() ?? 0) { $0 + ($1.isParallel ? 0 : $1.seconds) }
  }

  /// Resident memory at the most, bytes, of all programs that run at once: the largest are made first, and together.
  func memory(threads: Int) -> Double {
    let together = filter(\.isParallel).map(\.memory).sorted(by: >).prefix(threads).reduce(0, +)
    return reduce(together) { Swift.max($0, $1.memory) }
  }
}
