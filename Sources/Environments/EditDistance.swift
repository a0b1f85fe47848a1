/// The least number of insertions, deletions and replacements of characters that turn one text into another
/// (Levenshtein's distance).
func editDistance(_ a: String, _ b: String) -> Int {
  let a = Array(a)
  let b = Array(b)
  var row = Array(0...b.count)
  for i in 0..<a.count {
    var diagonal = row[0]
    row[0] = i + 1
    for j in 0..<b.count {
      let replacement = diagonal + (a[i] == b[j] ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replacement, row[j] + 1, diagonal + 1)
    }
  }
  return row[b.count]
}

/// The candidate that was probably meant by `name`: the nearest one, if at most a third of the name (and at least
/// two characters) would have to change; the earliest of equally near ones.
func nearest(to name: String, among candidates: [String]) -> String? {
  let limit = max(2, name.count / 3)
  let distances = candidates.map { editDistance(name.lowercased(), $0.lowercased()) }
  guard let least = distances.min(), least <= limit, let index = distances.firstIndex(of: least) else {
    return nil
  }
  return candidates[index]
}
