internal import Artifacts
internal import Configuration
internal import Foundation
internal import Random

/// How the estimate grows with the number of tasks: the stages' own programs on gradients that are drawn.
struct Growth {
  /// The numbers of tasks (n).
  var taskCounts = [10, 50, 200, 500]
  /// Transitions of each task, in episodes of 16, every second one held out.
  var transitionsPerTask = 512
  /// The dimension of the features (d).
  var dimension = 128
  /// Families of tasks that share a direction.
  var families = 5
  /// Threads of the stages.
  let threads: Int

  /// The stages, in order.
  private static let stages: [Stage] = [.sampleSubsets, .linearizedAdapt, .score, .cluster]

  /// Growth with the stages on some threads.
  init(threads: Int) { self.threads = threads }

  /// Runs the stages for every number of tasks and prints seconds and peak memory as they come, then the exponents
  /// fitted to them.
  func run() throws {
    print(
      "growth: n tasks, m = max(200, n²) subsets of 3 (all 120 at n = 10), \(transitionsPerTask) transitions per "
        + "task, d = \(dimension), \(threads) threads")
    print(row(["n"] + Self.stages.map(\.rawValue) + ["together"]))
    var seconds = [[Double]](repeating: [], count: Self.stages.count)
    var memory = seconds
    for n in taskCounts {
      let results = try measure(n)
      for (stage, result) in results.enumerated() {
        seconds[stage].append(result.seconds)
        memory[stage].append(result.peakBytes)
      }
      let total = results.reduce(0) { $0 + $1.seconds }
      let peak = results.map(\.peakBytes).max() ?? 0
      print(
        row(
          ["\(n)"] + results.map { Self.cell($0.seconds, $0.peakBytes) } + [Self.cell(total, peak)]))
    }
    let counts = taskCounts.map(Double.init)
    print(
      row(
        ["exponent"]
          + Self.stages.indices.map { stage in
            String(
              format: "n^%.2f, n^%.2f", Self.exponent(counts, seconds[stage]),
              Self.exponent(counts, memory[stage]))
          }))
  }

  /// The stages' seconds and peak memory at one number of tasks.
  private func measure(_ n: Int) throws -> [CommandResult] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "pgx-growth-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
    try writeGradients(n, to: path(Stage.collectGradients.artifactName))
    let tasks = (0..<n).map { "  - {name: \(Self.name($0)), environment: CartPole-v1}" }
    try """
    tasks:
    \(tasks.joined(separator: "\n"))
    task_id: hidden
    policy: {hidden_sizes: [1], activation: tanh}
    meta-train: {total_timesteps: 1}
    collect-gradients: {transitions_per_task: 16, projection_dimension: 4}
    linearized-adapt: {mean_abs_margin: 0.03}
    score: {bootstrap_replicates: 1000}
    full-train-eval: {timesteps_per_task: 1, evaluation_episodes: 2}

    """.write(toFile: path("growth.yaml"), atomically: true, encoding: .utf8)
    let programs = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    func program(_ name: String) -> String { programs.appendingPathComponent(name).path }
    _ = try bench.run([program("pgx"), "config", path("growth.yaml"), "--output", path("run")])
    return try Self.stages.map { stage in
      var arguments = [
        program(stage.rawValue), "--quiet", "--config", path("run/seed-0/config/\(stage.rawValue).yaml"),
        "--output", path(stage.artifactName),
      ]
      for input in stage.inputs { arguments += ["--\(input.rawValue)", path(input.artifactName)] }
      if [.linearizedAdapt, .score].contains(stage) { arguments += ["--threads", "\(threads)"] }
      return try bench.run(arguments, environment: ["OPENBLAS_NUM_THREADS": "1"])
    }
  }

  /// A file of projected gradients: normal features, and advantages that follow the direction of the task's family.
  private func writeGradients(_ n: Int, to file: String) throws {
    var random = RandomStream(seed: 0, name: "growth")
    let directions = (0..<families).map { _ in (0..<dimension).map { _ in Float(random.gaussian()) } }
    let count = n * transitionsPerTask
    var features: [Float] = []
    features.reserveCapacity(count * dimension)
    var advantage: [Float] = []
    let scale = 1 / Float(dimension).squareRoot()
    for t in 0..<count {
      let direction = directions[t / transitionsPerTask % families]
      var along: Float = 0
      for c in 0..<dimension {
        let entry = Float(random.gaussian())
        features.append(entry)
        along += scale * entry * direction[c]
      }
      advantage.append(along + 2 * Float(random.gaussian()))
    }
    let episode = (0..<count).map { Int32($0 / 16) }
    let artifact = CollectGradientsArtifact {
      $0.tasks = (0..<n).map { Self.name($0) }
      $0.task = (0..<count).map { Int32($0 / transitionsPerTask) }
      $0.episode = episode
      $0.heldOut = episode.map { $0 % 2 == 1 }
      $0.advantage = advantage
      $0.features = features
    }
    try artifact.write(
      to: file,
      provenance: Provenance {
        $0.stage = Stage.collectGradients.rawValue
        $0.stageVersion = 0
        $0.gitCommit = "unknown"
        $0.gitDirty = 0
        $0.toolchain = "bench"
        $0.seed = 0
        $0.config = ""
      })
  }

  private static func name(_ task: Int) -> String { "task-\(task)" }

  /// The exponent e of the fit y ∝ n^e by least squares in the logarithms.
  private static func exponent(_ counts: [Double], _ values: [Double]) -> Double {
    let (x, y) = (counts.map { log($0) }, values.map { log($0) })
    let (meanX, meanY) = (x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count))
    let covariance = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    return covariance / x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
  }

  private static func cell(_ seconds: Double, _ bytes: Double) -> String {
    String(format: "%.2f s, %.0f MB", seconds, bytes / 1e6)
  }

  private func row(_ cells: [String]) -> String {
    zip(cells, [8] + [Int](repeating: 20, count: cells.count)).map {
      $0.padding(toLength: $1, withPad: " ", startingAt: 0)
    }.joined(separator: "  ")
  }
}
