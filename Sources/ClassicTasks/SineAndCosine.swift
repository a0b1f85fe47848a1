internal import Foundation

/// Four angles at a time.
package typealias Lanes = SIMD4<Double>

/// libm's sine and cosine of small angles, four at a time, to the bit.
///
/// Both are s = a + b with a known exactly (x for the sine, 1 for the cosine) and |b| ≤ 0.032 a, so that b in
/// double precision gives s to a few hundredths of a unit in its last place. Where all numbers within that
/// error and `libraryExcess` of a + b round alike, the rounded sum is the one number that a library with errors
/// below 0.5 + `libraryExcess` units can return (glibc's sine and cosine keep 0.518 for these angles); in the
/// other cases, one in ten, and beyond `largestAngle`, the library is asked.
package enum SineAndCosine {
  /// The largest angle for which the series below are long enough, rad; a pole falls before.
  private static let largestAngle = 0.25

  /// What libm's error may exceed half a unit in the last place by, in such units.
  private static let libraryExcess = 0.025

  /// The sines and cosines of some angles.
  @inline(__always)
  package static func of(_ x: Lanes) -> (sine: Lanes, cosine: Lanes) {
    let u = x * x
    var p = u * (1 / 6_227_020_800) - 1 / 39_916_800
    p = p * u + 1 / 362_880
    p = p * u - 1 / 5040
    p = p * u + 1 / 120
    p = p * u - 1 / 6
    let sineRest = x * u * p
    var (sine, isDoubtful) = roundedSum(x, sineRest)

    var q = u * (1 / 479_001_600) - 1 / 3_628_800
    q = q * u + 1 / 40_320
    q = q * u - 1 / 720
    q = q * u + 1 / 24
    let cosineRest = u * u * q - u * 0.5
    var (cosine, isCosineDoubtful) = roundedSum(Lanes(repeating: 1), cosineRest)

    // What is not a number is doubtful too, and so is zero, for its sign.
    let isOutside = .!(u .<= largestAngle * largestAngle) .| (u .< 0x1p-200)
    isDoubtful = isDoubtful .| isOutside
    isCosineDoubtful = isCosineDoubtful .| isOutside
    if any(isDoubtful) { ask(Foundation.sin, x, isDoubtful, &sine) }
    if any(isCosineDoubtful) { ask(Foundation.cos, x, isCosineDoubtful, &cosine) }
    return (sine, cosine)
  }

  /// Replaces the doubtful values by the library's.
  @inline(__always)
  private static func ask(
    _ function: (Double) -> Double, _ x: Lanes, _ isDoubtful: SIMDMask<SIMD4<Int64>>, _ values: inout Lanes
  ) {
    for lane in 0..<4 where isDoubtful[lane] { values[lane] = function(x[lane]) }
  }

  /// a + b rounded, and whether the error of b (at most 8 roundings' worth) or of the library could matter.
  @inline(__always)
  private static func roundedSum(
    _ a: Lanes, _ b: Lanes
  ) -> (sum: Lanes, isDoubtful: SIMDMask<SIMD4<Int64>>) {
    let sum = a + b
    // The power of two below |sum|, and its unit in the last place.
    let bits = unsafeBitCast(sum, to: SIMD4<UInt64>.self) & 0x7FF0_0000_0000_0000
    let unit = unsafeBitCast(bits, to: Lanes.self) * 0x1p-52
    let magnitude = unsafeBitCast(
      unsafeBitCast(b, to: SIMD4<UInt64>.self) & 0x7FFF_FFFF_FFFF_FFFF, to: Lanes.self)
    let error = unit * libraryExcess + magnitude * (8 * 0x1p-53)
    return (sum, (a + (b + error)) .!= (a + (b - error)))
  }
}
