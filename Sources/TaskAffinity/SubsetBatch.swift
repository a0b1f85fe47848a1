internal import Workers

/// Subsets that are solved side by side, so that one matrix product per task serves all that hold it.
///
/// Every member of a subset has a slot; the slots of a task are consecutive, in the order of the subsets.
struct SubsetBatch: Sendable {
  /// The subsets, (c, s) task numbers.
  let subsets: [[Int]]
  /// For each task, the places of the subsets that hold it, increasing.
  let holders: [[Int]]
  /// For each task, its first slot.
  let firstSlot: [Int]
  /// For each subset, the slots of its members, in the order of the members.
  let slots: [[Int]]
  /// The number of slots.
  let slotCount: Int

  /// The batch of some subsets of n tasks.
  init(_ subsets: [[Int]], taskCount n: Int) {
    self.subsets = subsets
    var holders = [[Int]](repeating: [], count: n)
    for (place, subset) in subsets.enumerated() { for i in subset { holders[i].append(place) } }
    var next = 0
    firstSlot = holders.map { holding in
      defer { next += holding.count }
      return next
    }
    slotCount = next
    var free = firstSlot
    slots = subsets.map { subset in
      subset.map { i in
        defer { free[i] += 1 }
        return free[i]
      }
    }
    self.holders = holders
  }

  /// The number of subsets (c).
  var count: Int { subsets.count }

  /// The rows of the subsets that hold a task, from one row per subset: (c, d) to (holders, d).
  func gather<Scalar>(_ rows: [Scalar], task: Int, dimension d: Int) -> [Scalar] {
    holders[task].flatMap { rows[$0 * d..<($0 + 1) * d] }
  }

  /// Runs `body` once for every subset, in pieces of equal size whatever the number of workers.
  func forEach(_ workers: WorkerPool, _ body: @Sendable (_ subset: Int) -> Void) throws {
    let piece = 32
    try workers.run((count + piece - 1) / piece) { index, _ in
      for subset in index * piece..<min((index + 1) * piece, count) { body(subset) }
    }
  }
}
