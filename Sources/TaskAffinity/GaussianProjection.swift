internal import Foundation
package import Random

/// The random projection P ∈ R^(p×d) with independent entries N(0, 1/d), defined entry by entry so that it is never
/// stored: any row can be made anywhere from the key, the row and d. The last bits are those of the platform's log, cos
/// and sin.
///
/// Definition `policygradex/projection/1`: let x be the Philox4x32-10 block of counter (r, ⌊c/4⌋, 0, 0) under the key,
/// u_j = (x_j + ½) 2⁻³², and, in double precision,
///
///     z_0 = √(−2 ln u_0) cos 2πu_1    z_1 = √(−2 ln u_0) sin 2πu_1
///     z_2 = √(−2 ln u_2) cos 2πu_3    z_3 = √(−2 ln u_2) sin 2πu_3
///
/// Then P[r, c] = z_(c mod 4) / √d, rounded to single precision. Row r belongs to entry r of the policy's flat
/// parameter vector.
package struct GaussianProjection: Sendable, Equatable {
  /// The dimension projected to (d).
  package let dimension: Int

  /// The Philox key of the entries.
  package let key: SIMD2<UInt32>

  /// The name of the definition above.
  package static let definition = "policygradex/projection/1"

  /// The projection to `dimension` dimensions under a stream's key.
  ///
  /// - Precondition: `dimension` ≥ 1.
  package init(dimension: Int, stream: RandomStream) {
    precondition(dimension >= 1, "a projection needs at least one dimension")
    self.dimension = dimension
    key = stream.key
  }

  /// Writes rows of P.
  ///
  /// - Parameters:
  ///   - rows: which rows, each in 0..<2³².
  ///   - destination: receives (rows.count, d) entries, row-major.
  package func fill(rows: Range<Int>, into destination: UnsafeMutablePointer<Float>) {
    let scale = 1 / Double(dimension).squareRoot()
    var block = [Float](repeating: 0, count: 4)
    var out = destination
    for row in rows {
      var column = 0
      while column < dimension {
        let x = Philox.block(counter: SIMD4(UInt32(row), UInt32(column / 4), 0, 0), key: key)
        let u = (SIMD4<Double>(Double(x[0]), Double(x[1]), Double(x[2]), Double(x[3])) + 0.5) * 0x1p-32
        for pair in 0..<2 {
          let radius = (-2 * log(u[2 * pair])).squareRoot() * scale
          let angle = 2 * Double.pi * u[2 * pair + 1]
          block[2 * pair] = Float(radius * cos(angle))
          block[2 * pair + 1] = Float(radius * sin(angle))
        }
        let width = min(4, dimension - column)
        for entry in 0..<width { out[column + entry] = block[entry] }
        column += width
      }
      out += dimension
    }
  }
}
