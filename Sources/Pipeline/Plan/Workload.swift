internal import Configuration
internal import Environments
internal import TaskAffinity

/// What a configuration asks of one run, in numbers that follow from it alone.
struct Workload {
  /// The configuration.
  let configuration: BenchmarkConfiguration
  /// The benchmark's tasks, shape (K).
  let tasks: [TaskSpecification]
  /// Transitions of each task that collect-gradients keeps (N_i).
  let transitionsPerTask: Int

  /// The workload of a configuration.
  ///
  /// - Parameters:
  ///   - tasks: its tasks, or some of them.
  ///   - transitionsPerTask: nil for what is configured.
  init(configuration: BenchmarkConfiguration, tasks: [TaskSpecification], transitionsPerTask: Int? = nil) {
    self.configuration = configuration
    self.tasks = tasks
    self.transitionsPerTask = transitionsPerTask ?? configuration.collectGradients.transitionsPerTask
  }

  /// K.
  var taskCount: Int { tasks.count }

  /// Environment steps per task and iteration of a training.
  var stepsPerTaskAndIteration: Int { configuration.learner.ppo.numEnvs * configuration.learner.ppo.numSteps }

  /// Iterations of meta-train: its budget, rounded up.
  var metaTrainIterations: Int {
    Self.quotient(configuration.metaTrain.totalTimesteps, stepsPerTaskAndIteration * taskCount)
  }

  /// Iterations of any task set's training: budget and batch grow alike with the set.
  var setIterations: Int {
    Self.quotient(configuration.fullTrainEval.timestepsPerTask, stepsPerTaskAndIteration)
  }

  /// Environment steps of meta-train's training.
  var metaTrainSteps: Int { metaTrainIterations * stepsPerTaskAndIteration * taskCount }

  /// Environment steps of the training of a set of `size` tasks.
  func setSteps(_ size: Int) -> Int { setIterations * stepsPerTaskAndIteration * size }

  /// Transitions that collect-gradients keeps (N).
  var transitions: Int { transitionsPerTask * taskCount }

  /// Subsets of tasks (m).
  var subsetCount: Int {
    TaskAffinity.subsetCount(
      taskCount: taskCount, size: min(configuration.sampleSubsets.size, taskCount),
      count: configuration.sampleSubsets.count)
  }

  /// The number of groupings in the table (R): that found, the one by gradient similarity, the random ones, one set
  /// for all and one set for each.
  var groupingCount: Int { configuration.cluster.randomGroupings + 4 }

  /// Environment steps of `episodes` evaluation episodes of some tasks, if none ends before its horizon: the most that
  /// there can be.
  func evaluationSteps(_ members: [Int], episodes: Int) -> Int {
    members.reduce(0) { $0 + tasks[$1].horizon * episodes }
  }

  /// The number of groups (k): as configured, or where it is found out, the middle of what it may be.
  var groupCount: Int {
    let limit = min(configuration.cluster.maxGroups, taskCount)
    return min(configuration.cluster.k ?? (limit + 2) / 2, taskCount)
  }

  private static func quotient(_ total: Int, _ part: Int) -> Int { (total + part - 1) / part }
}
