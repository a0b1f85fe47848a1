internal import LinearAlgebra

/// The quadratic model of a task's surrogate gain on one half of its episodes, with each episode's part in it.
///
/// The gain of a step v is b·v − ½ vᵀ H v to second order, b = Σ_e s_e / W.
struct TaskHalf: Sendable {
  /// H = (1/4W) Σ_t w_t g̃_t g̃_tᵀ, shape (d, d).
  let curvature: Matrix
  /// s_e = ½ Σ_{t∈e} w_t y_t g̃_t of each episode, shape (E, d).
  let episodeSlopes: [Double]
  /// Σ_{t∈e} w_t of each episode, shape (E).
  let episodeWeights: [Double]
  /// b = Σ_e s_e / W, shape (d).
  let slope: [Double]

  /// Sums over a part of a task's transitions.
  init(_ part: TaskPart) {
    let d = part.dimension
    let features = part.gatheredFeatures(as: Float.self)
    var (slopes, weights) = (
      [Double](repeating: 0, count: part.episodeCount * d), [Double](repeating: 0, count: part.episodeCount)
    )
    for t in 0..<part.count {
      let (episode, signed) = (part.episode[t], 0.5 * part.weight[t] * part.label[t])
      weights[episode] += part.weight[t]
      for c in 0..<d { slopes[episode * d + c] += signed * Double(features[t * d + c]) }
    }
    episodeSlopes = slopes
    episodeWeights = weights
    let model = TaskCurvature(part)
    slope = model.slope
    curvature = Matrix(rows: d, columns: d, elements: model.gram.map { Double($0) })
  }

  /// The trace of the curvature.
  var trace: Double { (0..<slope.count).reduce(0) { $0 + curvature[$1, $1] } }

  /// vᵀ H v.
  func quadratic(_ step: [Double]) -> Double {
    let d = step.count
    var product = [Double](repeating: 0, count: d)
    gemv(.no, rows: d, columns: d, curvature.elements, lda: d, step, &product)
    return zip(step, product).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// s_e · v of each episode, shape (E).
  func episodeGains(_ step: [Double]) -> [Double] {
    var gains = [Double](repeating: 0, count: episodeWeights.count)
    gemv(.no, rows: episodeWeights.count, columns: step.count, episodeSlopes, lda: step.count, step, &gains)
    return gains
  }
}
