/// The seeds of a list such as "0 1 2".
///
/// - Throws: `UsageError` for a word that is not a whole number from 0 to 2⁵³, for a seed given twice, and for none.
package func parseSeeds(_ list: String) throws -> [UInt64] {
  let seeds = try list.split(separator: " ").map { word in
    guard let seed = UInt64(word), seed <= 1 << 53, "\(seed)" == word else {
      throw UsageError("a seed is a whole number from 0 to 2^53, found \"\(word)\"")
    }
    return seed
  }
  guard !seeds.isEmpty, Set(seeds).count == seeds.count else {
    throw UsageError("--seeds takes at least one seed, each once, found \"\(list)\"")
  }
  return seeds
}
