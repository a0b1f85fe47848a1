internal import CKernels
package import Random
internal import Workers

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

  /// Writes rows of P.
  ///
  /// - Parameters:
  ///   - rows: which rows, each in 0..<2³².
  ///   - destination: receives (rows.count, d) entries, row-major.
  package func fill(rows: Range<Int>, into destination: UnsafeMutablePointer<Float>) {
    withEachRow(rows) { index, row in
      (destination + index * dimension).update(from: row, count: dimension)
    }
  }

  /// Writes rows of P in panels of `ScorePanel.columns` columns, as the products take them.
  ///
  /// - Parameters:
  ///   - rows: which rows.
  ///   - place: where the first of them stands in the panels.
  ///   - length: the rows of a panel.
  ///   - panels: receives (panels, length) slots of `ScorePanel.columns` entries; columns from d on become 0.
  func fillPanels(rows: Range<Int>, place: Int, length: Int, into panels: Slots<Float>) {
    let width = ScorePanel.columns
    withEachRow(rows) { index, row in
      for panel in 0..<ScorePanel.panelCount(dimension) {
        panels.row(panel * length + place + index).update(from: row + panel * width, count: width)
      }
    }
  }

  /// Makes rows one after the other, each followed by zeros up to a whole panel.
  private func withEachRow(_ rows: Range<Int>, _ body: (_ index: Int, _ row: UnsafePointer<Float>) -> Void) {
    let scale = 1 / Double(dimension).squareRoot()
    let form = kernels_best()
    let whole = (dimension + 3) / 4 * 4
    let length = ScorePanel.panelCount(dimension) * ScorePanel.columns
    withUnsafeTemporaryAllocation(of: Float.self, capacity: length) { buffer in
      guard let entries = buffer.baseAddress else { return }
      entries.update(repeating: 0, count: length)
      for (index, row) in rows.enumerated() {
        kernels_gaussian_row(form, key[0], key[1], UInt32(row), scale, whole, entries)
        for column in dimension..<whole { entries[column] = 0 }
        body(index, entries)
      }
    }
  }
}
