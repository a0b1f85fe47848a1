/// A fixed number of workers that share out numbered pieces of work.
///
/// What makes results independent of the number of workers is the rule for callers: piece i writes its own slot of
/// `Slots`, and sums over pieces are taken afterwards in index order.
///
/// The calling thread is worker 0; the others are threads of the pool, which start with the first call that needs
/// them and end with the pool. Between calls they spin for some ten microseconds, so that a call costs about one
/// microsecond, and then sleep.
package final class WorkerPool: Sendable {
  /// The number of workers, at least 1.
  package let threads: Int

  private let team: WorkerTeam

  /// A pool of `threads` workers.
  ///
  /// - Precondition: `threads` ≥ 1.
  package init(threads: Int) {
    precondition(threads >= 1, "a worker pool needs at least one thread")
    self.threads = threads
    team = WorkerTeam(size: threads)
  }

  deinit { team.dismiss() }

  /// Runs `body` once for every index in 0..<count, and returns when all have run.
  ///
  /// Worker w is first offered the pieces w · count / threads ..< (w + 1) · count / threads, in order, so that
  /// what a piece left in a worker's cache is there when the next call comes; who has finished helps the others.
  ///
  /// - Parameter body: the work on piece `index`; `worker` in 0..<threads names the worker, for a `PerWorker` of its own.
  /// - Throws: the error of the piece with the lowest index among those that failed.
  /// - Precondition: no other call of the same pool is under way; a piece, in particular, makes none.
  package func run(_ count: Int, _ body: @Sendable (_ index: Int, _ worker: Int) throws -> Void) throws {
    guard threads > 1, count > 1 else {
      for index in 0..<max(count, 0) { try body(index, 0) }
      return
    }
    try team.run(count, body)
  }

  /// The results of `body` for every index in 0..<count, in index order.
  ///
  /// - Throws: the error of the piece with the lowest index among those that failed.
  package func map<Result: Sendable>(
    _ count: Int, _ body: @Sendable (_ index: Int) throws -> Result
  ) throws -> [Result] {
    try mapWithWorker(count) { index, _ in try body(index) }
  }

  /// The results of `body` for every index in 0..<count, in index order; it is told which worker it runs on.
  ///
  /// - Throws: the error of the piece with the lowest index among those that failed.
  package func mapWithWorker<Result: Sendable>(
    _ count: Int, _ body: @Sendable (_ index: Int, _ worker: Int) throws -> Result
  ) throws -> [Result] {
    let results = Slots<Result?>(max(count, 0), repeating: nil)
    try run(count) { index, worker in results[index] = try body(index, worker) }
    return results.elements.compactMap { $0 }
  }
}
