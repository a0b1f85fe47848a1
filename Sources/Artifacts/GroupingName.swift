/// The name of a grouping: one that cluster makes, or another of a file from elsewhere.
package enum GroupingName: Sendable, Hashable, CustomStringConvertible {
  /// The grouping that retains most of the tasks' own gains.
  case policyGradEx
  /// The grouping of the paper, by pairs' mean estimates and the semidefinite program.
  case paper
  /// The control that groups by the cosines between the tasks' gradients.
  case gradientSimilarity
  /// A control that is drawn at random, of groups of the same sizes; which draw, from 0.
  case random(Int)
  /// All tasks in one group.
  case single
  /// Each task in a group of its own.
  case separate
  /// One that cluster does not make.
  case other(String)

  /// Those that cluster makes, in the order of tables.
  package static func all(randomGroupings count: Int) -> [GroupingName] {
    [.policyGradEx, .paper, .gradientSimilarity] + (0..<count).map { .random($0) } + [.single, .separate]
  }

  /// The grouping of this name.
  package init(_ name: String) {
    let draw = Int(name.split(separator: "-").last ?? "") ?? 0
    self = Self.all(randomGroupings: 0).first { $0.description == name } ?? .random(draw)
    if description != name { self = .other(name) }
  }

  /// The name in artifacts, tables and charts.
  package var description: String {
    switch self {
    case .policyGradEx: "policygradex"
    case .paper: "paper"
    case .gradientSimilarity: "gradient-similarity"
    case .random(let draw): "random-\(draw)"
    case .single: "single"
    case .separate: "separate"
    case .other(let name): name
    }
  }
}
