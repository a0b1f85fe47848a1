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
  ///   - outcomes: shape (E), filled in these rows.
  /// - Throws: `RowFailure`; the rows before it have been stepped.
  func step(
    _ rows: Range<Int>, actions: UnsafePointer<Float>, outcomes: UnsafeMutablePointer<StepOutcome>
  ) throws(RowFailure)

  /// Writes what is seen of some rows' present states.
  ///
  /// - Parameter observations: shape (E, O), filled in these rows.
  func observe(_ rows: Range<Int>, into observations: UnsafeMutablePointer<Double>)

  /// Writes what one row's metrics are after its last step, as `Environment.writeMetrics`.
  func writeMetrics(_ row: Int, into metrics: UnsafeMutableBufferPointer<Double>)

  /// All that one row's next steps depend on, as `RestorableEnvironment.snapshot`; nil for a world that cannot write
  /// it down. Which of the two holds never changes.
  func snapshot(of row: Int) -> [Double]?

  /// Goes on from a snapshot of a row of the same task; never called for a row that has none.
  ///
  /// - Throws: `EnvironmentError.wrongStateSize` or `.nonFiniteState`.
  func restore(_ row: Int, _ snapshot: [Double]) throws
}

extension EnvironmentGroup {
  // For families without metrics.
  package func writeMetrics(_ row: Int, into metrics: UnsafeMutableBufferPointer<Double>) {}
}

/// Environments of any families that are stepped one by one, each in its row.
final class EnvironmentRows: EnvironmentGroup {
  private let environments: [any Environment]

  /// An environment per row, at least one; all have equal spaces.
  init(_ environments: [any Environment]) { self.environments = environments }

  func reset(_ row: Int, using random: inout NumPyGenerator) throws {
    try environments[row].reset(using: &random)
  }

  func step(
    _ rows: Range<Int>, actions: UnsafePointer<Float>, outcomes: UnsafeMutablePointer<StepOutcome>
  ) throws(RowFailure) {
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

  func writeMetrics(_ row: Int, into metrics: UnsafeMutableBufferPointer<Double>) {
    environments[row].writeMetrics(into: metrics)
  }

  func snapshot(of row: Int) -> [Double]? { (environments[row] as? any RestorableEnvironment)?.snapshot }

  func restore(_ row: Int, _ snapshot: [Double]) throws {
    try (environments[row] as? any RestorableEnvironment)?.restore(snapshot)
  }
}
