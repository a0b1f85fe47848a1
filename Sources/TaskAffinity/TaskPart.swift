/// Some transitions of one task: their labels, weights and episodes, and their rows of the features of all tasks.
struct TaskPart: Sendable {
  /// The dimension of the features (d).
  let dimension: Int
  /// The labels y = sign Â, −1 or 1, shape (N).
  let label: [Double]
  /// The weights w = |Â| > 0, shape (N).
  let weight: [Double]
  /// The episode of each transition, numbered from 0 in the order of appearance, shape (N).
  let episode: [Int]
  /// The number of episodes.
  let episodeCount: Int
  /// The sum of the weights (W).
  let totalWeight: Double

  /// The part's rows of the features, shape (N).
  private let rows: [Int]
  /// The projected scores (g̃) of all transitions of all tasks, a shared array.
  private let features: [Float]

  /// The part that consists of these rows.
  init(_ transitions: ProjectedTransitions, rows: [Int]) {
    dimension = transitions.dimension
    features = transitions.features
    self.rows = rows
    label = rows.map { transitions.advantage[$0] > 0 ? 1 : -1 }
    weight = rows.map { abs(Double(transitions.advantage[$0])) }
    totalWeight = weight.reduce(0, +)
    var number: [Int32: Int] = [:]
    var episodes: [Int] = []
    for row in rows {
      let position = number[transitions.episode[row]] ?? number.count
      number[transitions.episode[row]] = position
      episodes.append(position)
    }
    episode = episodes
    episodeCount = number.count
  }

  /// The number of transitions (N).
  var count: Int { label.count }

  /// The part's features in the precision asked for, shape (N, d).
  func gatheredFeatures<Scalar: BinaryFloatingPoint>(as _: Scalar.Type) -> [Scalar] {
    let d = dimension
    return [Scalar](unsafeUninitializedCapacity: count * d) { out, length in
      guard let out = out.baseAddress else { return }
      features.withUnsafeBufferPointer { features in
        for (place, row) in rows.enumerated() {
          for c in 0..<d { (out + place * d + c).initialize(to: Scalar(features[row * d + c])) }
        }
      }
      length = count * d
    }
  }
}
