package import Random

/// Many worlds of one family that are stepped faster together than one by one, each in its row.
///
/// Row for row equal to the family's `Environment`s, to the bit. Calls for distinct rows may run on distinct threads.
package protocol EnvironmentGroup: AnyObject {
  /// Draws one row's start state, as `Environment.reset` does.
  func reset(_ row: Int, using random: inout NumPyGenerator)

  /// Advances some rows by one control step; none of them has terminated since its start.
  ///
  /// - Parameters:
  ///   - actions: shape (E, A), the rows' entries valid.
  ///   - rewards: shape (E), filled in these rows.
  ///   - terminated: shape (E), filled in these rows.
  func step(
    _ rows: Range<Int>, actions: UnsafePointer<Float>, rewards: UnsafeMutablePointer<Double>,
    terminated: UnsafeMutablePointer<Bool>)

  /// The number of entries of a row's snapshot.
  var snapshotSize: Int { get }

  /// All that one row's next steps depend on, as `Environment.snapshot`.
  func snapshot(of row: Int) -> [Double]

  /// Goes on from a snapshot of a row of the same task.
  ///
  /// - Parameter snapshot: shape (`snapshotSize`).
  func restore(_ row: Int, _ snapshot: [Double])

  /// Writes what is seen of some rows' present states.
  ///
  /// - Parameter observations: shape (E, O), filled in these rows.
  func observe(_ rows: Range<Int>, into observations: UnsafeMutablePointer<Double>)
}
