/// The nonlinearity between the layers of a network.
package enum Activation: String, Sendable, Codable, CaseIterable {
  /// φ(z) = tanh z.
  case tanh
  /// φ(z) = max(z, 0).
  case relu

  /// Replaces each pre-activation z by φ(z).
  ///
  /// - Parameter values: shape (count), read and overwritten.
  func apply(_ values: UnsafeMutablePointer<Float>, count: Int) {
    switch self {
    case .tanh:
      hyperbolicTangent(inPlace: values, count: count)
    case .relu:
      // Written so that NaN stays NaN.
      for index in 0..<count where values[index] < 0 { values[index] = 0 }
    }
  }

  /// Multiplies each entry of `delta` by φ′, given φ's value there: 1 − φ² for tanh, [φ > 0] for relu.
  ///
  /// - Parameters:
  ///   - delta: shape (count), read and overwritten.
  ///   - activations: φ(z), shape (count).
  func multiplyByDerivative(
    _ delta: UnsafeMutablePointer<Float>, activations: UnsafePointer<Float>, count: Int
  ) {
    switch self {
    case .tanh:
      for index in 0..<count { delta[index] *= 1 - activations[index] * activations[index] }
    case .relu:
      for index in 0..<count where !(activations[index] > 0) { delta[index] = 0 }
    }
  }
}
