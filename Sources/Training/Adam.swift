internal import Foundation

/// Adam (Kingma & Ba 2015) with β₁ = 0.9, β₂ = 0.999 and ε = 1e-5, the ε of PPO implementations.
///
/// m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,
/// θ ← θ − η m̂ / (√v̂ + ε),  m̂ = m / (1 − β₁ᵗ),  v̂ = v / (1 − β₂ᵗ)
package struct Adam: Sendable, Equatable, Codable {
  /// m, shape (P).
  private var first: [Float]
  /// v, shape (P).
  private var second: [Float]
  /// t, the number of steps taken.
  package private(set) var step = 0

  /// Zero moments for P parameters.
  package init(parameterCount: Int) {
    first = [Float](repeating: 0, count: parameterCount)
    second = first
  }

  /// One step down the gradient `scale` · g.
  ///
  /// - Parameters:
  ///   - parameters: θ, shape (P), read and overwritten.
  ///   - gradient: g, shape (P).
  ///   - scale: a factor of the gradient, as from norm clipping.
  ///   - learningRate: η.
  package mutating func update(
    _ parameters: inout [Float], gradient: UnsafePointer<Float>, scale: Double, learningRate: Double
  ) {
    step += 1
    let rate = Float(learningRate / (1 - pow(0.9, Double(step))))
    let correction = Float(1 / (1 - pow(0.999, Double(step))).squareRoot())
    let scale = Float(scale)
    first.withUnsafeMutableBufferPointer { first in
      second.withUnsafeMutableBufferPointer { second in
        parameters.withUnsafeMutableBufferPointer { parameters in
          for index in 0..<parameters.count {
            let g = gradient[index] * scale
            let m = 0.9 * first[index] + 0.1 * g
            let v = 0.999 * second[index] + 0.001 * (g * g)
            first[index] = m
            second[index] = v
            parameters[index] -= rate * m / (v.squareRoot() * correction + 1e-5)
          }
        }
      }
    }
  }
}
