/// Rows as columns of equal width: the first left-aligned, numbers right-aligned.
package func aligned(_ rows: [[String]]) -> String {
  let columns = rows.map(\.count).max() ?? 0
  let widths = (0..<columns).map { c in rows.map { c < $0.count ? $0[c].count : 0 }.max() ?? 0 }
  return rows.map { row in
    let cells = row.enumerated().map { c, cell in
      let padding = String(repeating: " ", count: widths[c] - cell.count)
      return c == 0 ? cell + padding : padding + cell
    }
    return cells.joined(separator: "  ") + "\n"
  }.joined()
}
