/// Memory that the pieces of a parallel call fill, piece i its own slot i, and that is read in order afterwards.
///
/// A slot is one entry, or a row of `width` entries; slots lie one after the other, shape (count, width), from a cache
/// line's boundary on. Every access is checked to lie inside. That a slot is written by at most one piece of a call, and
/// read in that call by no other piece, is the rule for callers; under it the memory may be shared among threads.
package final class Slots<Element: Sendable>: @unchecked Sendable {
  /// The number of slots.
  package let count: Int
  /// The entries of a slot.
  package let width: Int

  private let base: UnsafeMutablePointer<Element>
  private let isOwner: Bool

  /// `count` slots of `width` entries, all equal to `value`.
  ///
  /// - Precondition: `count` ≥ 0 and `width` ≥ 1.
  package init(_ count: Int, width: Int = 1, repeating value: Element) {
    precondition(count >= 0 && width >= 1, "\(count) slots of \(width) entries cannot be made")
    (self.count, self.width, isOwner) = (count, width, true)
    let total = count * width
    base = UnsafeMutableRawPointer.allocate(
      byteCount: max(total, 1) * MemoryLayout<Element>.stride,
      alignment: max(64, MemoryLayout<Element>.alignment)
    ).bindMemory(to: Element.self, capacity: max(total, 1))
    base.initialize(repeating: value, count: min(total, 1))
    // In blocks that double: for single elements, code that is not specialised looks up each time how to copy.
    for filled in sequence(first: 1, next: { 2 * $0 }).prefix(while: { $0 < total }) {
      (base + filled).initialize(from: base, count: min(filled, total - filled))
    }
  }

  /// Slots in memory that the caller owns and keeps.
  fileprivate init(borrowing buffer: UnsafeMutableBufferPointer<Element>, width: Int) {
    precondition(width >= 1 && buffer.count.isMultiple(of: width), "the entries do not make up whole slots")
    (count, self.width, isOwner) = (buffer.count / width, width, buffer.baseAddress == nil)
    // An empty array may have no memory.
    base = buffer.baseAddress ?? .allocate(capacity: 1)
  }

  deinit {
    guard isOwner else { return }
    base.deinitialize(count: count * width)
    UnsafeMutableRawPointer(base).deallocate()
  }

  /// Entry `index` of all, which is slot `index` where `width` is 1.
  ///
  /// - Precondition: `index` is in 0..<count · width.
  package subscript(index: Int) -> Element {
    get {
      precondition(index >= 0 && index < count * width, "there is no such slot")
      return base[index]
    }
    set {
      precondition(index >= 0 && index < count * width, "there is no such slot")
      base[index] = newValue
    }
  }

  /// The first entry of slot `slot`.
  ///
  /// - Precondition: `slot` is in 0..<count.
  package func row(_ slot: Int) -> UnsafeMutablePointer<Element> {
    precondition(slot >= 0 && slot < count, "there is no such slot")
    return base + slot * width
  }

  /// The entries of some slots, one slot after the other.
  ///
  /// - Precondition: `slots` is in 0..<count.
  package func rows(_ slots: Range<Int>) -> UnsafeMutableBufferPointer<Element> {
    precondition(slots.lowerBound >= 0 && slots.upperBound <= count, "there are no such slots")
    return UnsafeMutableBufferPointer(start: base + slots.lowerBound * width, count: slots.count * width)
  }

  /// All entries in order.
  package var elements: [Element] { Array(rows(0..<count)) }
}

extension Array where Element: Sendable {
  /// Lets the pieces of parallel calls fill the array's entries, in slots of `width`.
  ///
  /// - Precondition: the number of entries is a multiple of `width`; the slots are not used after `body` returns.
  package mutating func withSlots<Result>(
    width: Int = 1, _ body: (Slots<Element>) throws -> Result
  ) rethrows -> Result {
    try withUnsafeMutableBufferPointer { try body(Slots(borrowing: $0, width: width)) }
  }
}
