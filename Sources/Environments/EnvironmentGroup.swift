package import Random

/// Many worlds that are stepped together, each in its row.
///
/// A family has one of its own where many are stepped faster together than one by one; it equals the family's
/// `Environment`s row for row, to the bit. Calls for distinct rows may run on distinct threads.
package protocol EnvironmentGroup: AnyObject {
  /// Draws one row's start state, as `Environment.reset` does.
  func reset(_ row: Int, using random: inout NumPyGenerator) throws

  /// Advances some rows by one control step, in order; none of them has ended an episode since its last reset.
  ///
  /// - Parameters:
  ///   - actions: shape (E, A); in a discrete space, each is one of the choices.
  ///   - outcomes: rewards to be filled in these rows; flags are false before, and need be set only where true.
  /// - Throws: `RowFailure`; the rows before it have been stepped.
  func step(_ rows: Range<Int>, actions: UnsafePointer<Float>, outcomes: StepOutcomes) throws(RowFailure)

  /// Writes what is seen of some rows' present states.
  ///
  /// - Parameter observations: shape (E, O), filled in these rows.
  func observe(_ rows: Range<Int>, into observations: UnsafeMutablePointer<Double>)

  /// The number of entries of a row's snapshot.
  var snapshotSize: Int { get }

  /// All that one row's next steps depend on, as `Environment.snapshot`.
  func snapshot(of row: Int) -> [Double]

  /// Goes on from a snapshot of a row of the same task.
  ///
  /// - Parameter snapshot: shape (`snapshotSize`).
  func restore(_ row: Int, _ snapshot: [Double]) throws
}

/// Environments of any families that are stepped one by one, each in its row.
final class EnvironmentRows: EnvironmentGroup {
  private let environments: [any Environment]

  /// An environment per row, at least one; all have equal spaces.
  init(_ environments: [any Environment]) { self.environments = environments }

  func reset(_ row: Int, using random: inout NumPyGenerator) throws {
    try environments[row].reset(using: &random)
  }

  func step(_ rows: Range<Int>, actions: UnsafePointer<Float>, outcomes: StepOutcomes) throws(RowFailure) {
    let width = environments[0].actionSpace.width
    for row in rows {
      do {
        outcomes[row] = try environments[row].step(
          action: UnsafeBufferPointer(start: actions + row * width, count: width))
      } catch {
        throw RowFailure(row: row, error: error)
      }
    }
  }

  func observe(_ rows: Range<Int>, into observations: UnsafeMutablePointer<Double>) {
    let size = environments[0].observationSize
    for row in rows {
      environments[row].observe(
        into: UnsafeMutableBufferPointer(start: observations + row * size, count: size))
    }
  }

  var snapshotSize: Int { environments[0].snapshotSize }

  func snapshot(of row: Int) -> [Double] { environments[row].snapshot }

  func restore(_ row: Int, _ snapshot: [Double]) throws { try environments[row].restore(snapshot) }
}
