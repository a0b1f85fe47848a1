internal import HDF5

/// What score hands on: estimated performances and task affinities. Matrices are row-major.
package struct ScoreArtifact: Artifact {
  /// How it is stored.
  package static var schema: ArtifactSchema { .score }

  /// The names of the tasks (K).
  package let tasks: [String]

  /// The estimated performance f̂_i(S) of task i adapted to subset S (M, K); NaN outside S.
  package let performance: [Double]

  /// The mean performance over each subset's tasks (M).
  package let subsetPerformance: [Double]

  /// The affinity (K, K): the paper's U.
  package let affinity: [Double]

  /// The lower end of its episode-bootstrap interval (K, K).
  package let affinityLow: [Double]

  /// The upper end of its episode-bootstrap interval (K, K).
  package let affinityHigh: [Double]

  /// The affinity without the additive effects of single tasks (K, K).
  package let affinityResidual: [Double]

  /// The lower end of its episode-bootstrap interval (K, K).
  package let affinityResidualLow: [Double]

  /// The upper end of its episode-bootstrap interval (K, K).
  package let affinityResidualHigh: [Double]

  /// The asymmetric form (K, K): mean f̂_i(S) over the subsets that hold i and j, row-standardised.
  package let affinityTask: [Double]

  /// The number of subsets that hold both tasks (K, K).
  package let pairCount: [Int32]

  /// The cosine between the tasks' mean projected policy gradients (K, K), in [-1, 1].
  package let gradientCosine: [Double]

  /// The held-out gain of each task, averaged over the subsets that hold it (K).
  package let gain: [Double]

  /// The lower end of its episode-bootstrap interval (K).
  package let gainLow: [Double]

  /// The upper end of its episode-bootstrap interval (K).
  package let gainHigh: [Double]

  /// The number of tasks that gain reliably, in 0...K: those with at least two held-out episodes whose gain interval
  /// lies above 0. One episode has no spread to take an interval from.
  package let reliableTasks: Int

  /// Whether the gains show reliable structure, in words.
  package let verdict: String

  /// Whether the affinities show structure: more than half of the tasks gain reliably.
  package var hasReliableStructure: Bool {
    Self.hasReliableStructure(reliableTasks: reliableTasks, of: tasks.count)
  }

  /// The rule behind `hasReliableStructure`.
  package static func hasReliableStructure(reliableTasks: Int, of tasks: Int) -> Bool {
    reliableTasks * 2 > tasks
  }

  /// The values of the stage; see the properties.
  package init(
    tasks: [String], performance: [Double], subsetPerformance: [Double], affinity: [Double],
    affinityLow: [Double],
    affinityHigh: [Double], affinityResidual: [Double], affinityResidualLow: [Double],
    affinityResidualHigh: [Double],
    affinityTask: [Double], pairCount: [Int32],
    gradientCosine: [Double], gain: [Double], gainLow: [Double], gainHigh: [Double], reliableTasks: Int,
    verdict: String
  ) {
    self.tasks = tasks
    self.performance = performance
    self.subsetPerformance = subsetPerformance
    self.affinity = affinity
    self.affinityLow = affinityLow
    self.affinityHigh = affinityHigh
    self.affinityResidual = affinityResidual
    self.affinityResidualLow = affinityResidualLow
    self.affinityResidualHigh = affinityResidualHigh
    self.affinityTask = affinityTask
    self.pairCount = pairCount
    self.gradientCosine = gradientCosine
    self.gain = gain
    self.gainLow = gainLow
    self.gainHigh = gainHigh
    self.reliableTasks = reliableTasks
    self.verdict = verdict
  }

  /// The values of a validated file.
  package init(_ contents: ValidatedContents) throws(ArtifactError) {
    try contents.requireOrdered("/affinity_low", "/affinity_high")
    try contents.requireOrdered("/affinity_residual_low", "/affinity_residual_high")
    try contents.requireOrdered("/gain_low", "/gain_high")
    self.init(
      tasks: try contents.values("/dims/task"), performance: try contents.values("/performance"),
      subsetPerformance: try contents.values("/subset_performance"),
      affinity: try contents.values("/affinity"),
      affinityLow: try contents.values("/affinity_low"), affinityHigh: try contents.values("/affinity_high"),
      affinityResidual: try contents.values("/affinity_residual"),
      affinityResidualLow: try contents.values("/affinity_residual_low"),
      affinityResidualHigh: try contents.values("/affinity_residual_high"),
      affinityTask: try contents.values("/affinity_task"), pairCount: try contents.values("/pair_count"),
      gradientCosine: try contents.values("/gradient_cosine"), gain: try contents.values("/gain"),
      gainLow: try contents.values("/gain_low"), gainHigh: try contents.values("/gain_high"),
      reliableTasks: try contents.integer("reliable_tasks", of: "/"),
      verdict: contents.text("verdict", of: "/") ?? "")
    guard (0...tasks.count).contains(reliableTasks) else {
      throw contents.mismatch(
        "/@reliable_tasks", expected: "a number from 0 to \(tasks.count)", found: "\(reliableTasks)")
    }
  }

  /// The datasets and attributes.
  package var contents: ArtifactContents {
    let (taskCount, subsetCount) = (tasks.count, subsetPerformance.count)
    var contents = ArtifactContents()
    contents.add(tasks: tasks)
    contents.add("/performance", .float64(performance), shape: [subsetCount, taskCount])
    contents.add("/subset_performance", .float64(subsetPerformance), shape: [subsetCount])
    for (path, matrix) in [
      ("/affinity", affinity), ("/affinity_low", affinityLow), ("/affinity_high", affinityHigh),
      ("/affinity_residual", affinityResidual), ("/affinity_residual_low", affinityResidualLow),
      ("/affinity_residual_high", affinityResidualHigh), ("/affinity_task", affinityTask),
      ("/gradient_cosine", gradientCosine),
    ] {
      contents.add(path, .float64(matrix), shape: [taskCount, taskCount])
    }
    contents.add("/pair_count", .int32(pairCount), shape: [taskCount, taskCount])
    for (path, vector) in [("/gain", gain), ("/gain_low", gainLow), ("/gain_high", gainHigh)] {
      contents.add(path, .float64(vector), shape: [taskCount])
    }
    contents.add(attribute: "reliable_tasks", of: "/", .integer(Int64(reliableTasks)))
    contents.add(attribute: "verdict", of: "/", .string(verdict))
    return contents
  }
}
