/// One curve of a panel: its name, as `LineStyle` knows it, and its points; those that are not finite interrupt the line.
package typealias ChartLine = (name: String, points: [(x: Double, y: Double)])

/// The curves of one task below a title; later ones are drawn over earlier ones.
package typealias ChartPanel = (title: String, lines: [ChartLine])

/// Panels side by side with a common horizontal axis, a vertical axis each, and one legend for all.
package struct SmallMultiples {
  /// The headline.
  package let title: String
  /// Says below the headline what is drawn.
  package let subtitle: String
  /// What the horizontal axes count.
  package let horizontal: String
  /// What the vertical axes count.
  package let vertical: String
  /// One panel per task.
  package let panels: [ChartPanel]

  /// A chart.
  package init(title: String, subtitle: String, horizontal: String, vertical: String, panels: [ChartPanel]) {
    self.title = title
    self.subtitle = subtitle
    self.horizontal = horizontal
    self.vertical = vertical
    self.panels = panels
  }

  /// The chart as an SVG file for light and dark pages; equal charts give equal bytes.
  package func svg() -> String {
    let columns = max(1, min(5, Int(Double(panels.count).squareRoot().rounded(.up))))
    let rows = max(1, (panels.count + columns - 1) / columns)
    let width = max(Layout.left + Double(columns) * Layout.cellWidth + Layout.right, Layout.leastWidth)
    let height = Layout.top + Double(rows) * Layout.cellHeight + Layout.bottom
    let axis = Axis(
      covering: [0] + panels.flatMap(\.lines).flatMap(\.points).map(\.x), intervals: 5, isTight: true)
    var image = SVG(width: width, height: height, title: title, style: LineStyle.sheet)
    image.text("headline", Layout.left, 28, title)
    image.text("note", Layout.left, 46, subtitle)
    drawLegend(&image)
    for (index, panel) in panels.enumerated() {
      let (row, column) = (index / columns, index % columns)
      image.open("panel")
      draw(
        panel, horizontalAxis: axis, left: Layout.left + Double(column) * Layout.cellWidth,
        top: Layout.top + Double(row) * Layout.cellHeight, isLeftmost: column == 0,
        isLowest: index + columns >= panels.count, into: &image)
      image.close()
    }
    return image.text
  }

  /// Sizes in pixels. A cell holds a panel, its title and its tick labels.
  private enum Layout {
    static let left = 72.0
    static let right = 4.0
    static let top = 112.0
    static let bottom = 24.0
    static let cellWidth = 278.0
    static let cellHeight = 202.0
    static let panelWidth = 222.0
    static let panelHeight = 146.0
    /// So that headline and legend fit above a single panel.
    static let leastWidth = 700.0
    /// Characters of a title that fit above a panel.
    static let titleLength = 36
  }

  private func drawLegend(_ image: inout SVG) {
    let names = panels.flatMap(\.lines).map(\.name)
    var x = Layout.left
    for style in LineStyle.all where names.contains(where: { style.draws($0) }) {
      image.line("line \(style.kind)", x, 68, x + 26, 68)
      image.text("key", x + 32, 72, style.legend)
      x += 32 + 7 * Double(style.legend.count) + 22
    }
  }

  private func draw(
    _ panel: ChartPanel, horizontalAxis: Axis, left: Double, top: Double, isLeftmost: Bool, isLowest: Bool,
    into image: inout SVG
  ) {
    let (right, bottom) = (left + Layout.panelWidth, top + Layout.panelHeight)
    let verticalAxis = Axis(covering: panel.lines.flatMap(\.points).map(\.y), intervals: 4)
    func x(_ value: Double) -> Double { left + horizontalAxis.place(value) * Layout.panelWidth }
    func y(_ value: Double) -> Double { bottom - verticalAxis.place(value) * Layout.panelHeight }
    let title =
      panel.title.count > Layout.titleLength ? "…" + panel.title.suffix(Layout.titleLength - 1) : panel.title
    image.text("title", left, top - 8, title)
    for tick in verticalAxis.ticks {
      image.line(tick == 0 ? "zero" : "grid", left, y(tick), right, y(tick))
      image.text("tick end", left - 6, y(tick) + 3.5, verticalAxis.label(tick))
    }
    for tick in horizontalAxis.ticks {
      image.line("axis", x(tick), bottom, x(tick), bottom + 4)
      image.text("tick middle", x(tick), bottom + 16, horizontalAxis.label(tick))
    }
    image.line("axis", left, bottom, right, bottom)
    if isLeftmost { image.text("note middle", left - 52, (top + bottom) / 2, vertical, degrees: -90) }
    if isLowest { image.text("note middle", (left + right) / 2, bottom + 33, horizontal) }
    for style in LineStyle.all {
      for line in panel.lines where style.draws(line.name) {
        let points = line.points.map { point in
          point.x.isFinite && point.y.isFinite ? (x: x(point.x), y: y(point.y)) : nil
        }
        image.path("line \(style.kind)", points, name: line.name)
      }
    }
  }
}
