internal import Artifacts

/// How the curves of a grouping are drawn.
struct LineStyle {
  /// The CSS class.
  let kind: String
  /// The colour on a light page, and on a dark one.
  let colours: (light: String, dark: String)
  /// The width in pixels.
  let width: Double
  /// Lengths of dash and gap; nil for a solid line.
  var dash: String?

  /// What the legend says.
  var legend: String { kind == "random" ? "random groupings" : kind }

  /// The styles, in the order in which lines cover each other. The random groupings share one: each by itself says
  /// little. gradient-similarity is dashed, so that policygradex shows through where the two are the same.
  static let all = [
    LineStyle(kind: "random", colours: ("#c3cad1", "#6e7681"), width: 1),
    LineStyle(kind: "other", colours: ("#8c959f", "#8b949e"), width: 1, dash: "1 2"),
    LineStyle(kind: "meta-train", colours: ("#24292f", "#e6edf3"), width: 1.2, dash: "2 2"),
    LineStyle(kind: "\(GroupingName.single)", colours: ("#c2570c", "#f0883e"), width: 1.5),
    LineStyle(kind: "\(GroupingName.separate)", colours: ("#1a7f37", "#3fb950"), width: 1.5),
    LineStyle(kind: "\(GroupingName.policyGradEx)", colours: ("#0969da", "#58a6ff"), width: 2),
    LineStyle(kind: "\(GroupingName.paper)", colours: ("#0550ae", "#79c0ff"), width: 1.5, dash: "2 3"),
    LineStyle(
      kind: "\(GroupingName.gradientSimilarity)", colours: ("#8250df", "#bc8cff"), width: 1.5, dash: "5 4"),
  ]

  /// Whether the curves of a name have this style.
  func draws(_ name: String) -> Bool { kind == Self.kind(of: name) }

  private static func kind(of name: String) -> String {
    if case .random = GroupingName(name) { return "random" }
    return all.contains { $0.kind == name } ? name : "other"
  }

  /// The style sheet of a chart. Colours are written out for both kinds of page, since not every viewer knows
  /// variables.
  static var sheet: String {
    let page = """
      text { font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; font-size: 11px }
      .headline { font-size: 17px; font-weight: 600 }
      .title { font-size: 12px; font-weight: 600 }
      .key { font-size: 12px }
      .middle { text-anchor: middle }
      .end { text-anchor: end }
      .line { fill: none; stroke-linejoin: round }

      """
    let lines = all.map { style in
      ".\(style.kind) { stroke-width: \(style.width)\(style.dash.map { "; stroke-dasharray: \($0)" } ?? "") }\n"
    }.joined()
    func colours(_ page: String, text: String, faint: String, grid: String, axis: String, dark: Bool)
      -> String
    {
      """
      .page { fill: \(page) } .headline, .title, .key { fill: \(text) } .note, .tick { fill: \(faint) }
      .grid { stroke: \(grid) } .zero, .axis { stroke: \(axis) }

      """ + all.map { ".\($0.kind) { stroke: \(dark ? $0.colours.dark : $0.colours.light) }\n" }.joined()
    }
    return "\n" + page + lines
      + colours("#ffffff", text: "#1f2328", faint: "#59636e", grid: "#eaeef2", axis: "#9aa4ae", dark: false)
      + "@media (prefers-color-scheme: dark) {\n"
      + colours("#0d1117", text: "#e6edf3", faint: "#9198a1", grid: "#21262d", axis: "#57606a", dark: true)
      + "}\n"
  }
}
