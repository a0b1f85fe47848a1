internal import Policies

extension PPOLoss {
  /// The tensors and where they lie among the parameters, in order, as artifacts name them: "policy/layer_0/weight",
  /// "policy/log_std", "critic/layer_2/bias".
  private var tensors: [(name: String, range: Range<Int>)] {
    func tensors(_ network: any Policies.Network, _ owner: String, from start: Int) -> [(String, Range<Int>)]
    {
      network.maps.flatMap { map in
        [("weight", map.weight), ("bias", map.bias)].map {
          ("\(owner)/layer_\(map.number)/\($0.0)", $0.1.lowerBound + start..<$0.1.upperBound + start)
        }
      }
    }
    return tensors(policy.network, "policy", from: 0)
      + [("policy/log_std", policy.logStdOffset..<policy.parameterCount)].filter { !$0.1.isEmpty }
      + tensors(critic, "critic", from: policy.parameterCount)
  }

  /// The tensor that an entry of the parameters belongs to.
  ///
  /// - Parameter index: in 0 ..< `parameterCount`.
  package func tensorName(at index: Int) -> String {
    tensors.first { $0.range.contains(index) }?.name ?? "parameter \(index)"
  }

  /// Where the parameters lie that are trained, in runs, of which none has parameters of both networks.
  ///
  /// - Parameter frozen: names of tensors, or of what they are part of, such as "policy/layer_0" and "critic".
  func trainable(without frozen: [String]) -> [Range<Int>] {
    var runs = [Range<Int>]()
    for (name, range) in tensors where !frozen.contains(where: { "\(name)/".hasPrefix("\($0)/") }) {
      if let last = runs.last, last.upperBound == range.lowerBound, range.lowerBound != policy.parameterCount
      {
        runs[runs.count - 1] = last.lowerBound..<range.upperBound
      } else {
        runs.append(range)
      }
    }
    return runs
  }
}
