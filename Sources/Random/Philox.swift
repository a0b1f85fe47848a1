/// Philox4x32-10: a counter-based generator (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011).
///
/// Block i of a key is a pure function of (i, key), so any draw can be made anywhere, in any order.
package enum Philox {
  /// The ten-round block function.
  ///
  /// - Parameters:
  ///   - counter: which block of the key's stream.
  ///   - key: which stream.
  /// - Returns: four independent uniform 32-bit words.
  package static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var x = counter
    var k = key
    for _ in 0..<10 {
      let low = UInt64(x[0]) &* 0xD251_1F53
      let high = UInt64(x[2]) &* 0xCD9E_8D57
      x = SIMD4(
        UInt32(truncatingIfNeeded: high >> 32) ^ x[1] ^ k[0], UInt32(truncatingIfNeeded: high),
        UInt32(truncatingIfNeeded: low >> 32) ^ x[3] ^ k[1], UInt32(truncatingIfNeeded: low))
      k &+= SIMD2(0x9E37_79B9, 0xBB67_AE85)
    }
    return x
  }
}
