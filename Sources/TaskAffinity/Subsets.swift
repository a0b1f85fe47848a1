package import Random

/// The task subsets S_1 … S_m whose adaptation is estimated (paper, Algorithm 2).
///
/// Up to `enumerationLimit` tasks these are all subsets of the given size, in lexicographic order. Beyond, they are
/// drawn uniformly without repetition; a subset that holds an uncovered pair of tasks then replaces one whose pairs are
/// all covered twice.
///
/// - Parameters:
///   - taskCount: the number of tasks (n).
///   - size: tasks per subset (s), 2 ≤ s ≤ n.
///   - count: the number of subsets (m); nil for all of them up to `enumerationLimit` tasks, else max(200, n²).
///   - random: the stream of the draws.
/// - Returns: (m, s) increasing task numbers; no two rows are equal, and every pair of tasks is in some row.
/// - Throws: `SubsetError` when `count` subsets do not exist or cannot cover every pair.
package func sampleSubsets(
  taskCount: Int, size: Int, count: Int?, random: inout RandomStream
) throws(SubsetError) -> [[Int]] {
  precondition(size >= 2 && size <= taskCount, "a subset holds 2 to n tasks")
  let available = binomial(taskCount, size)
  let wanted = subsetCount(taskCount: taskCount, size: size, count: count)
  if wanted == available, count != nil || taskCount <= enumerationLimit {
    return combinations(of: taskCount, size: size)
  }
  guard wanted <= available else { throw .tooMany(wanted: wanted, available: available) }
  var subsets: [[Int]] = []
  var seen: Set<[Int]> = []
  while subsets.count < wanted {
    let subset = randomSubset(of: taskCount, size: size, containing: [], random: &random)
    if seen.insert(subset).inserted { subsets.append(subset) }
  }
  try cover(&subsets, seen: &seen, taskCount: taskCount, size: size, random: &random)
  return subsets
}

/// The number of subsets (m) that `sampleSubsets` makes of the same arguments, if it can.
package func subsetCount(taskCount: Int, size: Int, count: Int?) -> Int {
  let available = binomial(taskCount, size)
  return count
    ?? (taskCount <= enumerationLimit ? available : min(max(200, taskCount * taskCount), available))
}

/// Up to this many tasks, all subsets of a size are taken: a fit is cheap, and enumeration has no sampling noise.
package let enumerationLimit = 12

/// Why a list of subsets cannot be made.
package enum SubsetError: Error, Equatable, CustomStringConvertible {
  /// More subsets are wanted than there are.
  case tooMany(wanted: Int, available: Int)
  /// The subsets are too few to hold every pair of tasks.
  case pairUncovered(first: Int, second: Int, count: Int)

  package var description: String { description(naming: { "\($0)" }) }

  /// The error in one sentence that calls task i by `name(i)`.
  package func description(naming name: (Int) -> String) -> String {
    switch self {
    case .tooMany(let wanted, let available):
      "sample-subsets.count is \(wanted), but there are only \(available) subsets of that size"
    case .pairUncovered(let first, let second, let count):
      "sample-subsets.count is \(count), too few to cover every pair of tasks (such as \(name(first)) and \(name(second))); raise it"
    }
  }
}

private func cover(
  _ subsets: inout [[Int]], seen: inout Set<[Int]>, taskCount: Int, size: Int, random: inout RandomStream
) throws(SubsetError) {
  var pairCount = [Int](repeating: 0, count: taskCount * taskCount)
  func addPairs(of subset: [Int], _ change: Int) {
    for i in subset { for j in subset where i < j { pairCount[i * taskCount + j] += change } }
  }
  for subset in subsets { addPairs(of: subset, 1) }
  for i in 0..<taskCount {
    for j in (i + 1)..<max(taskCount, i + 1) where pairCount[i * taskCount + j] == 0 {
      let redundant = subsets.lastIndex { subset in
        subset.allSatisfy { a in subset.allSatisfy { b in a >= b || pairCount[a * taskCount + b] >= 2 } }
      }
      guard let redundant else { throw .pairUncovered(first: i, second: j, count: subsets.count) }
      let subset = randomSubset(of: taskCount, size: size, containing: [i, j], random: &random)
      addPairs(of: subsets[redundant], -1)
      seen.remove(subsets[redundant])
      // The pair was in no subset, so the new subset cannot stand in the list already.
      seen.insert(subset)
      subsets[redundant] = subset
      addPairs(of: subset, 1)
    }
  }
}

/// A uniformly random subset that holds the given tasks; draws as many numbers as it lacks (Floyd's algorithm; Bentley,
/// "Programming Pearls: A sample of brilliance", 1987).
///
/// - Parameter fixed: increasing task numbers.
private func randomSubset(
  of taskCount: Int, size: Int, containing fixed: [Int], random: inout RandomStream
) -> [Int] {
  let others = taskCount - fixed.count
  var places: [Int] = []
  for last in others - (size - fixed.count)..<others {
    let place = random.index(below: last + 1)
    places.append(places.contains(place) ? last : place)
  }
  // The places count the other tasks alone.
  let drawn = places.map { place in fixed.reduce(place) { $0 >= $1 ? $0 + 1 : $0 } }
  return (fixed + drawn).sorted()
}

/// All increasing lists of `size` of the numbers 0..<taskCount, in lexicographic order.
package func combinations(of taskCount: Int, size: Int) -> [[Int]] {
  var subsets: [[Int]] = []
  var subset = Array(0..<size)
  while true {
    subsets.append(subset)
    guard let position = (0..<size).last(where: { subset[$0] < taskCount - size + $0 }) else {
      return subsets
    }
    subset[position] += 1
    for later in (position + 1)..<max(size, position + 1) { subset[later] = subset[later - 1] + 1 }
  }
}

private func binomial(_ n: Int, _ k: Int) -> Int {
  var result = 1
  for i in 0..<min(k, n - k) {
    let (product, overflow) = result.multipliedReportingOverflow(by: n - i)
    guard !overflow else { return .max }
    result = product / (i + 1)
  }
  return result
}
