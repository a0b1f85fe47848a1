import Foundation
import TestSupport
import Testing
import Workers

@Suite struct WorkerPoolTests {
  private struct Failure: Error, Equatable { let index: Int }
  private final class Counter { var count = 0 }

  @Test("every piece runs exactly once, for any number of workers", arguments: [1, 2, 8])
  func everyPieceOnce(threads: Int) throws {
    let counts = Slots(1000, repeating: 0)
    try WorkerPool(threads: threads).run(1000) { index, worker in
      #expect(worker < threads)
      counts[index] += index + 1
    }
    #expect(counts.elements == Array(1...1000))
  }

  @Test("the error of the lowest failing piece is thrown", arguments: [1, 2, 8])
  func lowestError(threads: Int) {
    #expect(throws: Failure(index: 3)) {
      try WorkerPool(threads: threads).run(20) { index, _ in
        if index >= 3 { throw Failure(index: index) }
      }
    }
  }

  @Test("no pieces, no work")
  func empty() throws {
    try WorkerPool(threads: 2).run(0) { _, _ in Issue.record("there is no piece to run") }
  }

  @Test(
    "many short calls, sleeps between them, and more workers than processors lose no piece",
    arguments: [2, 3, 16])
  func manyCalls(threads: Int) throws {
    let pool = WorkerPool(threads: threads)
    let sums = Slots(40, repeating: 0)
    let calls = 2000
    for call in 1...calls {
      // Long enough for the workers to fall asleep now and then.
      if call % 200 == 0 { usleep(2000) }
      try pool.run(call % 40 + 1) { index, _ in sums[index] += call }
    }
    for index in 0..<sums.count {
      var expected = 0
      for call in 1...calls where call % 40 >= index { expected += call }
      #expect(sums[index] == expected)
    }
  }

  @Test("a pool works on after a call that failed")
  func afterFailure() throws {
    let pool = WorkerPool(threads: 3)
    for _ in 0..<100 {
      #expect(throws: Failure(index: 0)) { try pool.run(9) { index, _ in throw Failure(index: index) } }
      #expect(try pool.map(9) { $0 * $0 } == (0..<9).map { $0 * $0 })
    }
  }

  @Test("a worker is first offered its own share of the pieces, and scratch space of its own is safe")
  func ownScratch() throws {
    let pool = WorkerPool(threads: 4)
    let scratch = PerWorker(pool) { Counter() }
    for _ in 0..<500 { try pool.run(50) { _, worker in scratch[worker].count += 1 } }
    #expect((0..<4).reduce(0) { $0 + scratch[$1].count } == 500 * 50)
  }

  @Test("a pool that is no longer used ends its threads")
  func endOfThreads() throws {
    func threadCount() throws -> Int {
      try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
    }
    let before = try threadCount()
    for _ in 0..<20 { try WorkerPool(threads: 9).run(100) { _, _ in } }
    // 160 threads were started; other tests may hold some of their own meanwhile.
    #expect(try waited { try threadCount() <= before + 60 })
  }
}
