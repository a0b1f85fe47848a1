internal import Foundation
internal import Synchronization

/// The threads behind a pool, and the pieces of the call that is under way.
///
/// A piece is claimed by moving one of the offers' counters; that succeeds only while a call is under way whose
/// pieces are not all claimed, and a call ends only when all claimed pieces are done. So a worker that holds a piece may
/// use the call's body, and one that comes too late finds no piece.
final class WorkerTeam: @unchecked Sendable {
  private typealias Body = @Sendable (_ index: Int, _ worker: Int) throws -> Void

  private let size: Int
  /// One per worker: which of its pieces are still to be claimed.
  private let offers: [Offer]
  /// One per worker; the first is the caller's.
  private let spots: [ParkingSpot]
  /// The pieces that are not yet done.
  private let open = Atomic<Int>(0)
  /// The number of calls so far: what a waiting worker watches.
  private let calls = Atomic<Int>(0)
  private let isDismissed = Atomic<Bool>(false)
  private let isRunning = Atomic<Bool>(false)
  private let failure = Mutex<(index: Int, error: any Error)?>(nil)
  /// The body of the call that is under way; written before its pieces are offered, read after one was claimed.
  private var body: Body?
  private var hasThreads = false
  /// How often a waiting worker checks before it sleeps. With more workers than processors, the one that is waited for
  /// may need the processor of the one that waits.
  private let spins: Int

  /// A team of `size` workers, the caller included.
  init(size: Int) {
    self.size = size
    offers = (0..<size).map { _ in Offer() }
    spots = (0..<size).map { _ in ParkingSpot() }
    spins = size <= ProcessInfo.processInfo.activeProcessorCount ? 20_000 : 200
  }

  /// Shares out the pieces 0..<count; see `WorkerPool.run`.
  func run(_ count: Int, _ body: @Sendable (_ index: Int, _ worker: Int) throws -> Void) throws {
    let wasRunning = isRunning.exchange(true, ordering: .acquiringAndReleasing)
    precondition(!wasRunning, "a worker pool does one call at a time")
    startThreads()
    withoutActuallyEscaping(body) { body in
      self.body = body
      open.store(count, ordering: .relaxed)
      for worker in 0..<size { offers[worker].open(count * worker / size..<count * (worker + 1) / size) }
      calls.wrappingAdd(1, ordering: .sequentiallyConsistent)
      for worker in 1..<size { spots[worker].unpark() }
      work(as: 0)
      spots[0].park(after: spins) { open.load(ordering: .sequentiallyConsistent) == 0 }
      self.body = nil
    }
    let failure = failure.withLock { failure in
      defer { failure = nil }
      return failure
    }
    isRunning.store(false, ordering: .releasing)
    if let failure { throw failure.error }
  }

  /// Ends the threads.
  func dismiss() {
    isDismissed.store(true, ordering: .sequentiallyConsistent)
    for spot in spots { spot.unpark() }
  }

  private func startThreads() {
    guard !hasThreads else { return }
    hasThreads = true
    for worker in 1..<size {
      let thread = Thread { [self] in serve(as: worker) }
      thread.name = "worker-\(worker)"
      thread.stackSize = 8 << 20
      thread.start()
    }
  }

  /// The loop of a thread of the team.
  private func serve(as worker: Int) {
    var seen = 0
    while !isDismissed.load(ordering: .acquiring) {
      work(as: worker)
      spots[worker].park(after: spins) {
        calls.load(ordering: .sequentiallyConsistent) != seen
          || isDismissed.load(ordering: .sequentiallyConsistent)
      }
      seen = calls.load(ordering: .acquiring)
    }
  }

  /// Does this worker's pieces, then others', until all are claimed.
  private func work(as worker: Int) {
    for place in 0..<size {
      let offer = offers[(worker + place) % size]
      while let index = offer.claim() {
        do {
          try body?(index, worker)
        } catch {
          failure.withLock { if $0.map({ index < $0.index }) ?? true { $0 = (index, error) } }
        }
        if open.wrappingSubtract(1, ordering: .sequentiallyConsistent).newValue == 0 { spots[0].unpark() }
      }
    }
  }
}

/// The pieces offered first to one worker, on a cache line of its own.
private final class Offer: Sendable {
  /// The next piece in the low half, the end in the high half; equal when there is none.
  private let range = Atomic<UInt64>(0)
  private let padding: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0)

  /// Offers these pieces.
  func open(_ pieces: Range<Int>) {
    range.store(UInt64(pieces.upperBound) << 32 | UInt64(pieces.lowerBound), ordering: .releasing)
  }

  /// Takes the next piece; nil if there is none.
  func claim() -> Int? {
    var seen = range.load(ordering: .acquiring)
    while seen & 0xFFFF_FFFF < seen >> 32 {
      let (done, now) = range.weakCompareExchange(
        expected: seen, desired: seen + 1, ordering: .acquiringAndReleasing)
      if done { return Int(seen & 0xFFFF_FFFF) }
      seen = now
    }
    return nil
  }
}

/// Where one worker waits: it first spins, then sleeps.
private final class ParkingSpot: Sendable {
  private let isAsleep = Atomic<Bool>(false)
  private let semaphore = DispatchSemaphore(value: 0)

  /// Waits until `condition` holds; it is checked `spins` times before each sleep. Whoever makes it hold calls `unpark`
  /// afterwards.
  func park(after spins: Int, until condition: () -> Bool) {
    while true {
      for _ in 0..<spins {
        if condition() { return }
      }
      isAsleep.store(true, ordering: .sequentiallyConsistent)
      // A call of `unpark` from here on ends the sleep; one from before made the condition hold, which is checked again.
      if condition(), isAsleep.exchange(false, ordering: .sequentiallyConsistent) { return }
      semaphore.wait()
    }
  }

  /// Ends the worker's sleep if there is one.
  func unpark() {
    if isAsleep.load(ordering: .sequentiallyConsistent),
      isAsleep.exchange(false, ordering: .sequentiallyConsistent)
    {
      semaphore.signal()
    }
  }
}
