/// The stages of the pipeline, in the order in which data flow through them.
///
/// A stage's name is the name of its executable, of its section of the configuration, of its artifact, of its log and
/// of its make target.
package enum Stage: String, CaseIterable, Sendable {
  /// Trains one policy on all tasks (θ*).
  case metaTrain = "meta-train"
  /// Collects transitions at θ* and projects the gradients of their log-probabilities.
  case collectGradients = "collect-gradients"
  /// Chooses the task subsets whose adaptation is estimated.
  case sampleSubsets = "sample-subsets"
  /// Solves one regularised logistic regression per subset.
  case linearizedAdapt = "linearized-adapt"
  /// Evaluates the solutions on held-out data and averages them into task affinities.
  case score
  /// Groups the tasks.
  case cluster
  /// Trains one policy per group, and evaluates every grouping.
  case fullTrainEval = "full-train-eval"

  /// The version of the stage's results: raised by every change that can alter an artifact's numbers, so that make
  /// runs the stage, and what follows from it, again.
  package var version: Int {
    switch self {
    case .metaTrain, .collectGradients, .sampleSubsets, .linearizedAdapt, .score, .cluster, .fullTrainEval: 2
    }
  }
}
