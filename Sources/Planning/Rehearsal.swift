internal import Artifacts
internal import Configuration
internal import Foundation
internal import Pipeline
internal import Training
internal import Workers

/// What a stage took that was played in small.
struct Play: Sendable {
  /// The work that was played.
  let work: StageWork
  /// Seconds of training or collection.
  let acting: Double
  /// Seconds of an environment step of evaluation.
  let evaluationStep: Double
  /// Seconds of everything else.
  let rest: Double
  /// The artifacts, each of which a program writes.
  let files: [String]
}

/// A small run in a temporary folder: every kind of program does its real work once. The time it took predicts that of
/// other work, the files it wrote the size of other artifacts.
struct Rehearsal {
  /// The stages of one artifact; of full-train-eval, the table.
  private(set) var plays: [Stage: Play] = [:]
  /// Training and evaluation of a set of one task, and of all that are played; nil for a benchmark of one task.
  private(set) var sets: (one: Play, all: Play)?
  /// Seconds that a program takes to start.
  private(set) var start = 0.0
  /// What a program holds besides its work, bytes.
  private(set) var baseBytes = 0.0
  /// What a training holds per environment, bytes.
  private(set) var environmentBytes = 0.0

  private var workload: Workload
  private let folder: String
  private let threads: Int

  /// How long a training is played, if an iteration takes no longer, seconds.
  private static let seconds = 0.3

  /// Plays every stage of a small workload once, slices and artifacts going to a folder.
  ///
  /// - Parameter threads: the number of threads; a task set is trained on one, as many sets at once.
  /// - Throws: what the stages throw.
  init(folder: String, threads: Int, _ small: (_ iterations: Int) throws -> Workload) throws {
    (self.folder, self.threads) = (folder, threads)
    workload = try small(1)
    let count = workload.tasks.count
    if count > 1 { try play(.sampleSubsets) }
    baseBytes = residentBytes("VmRSS")
    let once = try play(.metaTrain)
    start = try secondsToStart(folder: folder)
    environmentBytes = max(residentBytes("VmHWM") - baseBytes, 0) / once.work.environments
    // The first iteration finds memory and caches cold. Where it is short, more are played.
    let iterations = min(Int(Self.seconds / once.acting), 64)
    if iterations > 1 {
      workload = try small(iterations)
      try play(.metaTrain)
    }
    guard count > 1 else { return }
    for stage in [Stage.collectGradients, .linearizedAdapt, .score, .cluster] { try play(stage) }
    workload = try small(max(iterations / 2, 1))
    let all = try playSet { _ in TaskSet(Array(0..<count)) }
    try playMerge()
    workload = try small(max(iterations * count / 4, 1))
    sets = (try playSet { TaskSet([$0 % count]) }, all)
  }

  /// Seconds of what every program does besides its work: it asks git, and flushes an artifact.
  var fixed: Double { plays[.sampleSubsets]?.rest ?? 0 }

  /// Plays a stage of one artifact.
  @discardableResult
  private mutating func play(_ stage: Stage) throws -> Play {
    let inputs = Dictionary(uniqueKeysWithValues: stage.inputs.map { ($0, "\(folder)/\($0.artifactName)") })
    let options = try options(stage, stage.rawValue)
    let played = try play(workload.work(of: stage), [options.output]) {
      try run(stage, options, inputs: inputs, threads: threads)
    }
    plays[stage] = played
    return played
  }

  /// Trains and evaluates as many sets at once as there are threads. Only the first is written, because HDF5's library
  /// works for one thread at a time.
  private func playSet(_ set: (_ thread: Int) -> TaskSet) throws -> Play {
    let sets = (0..<threads).map(set)
    return try WorkerPool(threads: threads).map(threads) { thread in
      let name = thread == 0 ? sets[0].name : "thread-\(thread)"
      let (policy, options) = try (options(.fullTrainEval, "policy-\(name)"), options(.fullTrainEval, name))
      try writeSmallFile(
        Stage.fullTrainEval.trainingText(of: workload.slice(of: .fullTrainEval, seed: 0)), to: policy.config)
      return try play(workload.work(ofSet: sets[thread].members), [policy.output, options.output]) {
        let training = try StageContext<SetTrainingSection>(policy)
        let trained = try trainTaskSet(
          training, set: sets[thread], metaTrain: "\(folder)/\(Stage.metaTrain.artifactName)")
        if thread == 0 { try training.write(trained) }
        let context = try StageContext<FullTrainEvalSection>(options)
        let evaluated = try evaluateTaskSet(context, trained: trained, file: policy.output)
        if thread == 0 { try context.write(evaluated, inputs: ["policy": policy.output]) }
        context.profile.add(training.profile.seconds, environmentSteps: 0)
        return context.profile
      }
    }[0]
  }

  /// Merges groupings that all ask for the set of all tasks that was played.
  private mutating func playMerge() throws {
    let (file, alike) = ("\(folder)/\(Stage.cluster.artifactName)", "\(folder)/alike.h5")
    var clusters = try ClusterArtifact(reading: file)
    let labels = clusters.tasks.map { _ in Int32(0) }
    clusters.groupings = clusters.groupings.map { .init(name: $0.name, labels: labels) }
    try clusters.write(to: alike, provenance: Provenance(reading: file))
    let options = try options(.fullTrainEval, Stage.fullTrainEval.rawValue)
    plays[.fullTrainEval] = try play(workload.work(of: .fullTrainEval), [options.output]) {
      let context = try StageContext<FullTrainEvalSection>(options)
      let merged = try mergeEvaluation(context, cluster: alike, sets: folder)
      try context.write(merged.artifact, inputs: merged.inputs)
      return context.profile
    }
  }

  /// The command line of a program, with a slice of what is played.
  private func options(_ stage: Stage, _ name: String) throws -> StageOptions {
    var options = StageOptions()
    (options.config, options.output) = ("\(folder)/\(name).yaml", "\(folder)/\(name).h5")
    options.quiet = true
    try writeSmallFile(workload.slice(of: stage, seed: 0), to: options.config)
    return options
  }

  /// Runs some work and splits the time it took by kind.
  private func play(
    _ work: StageWork, _ files: [String], _ run: () throws -> StageProfile
  ) throws -> Play {
    var watch = Stopwatch()
    let profile = try run()
    let (seconds, phases) = (watch.lap(), profile.seconds)
    let acting = phases.total - phases[.evaluation] - phases[.inputOutput] - phases[.checkpoints]
    return Play(
      work: work, acting: acting,
      evaluationStep: phases[.evaluation] / Double(max(profile.evaluationSteps, 1)),
      rest: max(seconds - acting - phases[.evaluation], 0), files: files)
  }
}

/// Seconds to start a program of this project as the pipeline's rules do: a shell, the program with its libraries, and
/// the log, which goes to a folder. The middle of three.
///
/// - Throws: `ProgramError.input` if no shell can be started.
func secondsToStart(folder: String) throws -> Double {
  let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "pgx"
  // make starts programs in the checkout, through its script.
  let script = "[ ! -x scripts/logged ] || set -- scripts/logged \"$0\" \"$@\"; \"$@\" > /dev/null 2>&1"
  let arguments = ["bash", "-euc", script, "\(folder)/start.log", program, "--help"]
  let seconds = try (0..<3).map { _ in
    var watch = Stopwatch()
    do {
      try Process.run(URL(fileURLWithPath: "/usr/bin/env"), arguments: arguments).waitUntilExit()
    } catch {
      throw ProgramError.input(file: program, reason: "cannot be started: \(error.localizedDescription)")
    }
    return watch.lap()
  }
  return seconds.sorted()[1]
}

/// The memory that this process holds ("VmRSS"), or has held at the most ("VmHWM"), bytes; 0 where the system does not
/// tell.
func residentBytes(_ field: String) -> Double {
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix("\(field):") }
  return 1024 * (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) } ?? 0)
}
