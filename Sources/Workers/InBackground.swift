internal import Dispatch
internal import Synchronization

/// A value that is computed on another thread from now on.
package final class InBackground<Value: Sendable>: Sendable {
  private let result = Mutex<Value?>(nil)
  private let finished = DispatchGroup()

  /// Begins to compute.
  package init(_ compute: @escaping @Sendable () -> Value) {
    DispatchQueue.global().async(group: finished) {
      let value = compute()
      self.result.withLock { $0 = value }
    }
  }

  /// Returns once the value is there.
  package func wait() { finished.wait() }

  /// The value, waited for if need be.
  package var value: Value {
    wait()
    guard let value = result.withLock({ $0 }) else {
      preconditionFailure("the group was left before its work")
    }
    return value
  }
}
