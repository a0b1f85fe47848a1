internal import Dispatch

/// A value that is computed on another thread from now on. Its last owner waits for it: a program that ends takes its
/// libraries down, and a thread that still uses them with it.
package final class InBackground<Value: Sendable>: Sendable {
  private let result = Slots<Value?>(1, repeating: nil)
  private let finished = DispatchGroup()

  /// Begins to compute.
  package init(_ compute: @escaping @Sendable () -> Value) {
    DispatchQueue.global().async(group: finished) { [result] in result[0] = compute() }
  }

  deinit { finished.wait() }

  /// The value, waited for if need be.
  package var value: Value {
    finished.wait()
    guard let value = result[0] else {
      preconditionFailure("the group was left before its work")
    }
    return value
  }
}
