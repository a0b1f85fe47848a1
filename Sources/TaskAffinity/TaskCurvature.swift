internal import CKernels
internal import Workers

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
    Self.addGram(of: features, count: part.count, dimension: d, to: &gram)
    self.slope = slope
    self.gram = gram
  }

  /// Adds XᵀX, X of shape (count, d), to zeros of shape (d, d), by the product of the projection: the bits do not depend
  /// on the processor. Of the result, the upper triangle is computed and mirrored.
  private static func addGram(
    of features: UnsafePointer<Float>, count: Int, dimension d: Int, to gram: UnsafeMutablePointer<Float>
  ) {
    let (height, width, block) = (ScorePanel.rows, ScorePanel.columns, min(512, max(count, 1)))
    let form = kernels_best()
    let lefts = Slots<Float>((d + height - 1) / height * block, width: height, repeating: 0)
    let rights = Slots<Float>(ScorePanel.panelCount(d) * block, width: width, repeating: 0)
    for start in stride(from: 0, to: count, by: block) {
      let length = min(block, count - start)
      pack(features + start * d, length: length, dimension: d, to: lefts)
      pack(features + start * d, length: length, dimension: d, to: rights)
      for row in stride(from: 0, to: d, by: height) {
        for column in stride(from: row / width * width, to: d, by: width) {
          kernels_add_scores(
            form, length, lefts.row(row / height * length), rights.row(column / width * length),
            gram + row * d + column, d, min(height, d - row), min(width, d - column))
        }
      }
    }
    for row in 0..<d { for column in 0..<row { gram[row * d + column] = gram[column * d + row] } }
  }

  /// Cuts the columns of a (length, d) matrix into panels as wide as a slot, (panels, length) slots; what the last
  /// panel lacks may be anything.
  private static func pack(
    _ matrix: UnsafePointer<Float>, length: Int, dimension d: Int, to panels: Slots<Float>
  ) {
    for (panel, first) in stride(from: 0, to: d, by: panels.width).enumerated() {
      for t in 0..<length {
        panels.row(panel * length + t).update(
          from: matrix + t * d + first, count: min(panels.width, d - first))
      }
    }
  }
}
