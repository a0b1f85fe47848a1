internal import Foundation

/// One named stream of random numbers: the blocks 0, 1, 2, … of a Philox4x32-10 key.
///
/// A stream is a value. Its key is a hash of the run's seed and of the stream's name ("rollout/task-3"), so a draw
/// added to one stream shifts no other, and nothing depends on the order in which streams are made.
package struct RandomStream: RandomNumberGenerator, Sendable, Equatable {
  /// The Philox key of this stream.
  package let key: SIMD2<UInt32>

  /// The number of blocks consumed so far; the current block's unread words are in `words`.
  package private(set) var blockCount: UInt64 = 0

  private var words = SIMD4<UInt32>()
  private var unread = 0
  private var spareGaussian: Double?

  /// The stream called `name` of the run with this seed.
  package init(seed: UInt64, name: String) {
    var hash = Self.hash(name)
    hash ^= Self.scramble(seed)
    self.init(hash: Self.scramble(hash))
  }

  /// The stream called `name` below this one: a function of this stream's key and the name, not of what was drawn.
  package func derived(_ name: String) -> RandomStream {
    let parent = UInt64(key[0]) | UInt64(key[1]) << 32
    return RandomStream(hash: Self.scramble(Self.scramble(parent) ^ Self.hash(name)))
  }

  private init(hash: UInt64) {
    key = SIMD2(UInt32(truncatingIfNeeded: hash), UInt32(truncatingIfNeeded: hash >> 32))
  }

  /// The next uniform 32-bit word.
  package mutating func nextWord() -> UInt32 {
    if unread == 0 {
      words = Philox.block(
        counter: SIMD4(
          UInt32(truncatingIfNeeded: blockCount), UInt32(truncatingIfNeeded: blockCount >> 32), 0, 0),
        key: key)
      blockCount += 1
      unread = 4
    }
    unread -= 1
    return words[3 - unread]
  }

  /// The next uniform 64-bit word: two 32-bit words, the low one first.
  package mutating func next() -> UInt64 {
    let low = UInt64(nextWord())
    return low | UInt64(nextWord()) << 32
  }

  /// A uniform number in [0, 1), a multiple of 2⁻⁵³.
  package mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A uniform number between two bounds.
  package mutating func uniform(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// A standard normal number (Box–Muller; every second call returns the pair's other half).
  package mutating func gaussian() -> Double {
    if let spare = spareGaussian {
      spareGaussian = nil
      return spare
    }
    let radius = (-2 * log(1 - uniform())).squareRoot()
    let angle = 2 * Double.pi * uniform()
    spareGaussian = radius * sin(angle)
    return radius * cos(angle)
  }

  /// A uniform integer in 0..<bound, without bias: ⌊x · bound / 2⁶⁴⌋ for a 64-bit draw x, drawn anew while the rest of
  /// that division is below 2⁶⁴ mod bound (Lemire 2019, "Fast Random Integer Generation in an Interval").
  ///
  /// - Precondition: `bound` > 0.
  package mutating func index(below bound: Int) -> Int {
    precondition(bound > 0, "a random index needs a positive bound")
    let count = UInt64(bound)
    let rejected = (0 &- count) % count
    var product = next().multipliedFullWidth(by: count)
    while product.low < rejected { product = next().multipliedFullWidth(by: count) }
    return Int(product.high)
  }

  /// Permutes `count` elements uniformly (Fisher–Yates, from the back).
  ///
  /// - Parameter swap: exchanges the elements at two places, which may be the same. The caller's own, since a generic
  ///   function of another module looks up an array's type for every element.
  package mutating func shuffle(count: Int, swap: (Int, Int) -> Void) {
    for last in stride(from: count - 1, to: 0, by: -1) { swap(last, index(below: last + 1)) }
  }

  /// FNV-1a over the name's UTF-8 bytes.
  private static func hash(_ name: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 {
      hash ^= UInt64(byte)
      hash = hash &* 0x0000_0100_0000_01B3
    }
    return hash
  }

  /// A bijective mix of 64 bits (the finaliser of SplitMix64), so that near seeds and names give far keys.
  private static func scramble(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
