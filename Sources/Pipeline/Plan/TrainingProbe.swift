internal import Configuration
internal import Environments
internal import Foundation
internal import Random
internal import Training
internal import Workers

/// How fast this machine trains and plays the tasks of a configuration: measured by training them for about a second.
struct TrainingProbe {
  /// Seconds of an iteration on all tasks with all threads.
  private(set) var metaTrainIteration = 0.0
  /// Seconds of an iteration on one task, and on `taskCount` of them, on one thread while the others do the same.
  private(set) var setIteration = (one: 0.0, all: 0.0)
  /// Seconds of an environment step of an evaluation episode on one thread while the others do the same.
  private(set) var evaluationStep = 0.0
  /// Seconds of an episode of random actions, as long as the tasks that were probed let it be, likewise.
  private(set) var randomEpisode = 0.0
  /// The number of tasks that were trained together.
  let taskCount: Int
  /// What a training holds whatever its size: networks, their optimiser and workspaces, bytes.
  private(set) var networkBytes = 0
  /// What an environment holds, with the experience of an iteration, bytes.
  private(set) var environmentBytes = 0
  /// The policy as far as it came.
  let trained: TrainedPolicy

  /// Measures.
  ///
  /// - Parameters:
  ///   - workload: the benchmark's, or one with fewer tasks.
  ///   - threads: the number of threads; a task set is trained on one, as many sets at once.
  init(_ workload: Workload, registry: TaskRegistry, threads: Int) throws {
    let (learner, tasks) = (workload.configuration.learner, workload.tasks)
    taskCount = tasks.count
    let random = RandomStream(seed: 0, name: "plan")
    // Fewer environments where an iteration of all would take long: time and memory are proportional to them.
    var configuration = PPOConfiguration(learner)
    let products =
      Double(configuration.updateEpochs * workload.networkSize)
      * Double(workload.stepsPerTaskAndIteration * taskCount)
    let most = 3e9
    configuration.numEnvs = max(Int(Double(configuration.numEnvs) / max(products / most, 1)), 1)
    let share = Double(configuration.numEnvs) / Double(learner.ppo.numEnvs)
    configuration.numMinibatches = max(Int(share * Double(configuration.numMinibatches)), 1)
    let settings = configuration
    func trainer(_ tasks: [TaskSpecification], _ workers: WorkerPool) throws -> Trainer {
      try Trainer(
        tasks: tasks, registry: registry, configuration: settings,
        policySeesTask: learner.taskID == .oneHot && tasks.count > 1,
        totalSteps: Self.endless, random: random, workers: workers)
    }
    let before = residentBytes()
    let batch = try EnvironmentBatch(
      tasks: tasks.flatMap { [TaskSpecification](repeating: $0, count: settings.numEnvs) },
      registry: registry, random: random)
    let between = residentBytes()
    let all = try trainer(tasks, WorkerPool(threads: threads))
    metaTrainIteration = try Self.secondsPerIteration(all, for: 0.5) / share
    let after = residentBytes()
    // Of each transition: observation and action, five numbers and a return, and how it ended.
    let transition = 4 * (batch.observationSize + batch.actionSpace.width) + 33
    environmentBytes = max(between - before, 0) / batch.count + settings.numSteps * transition
    networkBytes = max(after - between - batch.count * environmentBytes, 0)
    trained = all.trained
    let policy = trained

    /// Does the same on every thread at once; the mean of what it returns.
    func everywhere(_ body: (_ worker: Int) throws -> [Double]) throws -> [Double] {
      let parts = try WorkerPool(threads: threads).mapUnchecked(threads) { try body($0) }
      return parts[0].indices.map { column in parts.reduce(0) { $0 + $1[column] } / Double(threads) }
    }
    setIteration.all = try everywhere { _ in
      [try Self.secondsPerIteration(trainer(tasks, WorkerPool(threads: 1)), for: 0.35) / share]
    }[0]
    setIteration.one = try everywhere { worker in
      let task = tasks[worker % tasks.count]
      return [try Self.secondsPerIteration(trainer([task], WorkerPool(threads: 1)), for: 0.2) / share]
    }[0]
    let playing = try everywhere { _ in
      let episodes = 1
      var watch = Stopwatch()
      let workers = WorkerPool(threads: 1)
      let played = try evaluate(
        policy, tasks: tasks, registry: registry, episodes: episodes, random: random, workers: workers)
      let steps = played.joined().reduce(0) { $0 + $1.length }
      let evaluation = watch.lap() / Double(steps)
      _ = try playRandomActions(
        tasks: tasks, registry: registry, episodes: episodes, random: random, workers: workers)
      return [evaluation, watch.lap() / Double(episodes * tasks.count)]
    }
    (evaluationStep, randomEpisode) = (playing[0], playing[1])
  }

  /// Seconds of an iteration on a set of `size` tasks: what it costs beside the tasks, and what every task adds.
  func setIteration(_ size: Int) -> Double {
    guard taskCount > 1 else { return setIteration.one * Double(size) }
    let perTask = max(setIteration.all - setIteration.one, 0) / Double(taskCount - 1)
    return setIteration.one + perTask * Double(size - 1)
  }

  /// What training `count` tasks with `environments` of each holds, bytes.
  func trainerBytes(tasks count: Int, environments: Int) -> Int {
    networkBytes + count * environments * environmentBytes
  }

  /// The inputs of the policy of a training on `count` tasks.
  func policyWidth(tasks count: Int) -> Int {
    NetworkInputs(
      observationSize: trained.inputs.observationSize, taskCount: count,
      policySeesTask: trained.policySeesTask && count > 1
    ).policyWidth
  }

  /// So many steps that the step size stays what it is at the start.
  private static let endless = 1 << 40

  /// The mean time of an iteration, after a first one that finds memory and caches cold; that one's own if it takes
  /// longer than there is time.
  private static func secondsPerIteration(_ trainer: Trainer, for limit: Double) throws -> Double {
    var watch = Stopwatch()
    _ = try trainer.runIteration()
    let first = watch.lap()
    guard first < limit else { return first }
    var (seconds, count) = (0.0, 0)
    while seconds < limit - first || count < 1 {
      _ = try trainer.runIteration()
      seconds += watch.lap()
      count += 1
    }
    return seconds / Double(count)
  }
}

/// The memory that this process holds now, bytes; 0 where the system does not tell.
func residentBytes() -> Int {
  guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
  let fields = text.split(separator: " ")
  return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
}
