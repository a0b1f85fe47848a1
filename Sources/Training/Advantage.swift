/// Why a run of consecutive steps of one environment stops where it does.
package enum SegmentEnding: UInt8, Sendable {
  /// It does not: the episode goes on. At the last step of a buffer: the buffer is full, and the run is cut.
  case continuing
  /// The task ended: nothing is to be gained afterwards.
  case terminated
  /// The time limit: the episode would have gone on, so its value afterwards counts.
  case truncated
}

/// Generalised advantage estimation (Schulman et al. 2016) over one unbroken segment of one environment.
///
/// A_t = Σ_k (γλ)^k δ_{t+k},  δ_t = r_t + γ V(s_{t+1}) − V(s_t)
///
/// - Parameters:
///   - rewards: r_t, shape (T).
///   - values: V(s_t), shape (T).
///   - finalValue: the value of what follows the last step: 0 if the segment terminated; V of the last
///     observation of the ended episode (never of the one after a reset) if it was truncated; V of the next
///     observation if it was cut.
///   - count: T.
///   - stride: the distance between consecutive steps in all buffers.
///   - advantages: A_t, shape (T), filled here, in the unit of the rewards; accumulated in double.
package func estimateAdvantages(
  rewards: UnsafePointer<Float>, values: UnsafePointer<Float>, finalValue: Float, count: Int, stride: Int,
  gamma: Double, lambda: Double, into advantages: UnsafeMutablePointer<Float>
) {
  var advantage = 0.0
  var next = Double(finalValue)
  for step in Swift.stride(from: count - 1, through: 0, by: -1) {
    let value = Double(values[step * stride])
    let difference = Double(rewards[step * stride]) + gamma * next - value
    advantage = difference + gamma * lambda * advantage
    advantages[step * stride] = Float(advantage)
    next = value
  }
}
