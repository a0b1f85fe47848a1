import Testing
import Workers

@Suite struct WorkerPoolTests {
  private struct Failure: Error, Equatable { let index: Int }

  @Test("every piece runs exactly once, for any number of workers", arguments: [1, 2, 8])
  func everyPieceOnce(threads: Int) throws {
    let counts = UnsafeMutableBufferPointer<Int>.allocate(capacity: 1000)
    counts.initialize(repeating: 0)
    defer { counts.deallocate() }
    try WorkerPool(threads: threads).run(1000) { index, worker in
      #expect(worker < threads)
      counts[index] += index + 1
    }
    #expect((0..<1000).allSatisfy { counts[$0] == $0 + 1 })
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
}
