package import ArgumentParser
internal import Artifacts
internal import Configuration
internal import Environments
internal import Foundation
internal import Random
internal import Spelling
internal import Statistics
internal import Training
internal import Workers

/// How `pgx evaluate` plays, and what is demanded of the policies.
package struct EvaluationOptions: ParsableArguments {
  /// Episodes per task, E.
  @Option(help: "Episodes per task.")
  package var episodes = 20

  /// Where start states, and drawn actions, come from.
  @Option(help: "Where start states, and drawn actions, come from.")
  package var seed: UInt64 = 0

  /// Whether actions are drawn from the policy as in training.
  @Flag(help: "Draw actions from the policy, as in training, instead of the most likely ones.")
  package var stochastic = false

  /// The least mean return that every file must reach in every task.
  @Option(
    help: ArgumentHelp("Exit with 1 unless every file reaches this mean return.", valueName: "return"))
  package var eachAtLeast: Double?

  /// The least mean over the files of a row.
  @Option(
    help: ArgumentHelp(
      "Exit with 1 unless the mean over the files of a row reaches this.", valueName: "return"))
  package var meanAtLeast: Double?

  /// For ArgumentParser.
  package init() {}

  /// Refuses numbers of episodes that make no sense.
  package func validate() throws {
    guard (1...100_000).contains(episodes) else {
      throw ValidationError("--episodes must be in 1…100000, found \(episodes)")
    }
  }
}

/// What `pgx evaluate` prints, a table and a line per missed target, and whether no target was missed.
package typealias EvaluationTable = (text: String, reachesTargets: Bool)

/// Plays the policies of some files in the tasks that they were trained on.
///
/// Episode e of a task has the same start state for every file: a function of the seed, the task's name and e.
/// Training never meets these starts. One file gives a row per task with the spread over episodes. Several files
/// give a row per run folder and task with the spread over its seeds: `runs/x/seed-0/meta-train.h5` and
/// `runs/x/seed-1/meta-train.h5` share a row.
///
/// - Throws: for files without a policy, and tasks that this program does not have.
package func evaluateFiles(
  _ files: [String], _ options: EvaluationOptions, threads: Int
) throws -> EvaluationTable {
  let registry = try standardRegistry()
  let workers = WorkerPool(threads: threads)
  let random = RandomStream(seed: options.seed, name: "evaluate")
  let results = try files.flatMap { file in
    let stored = try StoredPolicy(reading: file, registry: registry)
    let played = try evaluate(
      stored.trained, tasks: stored.tasks, registry: registry, episodes: options.episodes,
      sampled: options.stochastic, random: random, workers: workers)
    return zip(stored.tasks, played).enumerated().map { index, pair in
      PolicyResult(
        run: runName(of: file), file: file, task: pair.0.name, episodes: pair.1,
        finalReturn: stored.trainingReturn(task: index, after: 0.9),
        wholeReturn: stored.trainingReturn(task: index, after: 0))
    }
  }
  let groups = results.reduce(into: [[PolicyResult]]()) { groups, result in
    let place = groups.firstIndex { $0[0].run == result.run && $0[0].task == result.task }
    if let place { groups[place].append(result) } else { groups.append([result]) }
  }
  let misses = groups.flatMap { missedTargets($0, options) }
  let table =
    files.count == 1 ? episodeTable(results) : fileTable(groups, random: random.derived("intervals"))
  let actions = options.stochastic ? "drawn from the policy" : "the most likely ones"
  let legend = """
    Means over \(options.episodes) episodes per task and file, actions \(actions). Last tenth, whole training: mean return while
    training, over the last tenth of the steps and over all of them.

    """
  let diverged = results.reduce(0) { $0 + $1.episodes.count { $0.diverged } }
  let warning = diverged > 0 ? divergedText(diverged, in: "evaluation") + ".\n" : ""
  let text = table + "\n" + legend + warning + misses.map { "missed: \($0)\n" }.joined()
  return (text, misses.isEmpty)
}

/// A policy in one of its tasks.
private struct PolicyResult {
  let run: String
  let file: String
  let task: String
  let episodes: [PlayedEpisode]
  /// The mean training return over the last tenth of the steps, and over all of them.
  let finalReturn: Double
  let wholeReturn: Double

  var returns: [Double] { episodes.map(\.undiscountedReturn) }
  var meanReturn: Double { mean(returns) }
}

/// A policy as a file has it.
private struct StoredPolicy {
  let trained: TrainedPolicy
  let tasks: [TaskSpecification]
  let curve: LearningCurve

  init(reading file: String, registry: TaskRegistry) throws {
    let provenance = try Provenance(reading: file)
    let names: [String]
    switch Stage(rawValue: provenance.stage) {
    case .metaTrain:
      let artifact = try MetaTrainArtifact(reading: file)
      (names, curve, trained) = (artifact.tasks, artifact.curve, try TrainedPolicy(artifact, file: file))
    case .fullTrainEval:
      let artifact = try TrainedSetArtifact(reading: file)
      (names, curve, trained) = (artifact.tasks, artifact.curve, try TrainedPolicy(artifact, file: file))
    default:
      throw ProgramError.input(
        file: file, reason: "holds no policy; give meta-train.h5 or full-train-eval/<set>.h5")
    }
    let source = "\(file)/provenance@config"
    let all = try registry.resolve(try TaskEntry.list(inSlice: provenance.config, file: source), file: source)
    tasks = try names.map { name in
      guard let task = all.first(where: { $0.name == name }) else {
        throw ArtifactError.mismatch(
          file: file, object: "/provenance@config", expected: "the task \(name)", found: "none of that name")
      }
      return task
    }
  }

  /// The mean of a task's learning curve over all steps after a share of them; NaN if no episode had ended by the
  /// end.
  func trainingReturn(task: Int, after share: Double) -> Double {
    let start = share * Double(curve.steps.last ?? 0)
    let late = curve.steps.indices.filter { Double(curve.steps[$0]) > start }
    let values = late.map { curve.returns[$0 * tasks.count + task] }.filter(\.isFinite)
    return values.isEmpty ? .nan : mean(values)
  }
}

/// The path without its folder `seed-<s>`: what the files of several seeds have in common.
private func runName(of file: String) -> String {
  file.split(separator: "/", omittingEmptySubsequences: false).filter { !$0.hasPrefix("seed-") }
    .joined(separator: "/")
}

private func episodeTable(_ results: [PolicyResult]) -> String {
  aligned(
    [["task", "mean return", "deviation", "least", "most", "mean steps", "last tenth", "whole training"]]
      + results.map { result in
        let returns = result.returns
        return [
          result.task, fixed(result.meanReturn, 1), fixed(standardDeviation(returns), 1),
          fixed(returns.min() ?? .nan, 1), fixed(returns.max() ?? .nan, 1),
          fixed(mean(result.episodes.map { Double($0.length) }), 1), fixed(result.finalReturn, 1),
          fixed(result.wholeReturn, 1),
        ]
      })
}

private func fileTable(_ groups: [[PolicyResult]], random: RandomStream) -> String {
  aligned(
    [["policy", "task", "mean return", "95 % interval", "each file", "last tenth", "whole training"]]
      + groups.map { group in
        let means = group.map(\.meanReturn)
        let interval = bootstrapMeanInterval(strata: [means], replicates: 10_000, random: random)
        return [
          group[0].run, group[0].task, fixed(mean(means), 1),
          group.count == 1 ? "" : "[\(fixed(interval.low, 1)), \(fixed(interval.high, 1))]",
          means.map { fixed($0, 1) }.joined(separator: "  "), fixed(mean(group.map(\.finalReturn)), 1),
          fixed(mean(group.map(\.wholeReturn)), 1),
        ]
      })
}

/// One line per target that a row of the table misses.
private func missedTargets(_ group: [PolicyResult], _ options: EvaluationOptions) -> [String] {
  func miss(_ policy: String, _ value: Double, _ target: Double?, _ words: String = "") -> String? {
    guard let target, !(value >= target) else { return nil }
    return "\(policy), \(group[0].task): \(fixed(value, 1))\(words), below \(fixed(target, 1))"
  }
  let average = mean(group.map(\.meanReturn))
  let misses = group.map { miss($0.file, $0.meanReturn, options.eachAtLeast) }
  return (misses + [miss(group[0].run, average, options.meanAtLeast, " on average")]).compactMap { $0 }
}
