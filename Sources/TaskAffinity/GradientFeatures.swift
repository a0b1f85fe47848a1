internal import CKernels
package import Policies
package import Workers

/// Projects the score of every transition: features g̃_t = Pᵀ ∇_θ log π_θ(a_t|s_t), shape (N, d).
///
/// The goals, in order: equal bits for every block size and number of threads, memory that does not grow with p·d,
/// the speed of a matrix product. A score is never formed whole: backward passes leave its rank-one layer factors, and
/// for one tile of parameters after another the tile's rows of P are made once, the scores' tile columns are formed
/// from the factors, a panel of transitions at a time, and their product is added to the features. An entry of a
/// feature is the sum of its tiles in order, and a tile's part is a chain of fused multiply-adds in the order of the
/// parameters; so it depends on nothing but the transition's factors and P, and the factors, which come from the
/// networks' own products, on nothing but the transition.
package struct GradientFeatures {
  /// The policy (π).
  package let policy: Policy
  /// Its parameters (θ*), flat.
  package let parameters: [Float]
  /// The projection (P).
  package let projection: GaussianProjection
  /// Transitions whose factors are held at once; nil for as many as fit into 8 MiB.
  package var block: Int?

  /// Rows per pass, a multiple of `ScorePanel.rows`.
  private static let rows = 240
  /// Parameters per tile: the tile of a panel of scores stays in the first-level cache, that of P in the second.
  private static let tileParameters = 512

  /// Features of a policy's scores.
  package init(policy: Policy, parameters: [Float], projection: GaussianProjection) {
    precondition(parameters.count == policy.parameterCount, "the flat vector has p entries")
    self.policy = policy
    self.parameters = parameters
    self.projection = projection
  }

  /// Computes the features.
  ///
  /// - Parameters:
  ///   - observations: as the policy is fed, shape (N, O).
  ///   - tasks: shape (N).
  ///   - actions: the actions taken, shape (N, action width).
  ///   - known: the features of the first transitions, from an earlier call that did not end, shape (…, d).
  ///   - progress: called after every block with a way to ask for the features so far; what it throws ends the work.
  /// - Returns: shape (N, d).
  package func project(
    observations: [Float], tasks: [Int32], actions: [Float], workers: WorkerPool, known: [Float] = [],
    progress: (_ features: () -> [Float]) throws -> Void = { _ in }
  ) throws -> [Float] {
    let count = tasks.count
    let observationSize = policy.network.input.observationSize
    precondition(
      observations.count == count * observationSize && actions.count == count * policy.actionWidth,
      "N rows each")
    let layout = ScoreLayout(policy)
    let factorBytes = layout.entryCount * MemoryLayout<Float>.stride
    let block = max(1, block ?? max(1, (8 << 20) / factorBytes / Self.rows) * Self.rows)
    let workspaces = PerWorker(workers) {
      let workspace = Policy.Workspace(policy, capacity: Self.rows)
      policy.load(parameters, into: workspace)
      return workspace
    }
    var features = [Float](repeating: 0, count: count * projection.dimension)
    precondition(known.count.isMultiple(of: projection.dimension), "whole rows")
    let first = min(known.count / projection.dimension, count)
    features.replaceSubrange(
      0..<first * projection.dimension, with: known.prefix(first * projection.dimension))
    try features.withSlots(width: projection.dimension) { features in
      for start in stride(from: first, to: count, by: block) {
        let rows = start..<min(start + block, count)
        let chunks = stride(from: rows.lowerBound, to: rows.upperBound, by: Self.rows).map {
          $0..<min($0 + Self.rows, rows.upperBound)
        }
        let factors = try workers.mapWithWorker(chunks.count) { [policy] index, worker in
          let chunk = chunks[index]
          func part<Entry>(_ values: [Entry], width: Int = 1) -> [Entry] {
            Array(values[chunk.lowerBound * width..<chunk.upperBound * width])
          }
          policy.scoreFactors(
            observations: part(observations, width: observationSize), tasks: part(tasks),
            actions: part(actions, width: policy.actionWidth), count: chunk.count,
            workspace: workspaces[worker])
          return ScoreFactors(layout, workspace: workspaces[worker], count: chunk.count)
        }
        try addProducts(factors, to: features, from: start, workers: workers)
        try progress { Array(features.rows(0..<rows.upperBound)) }
      }
    }
    return features
  }

  /// Adds the product of a block's scores and P to its features, the rows of all features from `start` on.
  private func addProducts(
    _ factors: [ScoreFactors], to features: Slots<Float>, from start: Int, workers: WorkerPool
  ) throws {
    let d = projection.dimension
    let firstRows = factors.reduce(into: [start]) { $0.append($0[$0.count - 1] + $1.count) }
    let tile = min(Self.tileParameters, policy.parameterCount)
    let width = ScorePanel.columns
    let form = kernels_best()
    let rowsOfP = Slots<Float>(ScorePanel.panelCount(d) * tile, width: width, repeating: 0)
    let scratch = PerWorker(workers) {
      Slots<SIMD4<Float>>(tile, width: ScorePanel.vectors, repeating: SIMD4())
    }
    for start in stride(from: 0, to: policy.parameterCount, by: tile) {
      let parameters = start..<min(start + tile, policy.parameterCount)
      try fill(rowsOfP, with: parameters, workers: workers)
      try workers.run(factors.count) { chunk, worker in
        let scores = scratch[worker].row(0)
        for first in stride(from: 0, to: factors[chunk].count, by: ScorePanel.rows) {
          factors[chunk].write(parameters, panel: first / ScorePanel.rows, to: scores)
          let rows = min(ScorePanel.rows, factors[chunk].count - first)
          let destination = features.row(firstRows[chunk] + first)
          scores.withMemoryRebound(to: Float.self, capacity: parameters.count * ScorePanel.rows) { scores in
            for column in stride(from: 0, to: d, by: width) {
              kernels_add_scores(
                form, parameters.count, scores, rowsOfP.row(column / width * parameters.count),
                destination + column, d, rows, min(width, d - column))
            }
          }
        }
      }
    }
  }

  /// Makes the rows of P that belong to a tile, in panels.
  private func fill(_ panels: Slots<Float>, with rows: Range<Int>, workers: WorkerPool) throws {
    let piece = 32
    try workers.run((rows.count + piece - 1) / piece) { index, _ in
      let start = rows.lowerBound + index * piece
      projection.fill(
        rows: start..<min(start + piece, rows.upperBound), place: index * piece, length: rows.count,
        into: panels)
    }
  }
}
