internal import Dispatch
internal import Synchronization

/// A value that is computed on another thread from now on.
final class InBackground<Value: Sendable>: Sendable {
  private let result = Mutex<Value?>(nil)
  private let finished = DispatchGroup()

  /// Begins to compute.
  init(_ compute: @escaping @Sendable () -> Value) {
    DispatchQueue.global().async(group: finished) {
      let value = compute()
      self.result.withLock { $0 = value }
    }
  }

  /// Returns once the value is there.
  func wait() { finished.wait() }

  /// The value, waited for if need be.
  var value: Value {
    wait()
    guard let value = result.withLock({ $0 }) else {
      preconditionFailure("the group was left before its work")
    }
    return value
  }
}
