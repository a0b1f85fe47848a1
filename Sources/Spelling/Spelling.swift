/// The candidate closest to a misspelt word, if one is close enough to be meant.
///
/// - Parameters:
///   - word: what was written.
///   - candidates: the words that are allowed.
/// - Returns: the first candidate at the smallest edit distance, if that is at most a third of the word's length
///   (and at least 1 is always allowed); nil otherwise.
package func closestSpelling(to word: String, among candidates: some Sequence<String>) -> String? {
  var best: (distance: Int, word: String)?
  for candidate in candidates {
    let distance = editDistance(word.lowercased(), candidate.lowercased())
    if best.map({ distance < $0.distance }) ?? true { best = (distance, candidate) }
  }
  guard let best, best.distance <= max(1, (word.count + 2) / 3) else { return nil }
  return best.word
}

/// `; did you mean "x"?` for an error message, or `; known are a, b, c` when nothing is close.
package func spellingHint(for word: String, among candidates: some Collection<String>) -> String {
  if let meant = closestSpelling(to: word, among: candidates) { return "; did you mean \"\(meant)\"?" }
  guard !candidates.isEmpty else { return "" }
  return "; known are \(candidates.joined(separator: ", "))"
}

/// The Damerau–Levenshtein distance (optimal string alignment): insertions, deletions, substitutions and swaps of
/// neighbours count 1 each.
package func editDistance(_ a: String, _ b: String) -> Int {
  let a = Array(a)
  let b = Array(b)
  guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
  var beforePrevious = [Int](repeating: 0, count: b.count + 1)
  var previous = Array(0...b.count)
  for i in 1...a.count {
    var current = [i] + [Int](repeating: 0, count: b.count)
    for j in 1...b.count {
      let substitution = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
      current[j] = min(previous[j] + 1, current[j - 1] + 1, substitution)
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
        current[j] = min(current[j], beforePrevious[j - 2] + 1)
      }
    }
    beforePrevious = previous
    previous = current
  }
  return previous[b.count]
}
