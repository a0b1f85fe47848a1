/// The stages of the pipeline, in the order in which data flow through them: the graph is said here, and nowhere else in
/// the programs. The rules of `pipelines/policygradex.mk` are compared with it by a test.
///
/// A stage's name is the name of its executable, of its section of the configuration, of its artifact, of its log, of
/// its make target, and of the option by which a program that reads its artifact takes it (`--collect-gradients`).
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
  /// Trains task sets that nobody asked for, to judge estimates by; not part of a run.
  case truth

  /// The stages of a run.
  package static var pipeline: [Stage] { allCases.filter { $0 != .truth } }

  /// The stages whose artifacts it reads; all of them come before it.
  package var inputs: [Stage] {
    switch self {
    case .metaTrain, .sampleSubsets: []
    case .collectGradients: [.metaTrain]
    case .linearizedAdapt: [.collectGradients, .sampleSubsets]
    case .score: [.collectGradients, .sampleSubsets, .linearizedAdapt]
    case .cluster: [.score]
    case .fullTrainEval: [.cluster]
    case .truth: [.metaTrain]
    }
  }

  /// Its artifact's name among the inputs that another artifact's provenance lists: "collect_gradients".
  package var role: String { rawValue.replacing("-", with: "_") }

  /// The name of its artifact in a run's folder: "collect-gradients.h5".
  package var artifactName: String { "\(rawValue).h5" }

  /// The keys of its section that no training of a task set depends on: what is evaluated, or which sets there are.
  private var keysBesideTraining: [String] {
    switch self {
    case .fullTrainEval: ["evaluation_episodes"]
    case .truth: ["sizes", "meta_repeats"]
    default: []
    }
  }

  /// The name of a slice of its own for what its trainings depend on; nil for a stage that has none.
  package var trainingSlice: String? { self == .fullTrainEval ? "\(rawValue)-training" : nil }

  /// What the trainings of the stage depend on in a slice of it.
  package func trainingText(of slice: String) -> String {
    slice.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
      !keysBesideTraining.contains { line.hasPrefix("  \($0): ") }
    }.joined(separator: "\n")
  }

  /// The version of the stage's results: raised by every change that can alter an artifact's numbers, so that make
  /// runs the stage, and what follows from it, again.
  package var version: Int {
    switch self {
    case .metaTrain, .collectGradients, .sampleSubsets, .linearizedAdapt, .fullTrainEval: 2
    case .score, .cluster: 3
    case .truth: 1
    }
  }
}
