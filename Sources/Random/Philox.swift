/// Philox4x32-10: a counter-based generator (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011).
///
/// Block i of a key is a pure function of (i, key), so any draw can be made anywhere, in any order.
package enum Philox {
  /// One block of a key's stream, by ten rounds: four independent uniform 32-bit words.
  package static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    // Words apart: as vectors they would be moved between kinds of registers in every round.
    var (x0, x1, x2, x3) = (counter[0], counter[1], counter[2], counter[3])
    var (k0, k1) = (key[0], key[1])
    for _ in 0..<10 {
      let low = UInt64(x0) &* 0xD251_1F53
      let high = UInt64(x2) &* 0xCD9E_8D57
      x0 = UInt32(truncatingIfNeeded: high >> 32) ^ x1 ^ k0
      x1 = UInt32(truncatingIfNeeded: high)
      x2 = UInt32(truncatingIfNeeded: low >> 32) ^ x3 ^ k1
      x3 = UInt32(truncatingIfNeeded: low)
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return SIMD4(x0, x1, x2, x3)
  }
}
