import Foundation

/// The largest |a − b| over two equally long sequences; infinity if a length differs or a value is not finite.
package func largestDifference<T: BinaryFloatingPoint>(_ a: [T], _ b: [T]) -> Double {
  guard a.count == b.count else { return .infinity }
  var largest = 0.0
  for (x, y) in zip(a, b) {
    let difference = abs(Double(x) - Double(y))
    guard difference.isFinite else { return .infinity }
    largest = max(largest, difference)
  }
  return largest
}

/// The largest |a − b| / max(1, |a|, |b|) over two equally long sequences; infinity as in `largestDifference`.
package func largestRelativeDifference<T: BinaryFloatingPoint>(_ a: [T], _ b: [T]) -> Double {
  guard a.count == b.count else { return .infinity }
  var largest = 0.0
  for (x, y) in zip(a, b) {
    let difference = abs(Double(x) - Double(y)) / max(1, abs(Double(x)), abs(Double(y)))
    guard difference.isFinite else { return .infinity }
    largest = max(largest, difference)
  }
  return largest
}

/// Runs `body` with the path of a new empty folder, which is removed afterwards.
package func withTemporaryDirectory<R>(_ body: (String) throws -> R) throws -> R {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent("pgx-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: url) }
  return try body(url.path)
}
