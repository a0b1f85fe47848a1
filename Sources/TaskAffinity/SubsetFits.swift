internal import Foundation
internal import LinearAlgebra
package import Workers

/// How the surrogate problems are solved.
package struct FitOptions: Sendable, Equatable {
  /// The trust region: the largest mean over subsets of the mean |margin| (τ) that the chosen ridge may give.
  package var meanAbsMargin = 0.1
  /// The ridge (λ) of every subset; nil to choose it by the trust region.
  package var ridge: Double?
  /// A fit ends when the Euclidean norm of its gradient is at most this.
  package var gradientTolerance = 1e-8
  /// The largest number of Newton steps of a fit.
  package var maxIterations = 200

  /// The defaults.
  package init() {}
}

/// The surrogate's minimisers for all subsets at one ridge.
package struct SubsetFits: Sendable, Equatable {
  /// The ridge of every fit (λ).
  package var ridge: Double
  /// The minimisers v̂_S, shape (m, d).
  package var solution: [Double]
  /// The regularised loss at the minimiser, shape (m).
  package var loss: [Double]
  /// The Euclidean norm of the gradient at the minimiser, shape (m).
  package var gradientNorm: [Double]
  /// Newton steps taken, shape (m).
  package var iterations: [Int]
  /// The mean over the subset's tasks of the mean |g̃ᵀv̂| over their fit parts, shape (m).
  package var meanAbsMargin: [Double]
}

/// Why the surrogate problems cannot be solved.
package enum FitError: Error, Equatable, CustomStringConvertible {
  /// A task has no transition to fit.
  case emptyFitPart(task: Int)
  /// A task has no transition to score on.
  case emptyHeldOutPart(task: Int)
  /// A fit did not reach the tolerance.
  case notConverged(subset: [Int], iterations: Int, gradientNorm: Double, tolerance: Double)
  /// No ridge of the ladder keeps the margins inside the trust region.
  case noRidge(meanAbsMargin: Double)

  package var description: String { description(naming: { "task \($0)" }) }

  /// The error in one sentence that calls task i by `name(i)`.
  package func description(naming name: (Int) -> String) -> String {
    func names(_ subset: [Int]) -> String { subset.map(name).joined(separator: ", ") }
    return switch self {
    case .emptyFitPart(let task):
      "\(name(task)) has no transition to fit; collect more, or hold out fewer"
    case .emptyHeldOutPart(let task):
      "\(name(task)) has no held-out transition to score on; collect more episodes, or hold out more"
    case .notConverged(let subset, let iterations, let norm, let tolerance):
      "the fit of \(names(subset)) has gradient norm \(norm) > \(tolerance) after \(iterations) steps; raise linearized-adapt.ridge or max_iterations"
    case .noRidge(let margin):
      "no ridge keeps the mean |margin| at or below \(margin); raise linearized-adapt.mean_abs_margin"
    }
  }
}

/// Solves the weighted logistic regression of every subset (METHOD eq. L̂_S, in the projected space):
///
///     v̂_S = argmin_v  (1/|S|) Σ_{i∈S} (1/W_i) Σ_{t∈i} w_t log(1 + exp(−y_t g̃_tᵀ v))  +  λ‖v‖²
///
/// by Newton steps whose curvature is the one at v = 0, a mean of the tasks' shared Gram matrices. That matrix bounds
/// the Hessian from above everywhere (Böhning and Lindsay 1988), so each step lowers the loss without a line search,
/// and inside the trust region (|margin| ≪ 1) it is the Hessian up to a few per cent. A step's equations are solved by
/// conjugate gradients in single precision, all subsets side by side; the gradients are exact, in double precision.
///
/// - Parameters:
///   - transitions: the tasks' projected transitions; only the part not held out is used.
///   - subsets: (m, s) task numbers.
/// - Returns: the minimisers, every gradient norm at or below the tolerance.
/// - Throws: `FitError`.
package func fitSubsets(
  _ transitions: ProjectedTransitions, subsets: [[Int]], options: FitOptions, workers: WorkerPool
) throws -> SubsetFits {
  let problem = try SurrogateProblem(transitions, workers: workers)
  if let ridge = options.ridge {
    return try problem.solve(subsets, ridge: ridge, options: options, workers: workers)
  }
  var step = try problem.trustRegionStep(subsets, limit: options.meanAbsMargin, workers: workers)
  while step <= RidgeLadder.last {
    let fits = try problem.solve(subsets, ridge: RidgeLadder.ridge(step), options: options, workers: workers)
    // The ladder was climbed on the quadratic model; the exact margins have the last word.
    if mean(fits.meanAbsMargin) <= options.meanAbsMargin { return fits }
    step += 1
  }
  throw FitError.noRidge(meanAbsMargin: options.meanAbsMargin)
}

/// The ridges among which the trust region chooses: λ = 2^(j/4).
enum RidgeLadder {
  /// The smallest j: λ = 2⁻⁴⁰.
  static let first = -160
  /// The largest j: λ = 2⁴⁰.
  static let last = 160

  /// The step whose ridge is nearest to the given one, on a log scale.
  static func nearestStep(to ridge: Double) -> Int {
    guard ridge > 0, ridge.isFinite else { return 0 }
    return Int(min(max((4 * log2(ridge)).rounded(), Double(first)), Double(last)))
  }

  /// λ = 2^(j/4), with every whole power of two exact.
  static func ridge(_ step: Int) -> Double {
    let quarter = 2.0.squareRoot().squareRoot()
    var ridge = Double(sign: .plus, exponent: step >> 2, significand: 1)
    for _ in 0..<step & 3 { ridge *= quarter }
    return ridge
  }
}

/// The sum of the values over their number; 0 of nothing.
func mean(_ values: [Double]) -> Double {
  values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
}
