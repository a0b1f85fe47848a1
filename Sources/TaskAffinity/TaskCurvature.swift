internal import LinearAlgebra
internal import Workers

/// The quadratic model of one task's surrogate loss at v = 0, which all subsets that hold the task share.
///
/// With ℓ_i(v) = (1/W) Σ_t w_t log(1 + exp(−y_t g̃_tᵀ v)):  ∇ℓ_i(0) = −b,  ∇²ℓ_i(v) ⪯ ∇²ℓ_i(0) = H.
struct TaskCurvature: Sendable {
  /// b = (1/2W) Σ_t w_t y_t g̃_t, shape (d).
  let slope: [Double]
  /// H = (1/4W) Σ_t w_t g̃_t g̃_tᵀ, shape (d, d): the Gram matrix of the weighted features.
  let gram: [Double]

  /// Sums over one task's fit part.
  init(_ part: TaskPart) {
    let d = part.dimension
    var slope = [Double](repeating: 0, count: d)
    var gram = [Double](repeating: 0, count: d * d)
    var scaled = part.features
    for t in 0..<part.count {
      let share = part.weight[t] / part.totalWeight
      let root = (share / 4).squareRoot()
      for c in 0..<d {
        slope[c] += 0.5 * share * part.label[t] * part.features[t * d + c]
        scaled[t * d + c] *= root
      }
    }
    syrk(.yes, n: d, k: part.count, scaled, lda: d, &gram, ldc: d)
    self.slope = slope
    self.gram = gram
  }
}

/// The mean of the quadratic models of a subset's tasks, every task with equal mass, plus the ridge.
struct SubsetModel: Sendable {
  /// −∇L_S(0), shape (d).
  let slope: [Double]
  /// The Cholesky factor of ∇²L_S(0) = mean H_i + 2λI.
  let curvature: Cholesky

  /// The model of subset S at ridge λ.
  ///
  /// - Throws: when the matrix is not positive definite to rounding (a ridge far too small) or not finite.
  init(_ tasks: [TaskCurvature], subset: [Int], ridge: Double) throws(LinearAlgebraError) {
    let d = tasks[subset[0]].slope.count
    let mass = 1 / Double(subset.count)
    var matrix = Matrix(rows: d, columns: d, repeating: 0)
    for i in subset {
      tasks[i].gram.withUnsafeBufferPointer { gram in
        matrix.elements.withUnsafeMutableBufferPointer { sum in
          for c in 0..<d * d { sum[c] += mass * gram[c] }
        }
      }
    }
    for c in 0..<d { matrix[c, c] += 2 * ridge }
    slope = Self.slope(tasks, subset: subset)
    curvature = try Cholesky(matrix)
  }

  /// −∇L_S(0) = mean b_i, shape (d).
  static func slope(_ tasks: [TaskCurvature], subset: [Int]) -> [Double] {
    let mass = 1 / Double(subset.count)
    var slope = [Double](repeating: 0, count: tasks[subset[0]].slope.count)
    for i in subset {
      for c in slope.indices { slope[c] += mass * tasks[i].slope[c] }
    }
    return slope
  }

  /// The minimiser of the quadratic model: one Newton step from 0.
  var minimizer: [Double] { curvature.solve(slope) }
}
