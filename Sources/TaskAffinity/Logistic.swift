internal import Foundation

/// log(1 + eˣ) and its derivative 1 / (1 + e⁻ˣ), for many margins of the size that the trust region allows.
///
/// With u = x / 2 they are log 2 + u + log cosh u and (1 + tanh u) / 2. Up to |x| = 1/4 the Taylor series of cosh's
/// logarithm and of tanh, cut after seven terms, are exact to the last bits of double precision, and they take neither a
/// branch nor a call; beyond, the functions of the C library are used.
enum Logistic {
  /// The largest |x| of the series.
  static let seriesLimit = 0.25

  /// log(1 + eˣ) without overflow.
  static func softplus(_ x: Double) -> Double {
    abs(x) <= seriesLimit ? seriesSoftplus(x) : max(x, 0) + log1p(exp(-abs(x)))
  }

  /// 1 / (1 + e⁻ˣ).
  static func sigmoid(_ x: Double) -> Double {
    if abs(x) <= seriesLimit { return seriesSigmoid(x) }
    let decay = exp(-abs(x))
    return (x >= 0 ? 1 : decay) / (1 + decay)
  }

  /// The softplus of |x| ≤ 1/4.
  @inline(__always)
  static func seriesSoftplus(_ x: Double) -> Double {
    let u = x / 2
    let s = u * u
    let a = 31.0 / 14175 + s * (-691.0 / 935_550 + s * (10922.0 / 42_567_525))
    let logCosh = s * (0.5 + s * (-1.0 / 12 + s * (1.0 / 45 + s * (-17.0 / 2520 + s * a))))
    return 0.693_147_180_559_945_309_4 + (u + logCosh)
  }

  /// The sigmoid of |x| ≤ 1/4.
  @inline(__always)
  static func seriesSigmoid(_ x: Double) -> Double {
    let u = x / 2
    let s = u * u
    let a = 62.0 / 2835 + s * (-1382.0 / 155_925 + s * (21844.0 / 6_081_075))
    return 0.5 + 0.5 * u * (1 + s * (-1.0 / 3 + s * (2.0 / 15 + s * (-17.0 / 315 + s * a))))
  }

  /// Whether all of some margins are small enough for the series; false if one is NaN.
  static func fitsSeries(_ margins: UnsafePointer<Double>, count: Int) -> Bool {
    var outside = 0
    for l in 0..<count { outside |= abs(margins[l]) <= seriesLimit ? 0 : 1 }
    return outside == 0
  }
}
