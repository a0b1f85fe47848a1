internal import Foundation

extension Measurement {
  /// The rounds as text: a line per contestant with median, least and most, the limit or the ratio of ours to
  /// it, and the target where there is one.
  var text: String {
    var lines = ["\(benchmark.name): \(benchmark.title)"]
    let width = benchmark.contestants.map(\.name.count).max() ?? 0
    for (index, contestant) in benchmark.contestants.enumerated() {
      let name = contestant.name.padding(toLength: width, withPad: " ", startingAt: 0)
      let least = rounds[index].first ?? .nan
      let most = rounds[index].last ?? .nan
      var line = "  \(name)  \(format(median(index)))  [\(format(least)), \(format(most))]"
      if index == 0, let limit = benchmark.limit, let keepsLimit {
        line += "  limit \(format(limit)): \(keepsLimit ? "met" : "missed")"
      }
      if index > 0 {
        line += String(format: "  ours is %.2f ×", ratio(index))
        if let target = target(index) {
          line += String(format: ", target %.2f: ", target.ratio)
          line += ratio(index) >= target.ratio ? "met" : "missed"
        }
      }
      lines.append(line)
    }
    return lines.joined(separator: "\n")
  }

  private func format(_ value: Double) -> String {
    switch benchmark.quantity {
    case .rate(let unit): String(format: "%.4g %@", value, unit as NSString)
    case .seconds where value < 1e-3: String(format: "%.3g µs", value * 1e6)
    case .seconds where value < 1: String(format: "%.3g ms", value * 1e3)
    case .seconds: String(format: "%.3g s", value)
    case .bytes: String(format: "%.1f MB", value / 1e6)
    }
  }
}
