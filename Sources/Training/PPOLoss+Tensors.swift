internal import Policies

extension PPOLoss {
  /// The tensor that an entry of the parameters belongs to, as artifacts name it: "policy/layer_0/weight",
  /// "policy/log_std", "critic/layer_2/bias".
  ///
  /// - Parameter index: in 0 ..< `parameterCount`.
  package func tensorName(at index: Int) -> String {
    let isPolicy = range(of: .policy).contains(index)
    let network = isPolicy ? policy.network : critic
    let place = index - range(of: isPolicy ? .policy : .critic).lowerBound
    let owner = isPolicy ? "policy" : "critic"
    guard place < network.parameterCount else { return "\(owner)/log_std" }
    let layer = (0..<network.layerCount).last { network.weightOffset($0) <= place } ?? 0
    return "\(owner)/layer_\(layer)/\(place < network.biasOffset(layer) ? "weight" : "bias")"
  }
}
