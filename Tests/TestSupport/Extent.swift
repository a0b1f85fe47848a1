import Foundation

/// How much of a long table a test goes through: a short form in the suite, all of it in `make reliability`.
package enum Extent {
  /// Whether all of it is asked for.
  package static let isFull = ProcessInfo.processInfo.environment["PGX_TESTS"] == "full"

  /// The table of this run.
  package static func of<Table>(short: Table, full: Table) -> Table { isFull ? full : short }
}
