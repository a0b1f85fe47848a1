internal import LinearAlgebra

/// The quadratic model of one task's surrogate loss at v = 0, which all subsets that hold the task share.
///
/// With ℓ_i(v) = (1/W) Σ_t w_t log(1 + exp(−y_t g̃_tᵀ v)):  ∇ℓ_i(0) = −b,  ∇²ℓ_i(v) ⪯ ∇²ℓ_i(0) = H.
struct TaskCurvature: Sendable {
  /// b = (1/2W) Σ_t w_t y_t g̃_t, shape (d).
  let slope: [Double]
  /// H = (1/4W) Σ_t w_t g̃_t g̃_tᵀ, shape (d, d): the Gram matrix of the weighted features. Single precision is enough:
  /// H decides how fast the fits converge, not to what.
  let gram: [Float]

  /// Sums over one task's fit part.
  init(_ part: TaskPart) {
    let d = part.dimension
    var slope = [Double](repeating: 0, count: d)
    var gram = [Float](repeating: 0, count: d * d)
    var features = part.gatheredFeatures(as: Float.self)
    slope.withUnsafeMutableBufferPointer { slope in
      features.withUnsafeMutableBufferPointer { features in
        for t in 0..<part.count {
          let share = part.weight[t] / part.totalWeight
          let signed = 0.5 * share * part.label[t]
          let root = Float((share / 4).squareRoot())
          for c in 0..<d {
            slope[c] += signed * Double(features[t * d + c])
            features[t * d + c] *= root
          }
        }
      }
    }
    syrk(.yes, n: d, k: part.count, features, lda: d, &gram, ldc: d)
    self.slope = slope
    self.gram = gram
  }
}
