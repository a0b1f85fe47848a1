internal import Artifacts
internal import Clustering
package import Configuration
package import Environments
internal import Random
internal import TaskAffinity

/// What a stage does, in counts that follow from the configuration alone. A forecast plays the stage with small counts and
/// scales what it measures, each kind by the ratio of its counts.
package struct StageWork: Sendable {
  /// Environment steps of training or collection, with all that is done for each of them.
  package var environmentSteps = 0
  /// Environment steps of evaluation episodes, if none ends before its horizon: the most that there can be.
  package var evaluationSteps = 0
  /// All other work that grows; only ratios count.
  package var operations = 1.0
  /// Environments that are held at once; the transitions of an iteration count as what they weigh beside them.
  package var environments = 0.0
  /// The lengths of the artifact's dimensions that grow, by label.
  package var lengths: [String: Int] = [:]
}

/// A configuration with its tasks, and the work that each stage does for it.
package struct Workload: Sendable {
  /// The configuration.
  package let configuration: BenchmarkConfiguration
  /// The benchmark's tasks, or some of them, shape (K).
  package var tasks: [TaskSpecification]

  /// The workload of a benchmark file; see `BenchmarkConfiguration.init`.
  ///
  /// - Throws: `ConfigurationError`.
  package init(
    reading path: String, profile: String?, changes: [String: [String: ResolvedValue]] = [:]
  ) throws {
    configuration = try BenchmarkConfiguration(reading: path, profile: profile, changes: changes)
    tasks = try standardRegistry().resolve(configuration.learner.tasks, file: path)
  }

  /// The slice of a stage.
  package func slice(of stage: Stage, seed: UInt64) -> String {
    configuration.slice(for: stage, seed: seed, tasks: tasks.map(\.entry))
  }

  /// The number of groups (k): as configured, or where it is found out, the middle of what it may be.
  package var groupCount: Int {
    let limit = min(configuration.cluster.maxGroups, tasks.count)
    return min(configuration.cluster.k ?? (limit + 2) / 2, tasks.count)
  }

  /// The number of groupings in the table (R).
  package var groupingCount: Int {
    GroupingName.all(randomGroupings: configuration.cluster.randomGroupings).count
  }

  /// The task sets that cluster is expected to ask for, the largest first.
  ///
  /// One set for all tasks and one for each are certain. Of the groupings it is assumed that they have k groups of
  /// equal size, and that who is in which is random; the random groupings are drawn as cluster draws them. So the
  /// environment steps are right but for sets that two groupings happen to share, and the number of sets is as good
  /// as k.
  package func expectedSets(seed: UInt64) -> [TaskSet] {
    let even = Grouping(labels: tasks.indices.map { $0 % groupCount })
    let random = RandomStream(seed: seed, name: Stage.cluster.rawValue)
    let others = randomGroupings(
      like: even, count: configuration.cluster.randomGroupings + 1, using: random.derived("random-groupings"))
    let groupings = [even, .single(tasks.count), .separate(tasks.count)] + others
    return TaskSet.distinct(groupings.flatMap(\.groups))
  }

  /// The work behind a stage's artifact; of full-train-eval, whose task sets count for themselves, that of the table.
  package func work(of stage: Stage) -> StageWork {
    let section = configuration.collectGradients
    let transitions = tasks.count * section.transitionsPerTask
    let size = min(configuration.sampleSubsets.size, tasks.count)
    let subsets = subsetCount(taskCount: tasks.count, size: size, count: configuration.sampleSubsets.count)
    var work = StageWork(
      lengths: ["task": tasks.count, "sample": transitions, "subset": subsets, "grouping": groupingCount])
    let (n, m, k) = (Double(transitions), Double(subsets), Double(tasks.count))
    let d = Double(section.projectionDimension)
    // Every subset visits the transitions of its tasks, (s/K) N of them.
    let visits = m * Double(size) / k * n
    switch stage {
    case .metaTrain:
      return training(on: tasks, steps: configuration.metaTrain.totalTimesteps, episodes: evaluationEpisodes)
    case .collectGradients: (work.environmentSteps, work.operations) = (transitions, n)
    case .sampleSubsets: break
    // The tasks' Gram matrices; some ten passes of margins and gradients; some ten conjugate-gradient solutions.
    case .linearizedAdapt: work.operations = n * d * d + 40 * visits * d + 400 * m * d * d
    // Reading and checking the features, some fifty operations each; margins; resampled gains.
    case .score:
      let resampling = Double(configuration.score.bootstrapReplicates) * (m + k) * k
      work.operations = 50 * n * d + 2 * visits * d + resampling
    case .cluster: work.operations = k * k
    // Resampled episodes of every entry.
    case .fullTrainEval, .truth:
      work.operations = k * Double(groupingCount * configuration.fullTrainEval.evaluationEpisodes)
    }
    return work
  }

  /// The work of training and evaluating one policy on some of the tasks, by their places.
  package func work(ofSet members: [Int]) -> StageWork {
    let section = configuration.fullTrainEval
    // The trained policy and random actions play the same episodes.
    return training(
      on: members.map { tasks[$0] }, steps: section.training.timestepsPerTask * members.count,
      episodes: 2 * section.evaluationEpisodes)
  }

  /// A training of at least so many steps over all tasks, in whole iterations, and the episodes of each task after it.
  private func training(on tasks: [TaskSpecification], steps: Int, episodes: Int) -> StageWork {
    let ppo = configuration.learner.ppo
    let batch = ppo.numEnvs * ppo.numSteps * tasks.count
    let iterations = (steps + batch - 1) / batch
    return StageWork(
      environmentSteps: iterations * batch, evaluationSteps: tasks.reduce(0) { $0 + $1.horizon * episodes },
      // A simulator weighs about as much as a thousand transitions.
      environments: Double(ppo.numEnvs * tasks.count) * (1 + Double(ppo.numSteps) / 1000),
      lengths: [
        "task": tasks.count, "point": iterations, "episode": configuration.fullTrainEval.evaluationEpisodes,
      ])
  }
}
