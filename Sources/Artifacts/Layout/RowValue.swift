internal import HDF5

/// A Swift type of which lists of unequal lengths are the rows of one dataset.
protocol RowElement: Sendable, Equatable {
  /// The rows as they are stored.
  ///
  /// - Parameter width: the length of the second dimension, if another dataset tells it.
  static func table(_ rows: [[Self]], width: Int?) -> ArtifactDataset
  /// A row of the table; nil if its elements are of another type.
  static func row(_ index: Int, of table: ArtifactDataset) -> [Self]?
}

/// A list of lists is a table with one row for each.
extension Array: DatasetElement where Element: RowElement {
  static func values(_ rows: [[Element]]) -> ArtifactValues { Element.table(rows, width: 0).values }

  static func stored(_ rows: [[Element]], along lengths: [Int?]) -> ArtifactDataset {
    Element.table(rows, width: lengths.last ?? nil)
  }

  static func array(_ dataset: ArtifactDataset) -> [[Element]]? {
    let rows = (0..<(dataset.shape.first ?? 0)).compactMap { Element.row($0, of: dataset) }
    return rows.count == dataset.shape.first ? rows : nil
  }
}

/// Lists of indices are rows of flags: 1 where the column's index is in the list. They are ascending when read.
extension Int: RowElement {
  static func table(_ rows: [[Int]], width: Int?) -> ArtifactDataset {
    let width = width ?? (rows.joined().max() ?? -1) + 1
    var flags = [UInt8](repeating: 0, count: rows.count * width)
    for (row, indices) in rows.enumerated() {
      for index in indices {
        precondition((0..<width).contains(index), "row \(row) holds the index \(index), of \(width)")
        flags[row * width + index] = 1
      }
    }
    return ArtifactDataset(values: .uint8(flags), shape: [rows.count, width])
  }

  static func row(_ index: Int, of table: ArtifactDataset) -> [Int]? {
    guard let flags = table.values.array(of: UInt8.self), table.shape.count == 2 else { return nil }
    return (0..<table.shape[1]).filter { flags[index * table.shape[1] + $0] != 0 }
  }
}

/// Lists of numbers are filled up with NaN to the length of the longest, at least 1.
extension Double: RowElement {
  static func table(_ rows: [[Double]], width: Int?) -> ArtifactDataset {
    let width = max(rows.map(\.count).max() ?? 0, 1)
    let values = rows.flatMap { $0 + [Double](repeating: .nan, count: width - $0.count) }
    return ArtifactDataset(values: .float64(values), shape: [rows.count, width])
  }

  static func row(_ index: Int, of table: ArtifactDataset) -> [Double]? {
    guard let values = table.values.array(of: Double.self), table.shape.count == 2 else { return nil }
    return values[index * table.shape[1]..<(index + 1) * table.shape[1]].filter { !$0.isNaN }
  }
}
