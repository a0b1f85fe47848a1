internal import Dispatch
internal import Synchronization

/// A fixed number of workers that share out numbered pieces of work.
///
/// Which worker gets which piece is not fixed; what makes results independent of the number of workers is the rule
/// for callers: piece i writes to its own slot, and sums over pieces are taken afterwards in index order.
package struct WorkerPool: Sendable {
  /// The number of workers, at least 1.
  package let threads: Int

  /// A pool of `threads` workers.
  ///
  /// - Precondition: `threads` ≥ 1.
  package init(threads: Int) {
    precondition(threads >= 1, "a worker pool needs at least one thread")
    self.threads = threads
  }

  /// Runs `body` once for every index in 0..<count, and returns when all have run.
  ///
  /// - Parameters:
  ///   - count: the number of pieces.
  ///   - body: the work on piece `index`; `worker` in 0..<threads names the worker, for scratch space of its own.
  /// - Throws: the error of the piece with the lowest index among those that failed.
  package func run(_ count: Int, _ body: (_ index: Int, _ worker: Int) throws -> Void) throws {
    let workers = min(threads, count)
    guard workers > 1 else {
      for index in 0..<max(count, 0) { try body(index, 0) }
      return
    }
    let next = Atomic<Int>(0)
    let failure = Mutex<(index: Int, error: any Error)?>(nil)
    withoutActuallyEscaping(body) { body in
      let shared = UncheckedSendable(body)
      DispatchQueue.concurrentPerform(iterations: workers) { worker in
        while true {
          let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
          guard index < count else { return }
          do {
            try shared.value(index, worker)
          } catch {
            failure.withLock { if $0.map({ index < $0.index }) ?? true { $0 = (index, error) } }
          }
        }
      }
    }
    if let failure = failure.withLock({ $0 }) { throw failure.error }
  }
}

extension WorkerPool {
  /// The results of `body` for every index in 0..<count, in index order.
  ///
  /// - Throws: the error of the piece with the lowest index among those that failed.
  package func map<Result>(_ count: Int, _ body: (_ index: Int) throws -> Result) throws -> [Result] {
    var results = [Result?](repeating: nil, count: count)
    try results.withUnsafeMutableBufferPointer { slots in
      let shared = UncheckedSendable(slots)
      try run(count) { index, _ in shared.value[index] = try body(index) }
    }
    return results.compactMap { $0 }
  }
}

/// Carries a closure or a buffer to the workers; `run` returns only after the last of them has finished with it.
private struct UncheckedSendable<Value>: @unchecked Sendable {
  let value: Value
  init(_ value: Value) { self.value = value }
}
