/// PCG64: a linear congruential generator of 128 bits with the output XSL-RR (O'Neill 2014), NumPy's default.
///
/// state ← state · a + c modulo 2¹²⁸, c odd; the output is the exclusive or of the state's halves, rotated to the
/// right by its upper six bits.
struct PCG64: Sendable, Equatable {
  private static let multiplier = UInt128(0x2360_ED05_1FC6_5DA4) << 64 | 0x4385_DF64_9FCC_F645

  private var state: UInt128
  private let increment: UInt128

  /// The generator that NumPy's `PCG64(seed)` makes: the seed sequence's four words are the start of the state and
  /// the number of the stream, the high word of each first.
  init(seed: UInt64) {
    let words = SeedSequence(seed: seed).words(4)
    let start = UInt128(words[0]) << 64 | UInt128(words[1])
    increment = (UInt128(words[2]) << 64 | UInt128(words[3])) << 1 | 1
    state = (increment &+ start) &* Self.multiplier &+ increment
  }

  /// The state and the increment, the high word of each first.
  var words: [UInt64] {
    [state, increment].flatMap { [UInt64(truncatingIfNeeded: $0 >> 64), UInt64(truncatingIfNeeded: $0)] }
  }

  /// The generator that has these words, shape (4).
  init(words: [UInt64]) {
    state = UInt128(words[0]) << 64 | UInt128(words[1])
    increment = UInt128(words[2]) << 64 | UInt128(words[3])
  }

  /// The next uniform 64-bit word.
  mutating func next() -> UInt64 {
    state = state &* Self.multiplier &+ increment
    let folded = UInt64(truncatingIfNeeded: state >> 64) ^ UInt64(truncatingIfNeeded: state)
    let turn = UInt64(truncatingIfNeeded: state >> 122)
    return folded >> turn | folded << (64 &- turn & 63)
  }
}
