internal import Foundation
package import Workers

/// Adam (Kingma & Ba 2015) with β₁ = 0.9, β₂ = 0.999 and ε = 1e-5, the ε of PPO implementations.
///
/// m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,
/// θ ← θ − η m̂ / (√v̂ + ε),  m̂ = m / (1 − β₁ᵗ),  v̂ = v / (1 − β₂ᵗ)
package struct Adam: Sendable, Equatable {
  /// m, shape (P).
  package private(set) var first: [Float]
  /// v, shape (P).
  package private(set) var second: [Float]
  /// t, the number of steps taken.
  package private(set) var step = 0

  /// Zero moments for P parameters.
  package init(parameterCount: Int) {
    first = [Float](repeating: 0, count: parameterCount)
    second = first
  }

  /// The optimiser after `step` steps that left these moments, shape (P) each.
  package init(first: [Float], second: [Float], step: Int) {
    precondition(first.count == second.count, "as many second moments as first ones")
    self.first = first
    self.second = second
    self.step = step
  }

  /// One step down the gradient `scale` · g.
  ///
  /// - Parameters:
  ///   - parameters: θ, shape (P), read and overwritten.
  ///   - gradient: g in its first slot, shape (…, P).
  ///   - blocks: the entries that are moved, in pieces of parallel work; every entry is computed by itself.
  ///   - scale: a factor of the gradient, as from norm clipping.
  ///   - learningRate: η.
  ///   - workers: share out the entries.
  package mutating func update(
    _ parameters: inout [Float], gradient: Slots<Float>, in blocks: [Range<Int>], scale: Double,
    learningRate: Double, workers: WorkerPool
  ) throws {
    precondition(gradient.width == parameters.count, "a gradient of other parameters")
    step += 1
    let scale = Float(scale)
    let rate = Float(learningRate / (1 - pow(0.9, Double(step))))
    let correction = Float(1 / (1 - pow(0.999, Double(step))).squareRoot())
    try first.withSlots { first in
      try second.withSlots { second in
        try parameters.withSlots { parameters in
          try workers.run(blocks.count) { block, _ in
            let entries = blocks[block]
            let (m, v, theta) = (first.rows(entries), second.rows(entries), parameters.rows(entries))
            let unscaled = gradient.row(0) + entries.lowerBound
            // A plain loop: the compiler takes eight entries at a time.
            for index in 0..<entries.count {
              let g = unscaled[index] * scale
              m[index] = 0.9 * m[index] + 0.1 * g
              v[index] = 0.999 * v[index] + 0.001 * (g * g)
              theta[index] -= rate * m[index] / (v[index].squareRoot() * correction + 1e-5)
            }
          }
        }
      }
    }
  }
}
