import CKernels
import Foundation
import Random
import Testing

/// The forms that this processor can run: both widths at least, portable.
private let available = [
  kernels_sixteen_portable, kernels_eight_portable, kernels_eight, kernels_sixteen,
].filter { $0.rawValue <= max(kernels_best().rawValue, kernels_eight_portable.rawValue) }

@Suite struct ProjectionLoopsTests {
  private static let width = Int(kernels_panel_columns)
  private static let height = Int(kernels_score_rows)

  @Test(
    "a row of P is the definition's, evaluated with libm, for every width and its portable form",
    arguments: available)
  func gaussianRow(form: kernels_form) {
    let key = SIMD2<UInt32>(1_891_648_924, 1_913_129_591)
    let count = 236
    var row = [Float](repeating: 0, count: count)
    var differing = 0
    for r in [UInt32](0..<200) + [4_294_967_295] {
      kernels_gaussian_row(form, key[0], key[1], r, 0.05, count, &row)
      for block in 0..<count / 4 {
        let x = Philox.block(counter: SIMD4(r, UInt32(block), 0, 0), key: key)
        let u = (0..<4).map { (Double(x[$0]) + 0.5) * 0x1p-32 }
        for pair in 0..<2 {
          let radius = (-2 * log(u[2 * pair])).squareRoot() * 0.05
          let angle = 2 * Double.pi * u[2 * pair + 1]
          for (place, expected) in [radius * cos(angle), radius * sin(angle)].enumerated() {
            let entry = row[4 * block + 2 * pair + place]
            if entry != Float(expected) { differing += 1 }
            // Half a unit in the last place of single precision, and the double's rounding of the angle.
            #expect(abs(Double(entry) - expected) <= 0x1.0001p-24 * abs(expected) + 1e-16)
          }
        }
      }
    }
    // A double's rounding decides the float's about once in 2²⁸.
    #expect(differing <= 1)
  }

  @Test(
    "a product has the bits of its chain of fused multiply-adds, for every width and its portable form",
    arguments: available)
  func product(form: kernels_form) {
    var random = RandomStream(seed: 1, name: "product")
    for (length, rows, columns) in [(1, 12, 32), (7, 1, 1), (100, 12, 16), (512, 5, 31), (3, 11, 32)] {
      let scores = (0..<length * Self.height).map { _ in Float(random.gaussian()) }
      let panel = (0..<length * Self.width).map { _ in Float(random.gaussian()) }
      let stride = 40
      let before = (0..<rows * stride).map { _ in Float(random.gaussian()) }
      var features = before
      kernels_add_scores(form, length, scores, panel, &features, stride, rows, columns)
      for r in 0..<rows {
        for c in 0..<stride {
          var chain: Float = 0
          if c < columns {
            for k in 0..<length { chain.addProduct(scores[k * Self.height + r], panel[k * Self.width + c]) }
          }
          #expect(features[r * stride + c] == before[r * stride + c] + chain)
        }
      }
    }
  }
}
