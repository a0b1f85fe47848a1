/// What a cheetah is paid for.
///
/// Running: r = d·v − w Σ a². At a target velocity: r = −|d·v − v*| − w Σ a² (Finn et al. 2017).
struct HalfCheetahTask: Sendable {
  /// The direction that counts as forward (d), 1 or −1.
  var direction = 1.0

  /// The velocity to keep in m/s (v*); nil to run as fast as possible.
  var targetVelocity: Double?

  /// The price of control (w). Single precision, because Gymnasium computes the cost of a single-precision action so.
  var controlCostWeight: Float = 0.1

  /// The reward of one control step.
  ///
  /// - Parameters:
  ///   - forwardVelocity: mean velocity over the step (v), m/s.
  ///   - action: the action as given, not as saturated by the motors, shape (6).
  func reward(forwardVelocity: Double, action: UnsafeBufferPointer<Float>) -> Double {
    let progress = direction * forwardVelocity
    let gain = targetVelocity.map { -abs(progress - $0) } ?? progress
    return gain - Double(controlCost(action))
  }

  /// w Σ a², summed in order in single precision (Gymnasium 1.4.0).
  private func controlCost(_ action: UnsafeBufferPointer<Float>) -> Float {
    var sum: Float = 0
    for entry in action { sum += entry * entry }
    return controlCostWeight * sum
  }
}
