/// NumPy's SeedSequence: it spreads a seed over as many words as a generator needs (NumPy 2.4.6; after O'Neill's
/// `seed_seq_fe`, 2015).
///
/// The seed's 32-bit words are hashed into a pool of four words, each of which then depends on all of them; words
/// are drawn from the pool by a second hash.
struct SeedSequence {
  private var pool = [UInt32](repeating: 0, count: 4)

  /// The pool of a seed.
  ///
  /// - Parameter seed: the number that Python passes to `numpy.random.SeedSequence`.
  init(seed: UInt64) {
    // A pool that is longer than the seed takes zeros, so that the missing high word of a small seed counts as 0.
    let words = [UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32), 0, 0]
    var hash = Hash(multiplier: 0x931E_8875, constant: 0x43B0_D7E5)
    for index in pool.indices { pool[index] = hash(words[index]) }
    for source in pool.indices {
      for target in pool.indices where target != source {
        pool[target] = Self.mix(pool[target], hash(pool[source]))
      }
    }
  }

  /// The first `count` 64-bit words of the sequence, each from two 32-bit words, the low one first
  /// (`generate_state(count, numpy.uint64)`).
  func words(_ count: Int) -> [UInt64] {
    var hash = Hash(multiplier: 0x58F3_8DED, constant: 0x8B51_F9DD)
    return (0..<count).map { index in
      let low = UInt64(hash(pool[2 * index % pool.count]))
      return low | UInt64(hash(pool[(2 * index + 1) % pool.count])) << 32
    }
  }

  private static func mix(_ x: UInt32, _ y: UInt32) -> UInt32 {
    let mixed = x &* 0xCA01_F9DD &- y &* 0x4973_F715
    return mixed ^ mixed >> 16
  }

  /// A hash whose constant moves on with every word.
  private struct Hash {
    let multiplier: UInt32
    var constant: UInt32

    mutating func callAsFunction(_ word: UInt32) -> UInt32 {
      let mixed = word ^ constant
      constant = constant &* multiplier
      let product = mixed &* constant
      return product ^ product >> 16
    }
  }
}
