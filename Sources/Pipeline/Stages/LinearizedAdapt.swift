package import Artifacts
package import Configuration
internal import Logging
internal import Spelling
internal import TaskAffinity
internal import Workers

/// The stage linearized-adapt: one regularised weighted logistic regression per subset, at a common ridge. Its inputs
/// are ours or anybody's.
///
/// - Throws: for unfit files, and for fits that do not reach the tolerance.
package func linearizedAdapt(
  _ context: StageContext<LinearizedAdaptSection>, collectGradients gradients: String,
  sampleSubsets subsetFile: String
) throws -> LinearizedAdaptArtifact {
  let section = context.slice.body.section
  let (transitions, subsets) = try surrogateInputs(gradients: gradients, subsets: subsetFile)
  var options = FitOptions()
  options.meanAbsMargin = section.meanAbsMargin
  options.ridge = section.ridge
  options.gradientTolerance = section.gradientTolerance
  options.maxIterations = section.maxIterations
  let fits = try namingTasks(subsets.tasks, file: gradients) {
    try fitSubsets(transitions, subsets: subsets.subsets, options: options, workers: context.workers)
  }
  let margin = fits.meanAbsMargin.reduce(0, +) / Double(fits.meanAbsMargin.count)
  let steps = fits.iterations.max() ?? 0
  context.logger.info(
    "\(subsets.subsets.count) fits at ridge \(fits.ridge): mean |margin| \(fixed(margin, 4)), at most \(steps) steps"
  )
  return LinearizedAdaptArtifact {
    $0.tasks = subsets.tasks
    $0.subsets = subsets.subsets
    $0.solution = fits.solution
    $0.loss = fits.loss
    $0.gradientNorm = fits.gradientNorm
    $0.iterations = fits.iterations.map { Int32($0) }
    $0.meanAbsoluteMargin = fits.meanAbsMargin
    $0.ridge = fits.ridge
  }
}

/// Reads the two files that the surrogate works on, and checks that they are about the same tasks.
func surrogateInputs(
  gradients: String, subsets: String
) throws -> (transitions: ProjectedTransitions, subsets: SampleSubsetsArtifact) {
  let samples = try CollectGradientsArtifact(reading: gradients)
  let subsetArtifact = try SampleSubsetsArtifact(reading: subsets)
  try requireSameTasks(samples.tasks, from: gradients, subsetArtifact.tasks, from: subsets)
  try requireEveryPair(subsetArtifact, file: subsets)
  let transitions = ProjectedTransitions(
    taskCount: samples.tasks.count, dimension: samples.dimension, features: samples.features,
    advantage: samples.advantage, task: samples.task, episode: samples.episode, heldOut: samples.heldOut)
  return (transitions, subsetArtifact)
}

/// Checks that every pair of tasks is in some subset: without one, their affinity is unknown.
private func requireEveryPair(_ artifact: SampleSubsetsArtifact, file: String) throws {
  let n = artifact.tasks.count
  var covered = [Bool](repeating: false, count: n * n)
  for subset in artifact.subsets {
    for i in subset { for j in subset { covered[i * n + j] = true } }
  }
  for i in artifact.tasks.indices {
    for j in artifact.tasks.indices where i < j && !covered[i * n + j] {
      throw ArtifactError.mismatch(
        file: file, object: "/member", expected: "every pair of tasks in some subset",
        found: "none with \(artifact.tasks[i]) and \(artifact.tasks[j])")
    }
  }
}

/// Does work on numbered tasks, and lets its errors call the tasks by name and say what file they are about.
///
/// - Throws: `ProgramError.input` for a `FitError`, `.usage` for `SubsetError` and `HeldOutSplitError`, further errors as
///   they are.
func namingTasks<Result>(_ tasks: [String], file: String, _ work: () throws -> Result) throws -> Result {
  func name(_ task: Int) -> String { tasks.indices.contains(task) ? tasks[task] : "task \(task)" }
  do {
    return try work()
  } catch let error as FitError {
    throw ProgramError.input(file: file, reason: error.description(naming: name))
  } catch let error as SubsetError {
    throw ProgramError.usage("\(file): \(error.description(naming: name))")
  } catch let error as HeldOutSplitError {
    throw ProgramError.usage(
      "\(name(error.task)) has \(error.episodeCount) episode to split into fitted and held-out; raise collect-gradients.transitions_per_task"
    )
  }
}
