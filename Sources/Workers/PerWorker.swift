/// One value for every worker of a pool, such as scratch memory: worker w of a call uses value w and no other.
///
/// Under that rule the values may go to other threads although they are not made for several at once.
package struct PerWorker<Value>: @unchecked Sendable {
  private let values: [Value]

  /// As many values as `workers` has threads.
  package init(_ workers: WorkerPool, _ make: () throws -> Value) rethrows {
    values = try (0..<workers.threads).map { _ in try make() }
  }

  /// The value of a worker.
  package subscript(worker: Int) -> Value { values[worker] }
}
