internal import Dispatch
internal import Synchronization

/// A value that is computed on another thread from now on. Its last owner waits for it: a program that ends takes its
/// libraries down, and a thread that still uses them with it.
package final class InBackground<Value: Sendable>: Sendable {
  private let result = Slot()
  private let finished = DispatchGroup()

  private final class Slot: Sendable {
    let value = Mutex<Value?>(nil)
  }

  /// Begins to compute.
  package init(_ compute: @escaping @Sendable () -> Value) {
    DispatchQueue.global().async(group: finished) { [result] in
      let value = compute()
      result.value.withLock { $0 = value }
    }
  }

  deinit { finished.wait() }

  /// The value, waited for if need be.
  package var value: Value {
    finished.wait()
    guard let value = result.value.withLock({ $0 }) else {
      preconditionFailure("the group was left before its work")
    }
    return value
  }
}
