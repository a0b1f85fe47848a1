internal import CKernels
package import Random
package import Workers

/// The random projection P ∈ R^(p×d) with independent entries N(0, 1/d), defined entry by entry so that it is never
/// stored: any row can be made anywhere from the key, the row and d. The bits are the same on every processor.
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

  /// Writes rows of P in panels of `panels.width` columns; P as it stands where that is d.
  ///
  /// - Parameters:
  ///   - rows: which rows, each in 0..<2³².
  ///   - place: where the first of them stands in the panels.
  ///   - length: the rows of a panel.
  ///   - panels: receives (panels, length) slots; columns from d on become 0.
  package func fill(rows: Range<Int>, place: Int = 0, length: Int, into panels: Slots<Float>) {
    let scale = 1 / Double(dimension).squareRoot()
    let form = kernels_best()
    let whole = (dimension + 3) / 4 * 4
    let panelCount = (dimension + panels.width - 1) / panels.width
    let entries = Slots<Float>(panelCount * panels.width + 3, repeating: 0)
    for (index, row) in rows.enumerated() {
      kernels_gaussian_row(form, key[0], key[1], UInt32(row), scale, whole, entries.row(0))
      for column in dimension..<whole { entries[column] = 0 }
      for panel in 0..<panelCount {
        panels.row(panel * length + place + index)
          .update(from: entries.row(panel * panels.width), count: panels.width)
      }
    }
  }
}
