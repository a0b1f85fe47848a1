/// What the outputs of a policy network mean.
package enum ActionDistribution: Sendable, Equatable, Codable {
  /// Independent normal actions: the network's outputs are the means μ; the log standard deviations do not
  /// depend on the state and follow the network's parameters in the flat vector, shape (size).
  case gaussian(size: Int)
  /// One of `count` actions: the network's outputs are logits; the action is its index as a Float.
  case categorical(count: Int)

  /// The network's output width.
  package var outputCount: Int {
    switch self {
    case .gaussian(let size): size
    case .categorical(let count): count
    }
  }

  /// Entries per action in a buffer: the size, or 1 for an index.
  package var actionWidth: Int {
    switch self {
    case .gaussian(let size): size
    case .categorical: 1
    }
  }

  /// Parameters beside the network's.
  var extraParameterCount: Int {
    switch self {
    case .gaussian(let size): size
    case .categorical: 0
    }
  }
}
