internal import CKernels
internal import Policies

/// The shape of a panel: transitions whose scores stand side by side, so that one vector instruction forms an entry of
/// several.
enum ScorePanel {
  /// Transitions of a panel.
  static let rows = Int(kernels_score_rows)
  /// Columns of a panel of the projection.
  static let columns = Int(kernels_panel_columns)
  /// Vectors of four floats per entry.
  static let vectors = rows / 4

  /// The panels that d columns take.
  static func panelCount(_ dimension: Int) -> Int { (dimension + columns - 1) / columns }
}

/// Which factors are kept of a transition's score, and which of them make up which tensor.
struct ScoreLayout: Sendable {
  /// A vector that is kept of every transition: an input, or a delta with its scale.
  private struct Factor: Hashable {
    let slot: Int
    let width: Int
    /// Nil for an input.
    let scale: AffineUse.Scale?
  }

  /// An affine map, and the first factor entries of x and of δ for each of its uses.
  fileprivate struct Tensor: Sendable {
    let map: AffineMap
    var terms: [(input: Int, delta: Int)]
  }

  /// The number of factor entries of a transition.
  let entryCount: Int
  fileprivate let tensors: [Tensor]
  /// The log standard deviations in the parameter vector; their score is a transition's last factor entries.
  fileprivate let tail: Range<Int>
  private let factors: [Factor]

  /// The layout of a policy's scores.
  init(_ policy: Policy) {
    var factors = [Factor]()
    var starts = [Factor: Int]()
    var length = 0
    func start(_ factor: Factor) -> Int {
      if let known = starts[factor] { return known }
      factors.append(factor)
      starts[factor] = length
      defer { length += factor.width }
      return length
    }
    var tensors = [Tensor]()
    for use in policy.network.affineUses {
      if tensors.last?.map != use.map { tensors.append(Tensor(map: use.map, terms: [])) }
      tensors[tensors.count - 1].terms.append(
        (
          start(Factor(slot: use.input, width: use.map.inputs, scale: nil)),
          start(Factor(slot: use.delta, width: use.map.outputs, scale: use.scale))
        ))
    }
    self.factors = factors
    self.tensors = tensors
    tail = policy.logStdOffset..<policy.parameterCount
    entryCount = length + tail.count
  }

  /// Calls `body` with every factor entry of a row that `policy.scoreFactors` has left in a workspace, in order.
  fileprivate func forEachEntry(of row: Int, _ workspace: Policy.Workspace, _ body: (Float) -> Void) {
    for factor in factors {
      let vector = workspace.network.slot(factor.slot) + row * factor.width
      let scale = factor.scale?.factor(of: row, workspace.network) ?? 1
      for column in 0..<factor.width { body(scale * vector[column]) }
    }
    for column in 0..<tail.count { body(workspace.logStdScore[row * tail.count + column]) }
  }
}

/// The scores ∇_θ log π of some transitions as the rank-one factors of the network's affine uses: ∇_W = Σ s δ xᵀ and
/// ∇_b = Σ s δ.
struct ScoreFactors: Sendable {
  /// The number of transitions.
  let count: Int

  private let layout: ScoreLayout
  /// Shape (panels, factor entries, `ScorePanel.rows`).
  private let entries: [SIMD4<Float>]

  /// The factors that `policy.scoreFactors` has left in the first `count` rows of a workspace.
  init(_ layout: ScoreLayout, workspace: Policy.Workspace, count: Int) {
    self.layout = layout
    self.count = count
    let width = layout.entryCount * ScorePanel.rows
    let panels = (count + ScorePanel.rows - 1) / ScorePanel.rows
    var entries = [SIMD4<Float>](repeating: SIMD4(), count: panels * width / 4)
    entries.withUnsafeMutableBytes { bytes in
      let floats = bytes.assumingMemoryBound(to: Float.self)
      for row in 0..<count {
        var place = row / ScorePanel.rows * width + row % ScorePanel.rows
        layout.forEachEntry(of: row, workspace) { entry in
          floats[place] = entry
          place += ScorePanel.rows
        }
      }
    }
    self.entries = entries
  }

  /// Writes the entries `parameters` of the scores of one panel, shape (parameters.count, `ScorePanel.rows`).
  func write(_ parameters: Range<Int>, panel: Int, to scores: UnsafeMutablePointer<SIMD4<Float>>) {
    entries.withUnsafeBufferPointer { entries in
      guard let base = entries.baseAddress else { return }
      let panel = base + panel * layout.entryCount * ScorePanel.vectors
      for tensor in layout.tensors {
        for (number, term) in tensor.terms.enumerated() {
          let (input, delta) = (
            panel + term.input * ScorePanel.vectors, panel + term.delta * ScorePanel.vectors
          )
          writeProducts(tensor.map, parameters, input, delta, adding: number > 0, to: scores)
          write(delta, tensor.map.bias, parameters, adding: number > 0, to: scores)
        }
      }
      let tail = panel + (layout.entryCount - layout.tail.count) * ScorePanel.vectors
      write(tail, layout.tail, parameters, adding: false, to: scores)
    }
  }

  /// Writes δ xᵀ, or adds it, where the weight's entries are among the parameters.
  private func writeProducts(
    _ map: AffineMap, _ parameters: Range<Int>, _ input: UnsafePointer<SIMD4<Float>>,
    _ delta: UnsafePointer<SIMD4<Float>>, adding: Bool, to scores: UnsafeMutablePointer<SIMD4<Float>>
  ) {
    let vectors = ScorePanel.vectors
    let weights = parameters.clamped(to: map.weight)
    var place = weights.lowerBound
    var out = scores + (place - parameters.lowerBound) * vectors
    while place < weights.upperBound {
      let (neuron, first) = (place - map.offset).quotientAndRemainder(dividingBy: map.inputs)
      let end = min(map.inputs, first + weights.upperBound - place)
      for entry in first..<end {
        for v in 0..<vectors {
          let product = delta[neuron * vectors + v] * input[entry * vectors + v]
          out[v] = adding ? out[v] + product : product
        }
        out += vectors
      }
      place += end - first
    }
  }

  /// Writes entries that are factors themselves, or adds them, where they are among the parameters.
  private func write(
    _ source: UnsafePointer<SIMD4<Float>>, _ entries: Range<Int>, _ parameters: Range<Int>, adding: Bool,
    to scores: UnsafeMutablePointer<SIMD4<Float>>
  ) {
    let wanted = parameters.clamped(to: entries)
    guard !wanted.isEmpty else { return }
    let from = source + (wanted.lowerBound - entries.lowerBound) * ScorePanel.vectors
    let out = scores + (wanted.lowerBound - parameters.lowerBound) * ScorePanel.vectors
    for place in 0..<wanted.count * ScorePanel.vectors {
      out[place] = adding ? out[place] + from[place] : from[place]
    }
  }
}
