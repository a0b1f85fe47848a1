internal import ArgumentParser
internal import Artifacts
internal import Clustering
internal import Configuration
internal import Environments
internal import Foundation
internal import LinearAlgebra
internal import Random
internal import Training

/// The stages between the trainings, played once for real with little data, in a folder that is removed afterwards:
/// what each took, and the artifacts as they come out.
struct Rehearsal {
  /// What a stage took, and what it wrote.
  struct Performance {
    /// Wall time, seconds.
    let seconds: Double
    /// The artifact.
    let file: String
    /// Its size, bytes.
    let bytes: Int
  }

  /// The stages that were played.
  private(set) var stages: [Stage: Performance] = [:]
  /// The workload that was played.
  let workload: Workload
  /// Seconds to start a program as make does, with the shell and the log.
  let start: Double
  /// What a program holds that has next to nothing to do, bytes.
  private(set) var baseBytes = 0

  private let folder: String
  private let threads: Int

  /// Measures how long a program takes to start.
  ///
  /// - Parameters:
  ///   - workload: the one to play, made for it by `rehearsed`.
  ///   - folder: where slices and artifacts go.
  ///   - threads: the number of threads.
  init(_ workload: Workload, folder: String, threads: Int) throws {
    self.workload = workload
    self.folder = folder
    self.threads = threads
    start = try secondsToStart(folder: folder)
    baseBytes = residentBytes()
  }

  /// Plays the first stage, whose time is that of writing any artifact: what it does besides takes no time.
  ///
  /// - Note: to be called before anything else takes memory.
  mutating func playSampleSubsets() throws {
    try play(SampleSubsetsConfiguration.self, inputs: [:]) { context in try sampleSubsets(context) }
    baseBytes = residentBytes()
  }

  /// Plays the stages from collect-gradients to cluster.
  ///
  /// - Parameter trained: a policy on the tasks.
  mutating func playEstimate(_ trained: TrainedPolicy) throws {
    let metaTrain = file(.metaTrain)
    try workload.metaTrainArtifact(trained, points: 1).write(
      to: metaTrain, provenance: workload.provenance(of: .metaTrain, inputs: []))
    let (gradients, subsets) = (file(.collectGradients), file(.sampleSubsets))
    let adapted = file(.linearizedAdapt)
    try play(CollectGradientsConfiguration.self, inputs: ["meta_train": metaTrain]) { context in
      try collectGradients(context, metaTrain: metaTrain)
    }
    try play(
      LinearizedAdaptConfiguration.self, inputs: ["collect_gradients": gradients, "sample_subsets": subsets]
    ) { context in
      try linearizedAdapt(context, collectGradients: gradients, sampleSubsets: subsets)
    }
    try play(
      ScoreConfiguration.self,
      inputs: ["collect_gradients": gradients, "linearized_adapt": adapted, "sample_subsets": subsets]
    ) { context in
      try score(context, collectGradients: gradients, sampleSubsets: subsets, linearizedAdapt: adapted)
    }
    try playCluster()
  }

  /// Groups the tasks by affinities that are drawn: those of a policy that has hardly learned may be degenerate.
  private mutating func playCluster() throws {
    let n = workload.taskCount
    var random = RandomStream(seed: 0, name: "plan")
    var affinity = Matrix(rows: n, columns: n, repeating: 0)
    for i in 0..<n {
      for j in i..<n { affinity[i, j] = random.uniform(in: 0...1) + (i % 2 == j % 2 ? 1 : 0) }
    }
    for i in 0..<n { for j in 0..<i { affinity[i, j] = affinity[j, i] } }
    var options = ClusteringOptions()
    let section = workload.configuration.cluster
    options.groupCount =
      section.k.map { .given(min($0, n)) } ?? .plateau(SelectionOptions(range: 1...min(section.maxGroups, n)))
    var watch = Stopwatch()
    let result = try clusterTasks(affinity: affinity, options: options, using: &random)
    let seconds = watch.lap()
    try workload.clusterArtifact(result).write(
      to: file(.cluster), provenance: workload.provenance(of: .cluster, inputs: ["score"]))
    stages[.cluster] = Performance(
      seconds: writing + seconds, file: file(.cluster), bytes: try fileSize(file(.cluster)))
  }

  /// The time of writing any artifact, seconds.
  var writing: Double { stages[.sampleSubsets]?.seconds ?? 0 }

  /// Where a stage's artifact is.
  private func file(_ stage: Stage) -> String { "\(folder)/\(stage.rawValue).h5" }

  /// Runs a stage on its slice and keeps what it took.
  private mutating func play<Body: StageConfiguration, Made: Artifact>(
    _ body: Body.Type, inputs: [String: String], _ work: (StageContext<Body>) throws -> Made
  ) throws {
    let slice = "\(folder)/\(Body.stage.rawValue).yaml"
    try writeSmallFile(workload.slice(of: Body.stage), to: slice)
    let options = try StageOptions.parse(["--config", slice, "--output", file(Body.stage), "--quiet"])
    var watch = Stopwatch()
    let context = try StageContext<Body>(options, threads: threads)
    try context.write(work(context), inputs: inputs)
    stages[Body.stage] = Performance(
      seconds: watch.lap(), file: file(Body.stage), bytes: try fileSize(file(Body.stage)))
  }
}
