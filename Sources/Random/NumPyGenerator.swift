internal import Foundation

/// NumPy's `default_rng(seed)`, draw for draw (NumPy 2.4.6): PCG64 and the methods of `numpy.random.Generator`.
///
/// Start states are drawn from it, so that an environment's episodes begin where Gymnasium's do. All other randomness
/// is `RandomStream`'s, whose streams have names. A generator is a value.
package struct NumPyGenerator: Sendable, Equatable {
  private var source: PCG64

  /// The upper half of the last 64-bit word of which only the lower one has been used.
  private var spareWord: UInt32?

  /// The generator that Gymnasium's `reset(seed=)` makes.
  package init(seed: UInt64) {
    source = PCG64(seed: seed)
  }

  /// The generator whose seed is the first 64-bit word of a stream.
  package init(seededBy stream: RandomStream) {
    var stream = stream
    self.init(seed: stream.next())
  }

  /// The number of words of `snapshot`.
  package static let snapshotSize = 6

  /// All that the next draws depend on: the state of PCG64 and its increment, the high word of each first, then 1 and
  /// the unused upper half of a 64-bit word, or 0 and 0. NumPy's `bit_generator.state` has the same numbers.
  package var snapshot: [UInt64] { source.words + [spareWord == nil ? 0 : 1, UInt64(spareWord ?? 0)] }

  /// The generator that goes on where a snapshot was taken.
  ///
  /// - Parameter snapshot: shape (`snapshotSize`).
  package init(snapshot: some Collection<UInt64>) {
    precondition(snapshot.count == Self.snapshotSize, "a generator's snapshot has six words")
    let words = Array(snapshot)
    source = PCG64(words: Array(words.prefix(4)))
    if words[4] != 0 { spareWord = UInt32(truncatingIfNeeded: words[5]) }
  }

  /// The next uniform 64-bit word (`bit_generator.random_raw`).
  package mutating func next() -> UInt64 {
    source.next()
  }

  /// The next uniform 32-bit word: the halves of a 64-bit word, the low one first, whatever is drawn between the two.
  package mutating func nextWord() -> UInt32 {
    if let spare = spareWord {
      spareWord = nil
      return spare
    }
    let word = next()
    spareWord = UInt32(truncatingIfNeeded: word >> 32)
    return UInt32(truncatingIfNeeded: word)
  }

  /// A uniform number in [0, 1), a multiple of 2⁻⁵³ (`random`).
  package mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A uniform number between two bounds (`uniform`).
  package mutating func uniform(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// A standard normal number (`standard_normal`) by the ziggurat method with 256 layers (Marsaglia and Tsang 2000).
  ///
  /// 98.5 % of draws lie inside their layer's box and take one word. Those beyond 3.654 (0.03 %) go through the
  /// platform's log1p, which may differ in the last bit between machines.
  package mutating func gaussian() -> Double {
    while true {
      let word = next()
      let layer = Int(word & 0xFF)
      let position = word >> 9 & 0x000F_FFFF_FFFF_FFFF
      let size = Double(position) * ZigguratTables.width[layer]
      let draw = word >> 8 & 1 == 1 ? -size : size
      if position < ZigguratTables.inside[layer] { return draw }
      if layer == 0 { return tail(negative: position >> 8 & 1 == 1) }
      let lower = ZigguratTables.density[layer]
      let height = (ZigguratTables.density[layer - 1] - lower) * uniform() + lower
      if height < exp(-0.5 * draw * draw) { return draw }
    }
  }

  /// A draw from the normal distribution beyond the lowest layer's box (Marsaglia 1964).
  private mutating func tail(negative: Bool) -> Double {
    while true {
      let excess = -ZigguratTables.inverseTailStart * log1p(-uniform())
      let height = -log1p(-uniform())
      guard height + height > excess * excess else { continue }
      return negative ? -(ZigguratTables.tailStart + excess) : ZigguratTables.tailStart + excess
    }
  }

  /// A uniform integer in 0..<bound, without bias (`integers(bound)`): ⌊x · bound / 2ʷ⌋ for a draw x of w bits, drawn
  /// anew while the rest of that division is below 2ʷ mod bound (Lemire 2019). Bounds up to 2³² take 32-bit words.
  ///
  /// - Precondition: `bound` > 0.
  package mutating func index(below bound: Int) -> Int {
    precondition(bound > 0, "a random index needs a positive bound")
    // NumPy draws nothing where there is no choice.
    if bound == 1 { return 0 }
    if bound <= 1 << 32 {
      let count = UInt64(bound)
      let rejected = (1 << 32) % count
      var product = UInt64(nextWord()) * count
      while product & 0xFFFF_FFFF < rejected { product = UInt64(nextWord()) * count }
      return Int(product >> 32)
    }
    let count = UInt64(bound)
    let rejected = (0 &- count) % count
    var product = next().multipliedFullWidth(by: count)
    while product.low < rejected { product = next().multipliedFullWidth(by: count) }
    return Int(product.high)
  }
}
