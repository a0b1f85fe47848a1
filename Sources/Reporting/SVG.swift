internal import Foundation
internal import Spelling

/// An SVG image, written element by element; equal calls give equal bytes.
struct SVG {
  private var lines: [String]

  /// An empty image of a size in pixels, with a title for those who cannot see it and CSS for the elements' classes.
  init(width: Double, height: Double, title: String, style: String) {
    let (w, h) = (Self.number(width), Self.number(height))
    lines = [
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(w)\" height=\"\(h)\" viewBox=\"0 0 \(w) \(h)\" role=\"img\">",
      "<title>\(Self.escaped(title))</title>", "<style>\(Self.escaped(style))</style>",
      "<rect class=\"page\" width=\"\(w)\" height=\"\(h)\"/>",
    ]
  }

  /// The whole file.
  var text: String { lines.joined(separator: "\n") + "\n</svg>\n" }

  /// Opens a group; `close` ends it.
  mutating func open(_ kind: String) { lines.append("<g class=\"\(kind)\">") }

  /// Ends the group that was opened last.
  mutating func close() { lines.append("</g>") }

  /// A straight line.
  mutating func line(_ kind: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) {
    let ends = [("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2)]
    lines.append(
      "<line class=\"\(kind)\" \(ends.map { "\($0)=\"\(Self.number($1))\"" }.joined(separator: " "))/>")
  }

  /// A polygonal line through the points; nil lifts the pen. Nothing if no two points follow each other.
  ///
  /// - Parameter name: shown while the pointer is on the line.
  mutating func path(_ kind: String, _ points: [(x: Double, y: Double)?], name: String) {
    let runs = points.split { $0 == nil }.map { $0.compactMap { $0 } }.filter { $0.count > 1 }
    guard !runs.isEmpty else { return }
    let data = runs.map { run in
      "M" + run.map { "\(Self.number($0.x)) \(Self.number($0.y))" }.joined(separator: "L")
    }.joined()
    lines.append("<path class=\"\(kind)\" d=\"\(data)\"><title>\(Self.escaped(name))</title></path>")
  }

  /// A line of text whose baseline is at (x, y), turned by `degrees`.
  mutating func text(_ kind: String, _ x: Double, _ y: Double, _ text: String, degrees: Int = 0) {
    let (x, y) = (Self.number(x), Self.number(y))
    let turn = degrees == 0 ? "" : " transform=\"rotate(\(degrees) \(x) \(y))\""
    lines.append("<text class=\"\(kind)\" x=\"\(x)\" y=\"\(y)\"\(turn)>\(Self.escaped(text))</text>")
  }

  /// A text as XML takes it: markup characters as entities, control characters, which XML cannot hold, as U+FFFD.
  static func escaped(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      case "\t", "\n": String(scalar)
      case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: "\u{FFFD}"
      default: String(scalar)
      }
    }.joined()
  }

  /// A coordinate, to a tenth of a pixel.
  private static func number(_ value: Double) -> String {
    let text = fixed(value, 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
