import Artifacts
import Foundation
import FoundationXML
import Reporting
import Testing

@Suite struct ChartTests {
  private static let awkward = "a<b & \"c\">\u{7}"

  private static func chart(_ panels: [ChartPanel]) -> SmallMultiples {
    SmallMultiples(title: "t", subtitle: "s", horizontal: "h", vertical: "v", panels: panels)
  }

  @Test(
    "a chart is well-formed XML with one panel per task, and names come back unharmed", arguments: [0, 1, 7])
  func wellFormed(count: Int) throws {
    let lines = ["random-0", "policygradex", Self.awkward].map {
      (name: $0, points: [(x: 0.0, y: 1.0), (x: 1, y: -2), (x: 2, y: 3.5)])
    }
    let panels = (0..<count).map { (title: "\(Self.awkward)\($0)", lines: lines) }
    let text = Self.chart(panels).svg()
    #expect(text == Self.chart(panels).svg())
    let found = try Elements(of: text)
    #expect(found.groups == count && found.paths.count == 3 * count)
    let read = "a<b & \"c\">\u{FFFD}"
    for index in 0..<count { #expect(found.texts.contains("\(read)\(index)")) }
    #expect(found.texts.filter { $0 == read }.count == count)
    #expect(found.texts.contains("random groupings") == (count > 0))
  }

  @Test("points that are not finite interrupt a line, and a lone point draws nothing")
  func missingPoints() throws {
    func data(_ values: [Double]) throws -> [String] {
      let points = values.enumerated().map { (x: Double($0.offset), y: $0.element) }
      let panel: ChartPanel = ("t", [("single", points)])
      return try Elements(of: Self.chart([panel]).svg()).paths
    }
    let whole = try data([.nan, .nan, 0, 1, 2])
    #expect(whole.count == 1 && whole[0].filter { $0 == "M" }.count == 1)
    #expect(whole[0].filter { $0 == "L" }.count == 2)
    let broken = try data([0, 1, .nan, 1, .infinity, 0, 1])
    #expect(broken.count == 1 && broken[0].filter { $0 == "M" }.count == 2)
    for empty in [[], [1], [.nan, 1, .nan]] as [[Double]] { #expect(try data(empty).isEmpty) }
  }

  @Test("a point lies where its value lies between the ends of the axis")
  func places() throws {
    func path(above low: Double) throws -> [String] {
      let points = [0.0, 100, 40].enumerated().map { (x: Double($0.offset), y: low + $0.element) }
      return try Elements(of: Self.chart([("t", [("single", points)])]).svg()).paths
    }
    let one = try path(above: 0)
    #expect(one.count == 1 && Set(one[0].split(separator: "L")).count == 3)
    #expect(try path(above: 200) == one)
  }

  @Test(
    "an axis reaches around its values with round ticks, labelled without needless decimals",
    arguments: [
      ([0, 50_000], 5, ["0", "10 k", "20 k", "30 k", "40 k", "50 k"]),
      ([0, 1_000_448], 5, ["0", "0.5 M", "1.0 M", "1.5 M"]),
      ([-610, -40], 4, ["−800", "−600", "−400", "−200", "0"]),
      ([-0.013, 0.021], 4, ["−0.02", "−0.01", "0", "0.01", "0.02", "0.03"]),
      ([200, 200], 4, ["200", "205", "210", "215", "220"]), ([0, 0], 2, ["0", "0.0005", "0.0010"]),
      ([], 2, ["0", "0.5", "1.0"]), ([.nan, 3, 5], 2, ["3", "4", "5"]),
    ] as [([Double], Int, [String])])
  func ticks(values: [Double], intervals: Int, labels: [String]) {
    let axis = Axis(covering: values, intervals: intervals)
    #expect(axis.ticks.map(axis.label) == labels)
    let tight = Axis(covering: values, intervals: intervals, isTight: true)
    let finite = values.filter(\.isFinite)
    if let low = finite.min(), let high = finite.max(), low < high {
      #expect(tight.ticks == axis.ticks.filter { (low...high).contains($0) })
    }
  }

  @Test("a long curve is thinned to means of its finite neighbours, over the steps of one task")
  func thinned() {
    let returns = (0..<600).flatMap { [Double($0), $0 < 6 ? .nan : 1] }
    let curve = LearningCurve(steps: (1...600).map { Int64(2 * $0) }, returns: returns)
    let first = curvePoints(curve, task: 0, of: 2)
    #expect(first.count == 150)
    #expect(first[0] == (2.5, 1.5) && first[149] == (598.5, 597.5))
    let second = curvePoints(curve, task: 1, of: 2)
    #expect(second[0].y.isNaN && second[1].y == 1 && second[149].y == 1)
    #expect(curvePoints(LearningCurve(steps: [], returns: []), task: 0, of: 1).isEmpty)
  }
}

/// What a parser finds in an SVG file.
private final class Elements: NSObject, XMLParserDelegate {
  /// The number of panels.
  private(set) var groups = 0
  /// The data of the paths.
  private(set) var paths: [String] = []
  /// The contents of the elements that hold text.
  private(set) var texts: [String] = []
  private var characters = ""

  /// Parses a file.
  ///
  /// - Throws: what the parser finds wrong.
  init(of text: String) throws {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    guard parser.parse() else { throw parser.parserError ?? CocoaError(.fileReadCorruptFile) }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    characters = ""
    if name == "g", attributes["class"] == "panel" { groups += 1 }
    if name == "path", let data = attributes["d"] { paths.append(data) }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { characters += string }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?)
  {
    if name == "text" || name == "title" { texts.append(characters) }
  }
}
