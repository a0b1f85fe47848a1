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
  ///   - gradient: g, shape (P).
  ///   - scale: a factor of the gradient, as from norm clipping.
  ///   - learningRate: η.
  ///   - workers: share out the entries.
  package mutating func update(
    _ parameters: inout [Float], gradient: UnsafePointer<Float>, scale: Double, learningRate: Double,
    workers: WorkerPool
  ) throws {
    step += 1
    let factors = Factors(
      scale: Float(scale), rate: Float(learningRate / (1 - pow(0.9, Double(step)))),
      correction: Float(1 / (1 - pow(0.999, Double(step))).squareRoot()))
    let count = parameters.count
    try first.withUnsafeMutableBufferPointer { first in
      try second.withUnsafeMutableBufferPointer { second in
        try parameters.withUnsafeMutableBufferPointer { parameters in
          guard let m = first.baseAddress, let v = second.baseAddress, let theta = parameters.baseAddress
          else { return }
          let entries = Entries(parameters: theta, gradient: gradient, first: m, second: v)
          try workers.runUnchecked((count + Self.block - 1) / Self.block) { index, _ in
            entries.update(index * Self.block..<min((index + 1) * Self.block, count), factors)
          }
        }
      }
    }
  }

  /// Entries per piece of parallel work; every entry is computed by itself, so results do not depend on it.
  private static let block = 1024

  /// What is the same for all entries of a step.
  private struct Factors {
    /// Of the gradient.
    let scale: Float
    /// η / (1 − β₁ᵗ).
    let rate: Float
    /// 1 / √(1 − β₂ᵗ).
    let correction: Float
  }

  /// The vectors of a step, shape (P) each.
  private struct Entries: @unchecked Sendable {
    let parameters: UnsafeMutablePointer<Float>
    let gradient: UnsafePointer<Float>
    let first: UnsafeMutablePointer<Float>
    let second: UnsafeMutablePointer<Float>

    /// Eight entries at a time, and the rest as eight of which some are not stored.
    func update(_ range: Range<Int>, _ factors: Factors) {
      var index = range.lowerBound
      while index + 8 <= range.upperBound {
        var entry = (
          load(parameters + index), load(gradient + index), load(first + index), load(second + index)
        )
        Self.update(&entry, factors)
        store(entry.0, parameters + index)
        store(entry.2, first + index)
        store(entry.3, second + index)
        index += 8
      }
      for index in index..<range.upperBound {
        var entry = (
          SIMD8(repeating: parameters[index]), SIMD8(repeating: gradient[index]),
          SIMD8(repeating: first[index]), SIMD8(repeating: second[index])
        )
        Self.update(&entry, factors)
        parameters[index] = entry.0[0]
        first[index] = entry.2[0]
        second[index] = entry.3[0]
      }
    }

    @inline(__always)
    private static func update(
      _ entry: inout (SIMD8<Float>, SIMD8<Float>, SIMD8<Float>, SIMD8<Float>), _ factors: Factors
    ) {
      let g = entry.1 * factors.scale
      let m = 0.9 * entry.2 + 0.1 * g
      let v = 0.999 * entry.3 + 0.001 * (g * g)
      entry.2 = m
      entry.3 = v
      entry.0 -= factors.rate * m / (v.squareRoot() * factors.correction + 1e-5)
    }

    @inline(__always)
    private func load(_ place: UnsafePointer<Float>) -> SIMD8<Float> {
      UnsafeRawPointer(place).loadUnaligned(as: SIMD8<Float>.self)
    }

    @inline(__always)
    private func store(_ lanes: SIMD8<Float>, _ place: UnsafeMutablePointer<Float>) {
      UnsafeMutableRawPointer(place).storeBytes(of: lanes, as: SIMD8<Float>.self)
    }
  }
}
