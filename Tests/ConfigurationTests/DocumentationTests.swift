import Configuration
import Foundation
import Testing

/// A row of the tables of configs/README.md.
private struct Row {
  /// The key, with its section.
  let key: String
  /// The numbers that it may have; nil for words and lists.
  let range: ClosedRange<Double>?
  /// Its default, as written; "–" for a key that must be given.
  let fallback: String

  /// Every row, in order.
  static let all: [Row] = {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text =
      (try? String(contentsOf: folder.appendingPathComponent("configs/README.md"), encoding: .utf8)) ?? ""
    var section = ""
    var header: [String] = []
    var rows: [Row] = []
    for line in text.components(separatedBy: "\n") {
      if let match = line.firstMatch(of: /^### `([a-z-]+)`/) { section = String(match.1) + "." }
      if line.hasPrefix("## ") { section = "" }
      guard line.hasPrefix("|") else { continue }
      let cells = line.replacing("\\|", with: "").split(separator: "|").map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      if cells.first == "key" { header = cells }
      guard header.contains("default"), let name = cells.first?.firstMatch(of: /^`([a-z_]+)`/),
        !section.isEmpty, cells.count == header.count
      else { continue }
      let range = header.firstIndex { ["range", "values"].contains($0) }.map { cells[$0] } ?? ""
      rows.append(
        Row(
          key: section + name.1, range: Self.range(range),
          fallback: (cells.last ?? "").replacing("`", with: "")))
    }
    return rows
  }()

  /// "10⁻⁸…1, `none`" as a range.
  private static func range(_ text: String) -> ClosedRange<Double>? {
    let ends = (text.split(separator: ",").first ?? "").components(separatedBy: "…").map(number)
    guard ends.count == 2, let low = ends[0], let high = ends[1] else { return nil }
    return low...high
  }

  /// "10⁻⁸", "−10" or "100 000" as a number.
  private static func number(_ text: String) -> Double? {
    let digits: [Character: Character] = [
      "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9",
      "⁻": "-",
    ]
    let power = String(text.compactMap { digits[$0] })
    let rest = text.filter { digits[$0] == nil && !$0.isWhitespace }.replacing("−", with: "-")
    return power.isEmpty ? Double(rest) : Double("1e" + power)
  }
}

@Suite struct DocumentationTests {
  /// A benchmark with one key's value.
  private func benchmark(_ key: String, _ value: String) -> String {
    let parts = key.split(separator: ".")
    var sections = ["meta-train": "total_timesteps: 1", "full-train-eval": "timesteps_per_task: 1"]
    let own = sections[String(parts[0])].flatMap { $0.hasPrefix(parts[1] + ":") ? nil : $0 + ", " } ?? ""
    sections[String(parts[0])] = "\(own)\(parts[1]): \(value)"
    return "tasks: [a, b, c]\ntask_id: hidden\n"
      + sections.sorted { $0.key < $1.key }.map { "\($0.key): {\($0.value)}\n" }.joined()
  }

  /// The error of a value of a key; nil if it is taken.
  private func message(_ key: String, _ value: Double) throws -> String? {
    // A whole number is read from any spelling, and a real one from all its digits.
    try withFile(Data(benchmark(key, "\(value)").utf8)) { path in
      do {
        _ = try BenchmarkConfiguration(reading: path, profile: nil)
        return nil
      } catch {
        return (error as? ConfigurationError)?.message ?? "\(error)"
      }
    }
  }

  @Test("configs/README.md has a row for every key of every section, with the reader's default")
  func defaults() throws {
    let text = "tasks: [a, b, c]\ntask_id: hidden\nmeta-train: {total_timesteps: 1}\n"
    let read = try configuration(text + "full-train-eval: {timesteps_per_task: 1}\n").resolved
    var found: [String: String] = [:]
    for entry in read {
      guard case .section(let inner) = entry.value else { continue }
      for setting in inner {
        // The text of the value alone.
        let line = ResolvedValue.section([.init("x", setting.value)]).yaml
        found["\(entry.key).\(setting.key)"] = String(line.dropFirst(3).dropLast()).replacing("\"", with: "")
      }
    }
    #expect(Set(Row.all.map(\.key)) == Set(found.keys) && Row.all.count == found.count)
    for row in Row.all where row.fallback != "–" {
      let value = found[row.key] ?? ""
      #expect(
        value == row.fallback || Double(value) != nil && Double(value) == Double(row.fallback),
        "\(row.key) is \(value), the table has \(row.fallback)")
    }
  }

  @Test("a number's range is that of configs/README.md: both ends are taken, and nothing beyond them")
  func ranges() throws {
    let rows = Row.all.filter { $0.range != nil }
    #expect(rows.count >= 30)
    for row in rows {
      guard let range = row.range else { continue }
      for end in [range.lowerBound, range.upperBound] {
        let refusal = try message(row.key, end)
        #expect(refusal?.contains("must be in") != true, "\(row.key): \(refusal ?? "")")
      }
      // A whole number's next neighbour is one away; a real one's, a thousandth of it.
      func step(_ end: Double) -> Double {
        end == end.rounded() && abs(end) >= 1 ? 1 : max(abs(end) * 1e-3, 1e-15)
      }
      for beyond in [
        range.lowerBound - step(range.lowerBound), range.upperBound + step(range.upperBound),
      ] {
        let refusal = try message(row.key, beyond)
        #expect(refusal?.contains("\(row.key) must be ") == true, "\(row.key) takes \(beyond)")
      }
    }
  }
}
