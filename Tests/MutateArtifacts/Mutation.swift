internal import Foundation
internal import Random

/// Bytes spoilt in one of the ways in which files are: what bad memory, a broken disk, an interrupted copy or a
/// mistaken tool leaves.
enum Mutation {
  /// A spoilt copy of `bytes`: flipped bits, runs of other bytes, a cut end, or a piece of the same file or of
  /// another put elsewhere.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - donor: another file, for splices.
  ///   - random: says which mutation.
  static func spoil(_ bytes: [UInt8], donor: [UInt8], _ random: inout RandomStream) -> [UInt8] {
    var spoilt = bytes
    let count = bytes.count
    guard count > 0 else { return spoilt }
    switch random.index(below: 8) {
    case 0, 1, 2:
      for _ in 0...random.index(below: 4) {
        spoilt[random.index(below: count)] ^= 1 << UInt8(random.index(below: 8))
      }
    case 3:
      // The numbers that lengths, counts and addresses are most easily wrong by.
      let values: [UInt8] = [0, 1, 0x7F, 0x80, 0xFF]
      spoilt[random.index(below: count)] = values[random.index(below: 5)]
    case 4:
      let start = random.index(below: count)
      let end = min(start + 1 + random.index(below: 64), spoilt.count)
      let value = random.index(below: 2) == 0 ? nil : UInt8(random.index(below: 2) * 255)
      for index in start..<end { spoilt[index] = value ?? UInt8(random.index(below: 256)) }
    case 5:
      spoilt.removeLast(random.index(below: count) + 1)
    case 6:
      let source = random.index(below: 2) == 0 ? bytes : donor
      guard !source.isEmpty else { return spoilt }
      let length = min(1 + random.index(below: 512), source.count, spoilt.count)
      let from = random.index(below: source.count - length + 1)
      let to = random.index(below: spoilt.count - length + 1)
      spoilt.replaceSubrange(to..<to + length, with: source[from..<from + length])
    default:
      // Bytes lost or doubled in the middle, so that all that follows is elsewhere.
      let start = random.index(below: count)
      let end = min(start + 1 + random.index(below: 16), spoilt.count)
      if random.index(below: 2) == 0 {
        spoilt.removeSubrange(start..<end)
      } else {
        spoilt.insert(contentsOf: spoilt[start..<end], at: start)
      }
    }
    return spoilt
  }
}
