internal import HDF5

extension LayoutPart where Root: Artifact {
  /// No lower end of an interval is above its upper end.
  static func ordered(
    _ low: StoredPath<Root, [Double]>,
    _ high: StoredPath<Root, [Double]>
  ) -> Self {
    rule { (root, contents) throws(ArtifactError) in
      let (lows, highs) = (root[keyPath: low], root[keyPath: high])
      let shape = contents.datasets[lows.schema.path]?.shape ?? []
      for (index, bounds) in zip(lows.wrappedValue, highs.wrappedValue).enumerated()
      where bounds.0 > bounds.1 {
        throw contents.mismatch(
          lows.schema.path + subscriptText(index, shape),
          expected: "at most \(highs.schema.path), \(bounds.1)", found: "\(bounds.0)")
      }
    }
  }

  /// An attribute is a number of tasks, `least` or more.
  static func count(
    of tasks: StoredPath<Root, [String]>, atLeast least: Int,
    _ attribute: StoredPath<Root, Int>
  ) -> Self {
    rule { (root, contents) throws(ArtifactError) in
      let most = root[keyPath: tasks].wrappedValue.count
      let (number, schema) = (root[keyPath: attribute].wrappedValue, root[keyPath: attribute].schema)
      guard (least...max(most, least)).contains(number) else {
        throw contents.mismatch(
          schema.path, expected: "a number from \(least) to \(most)", found: "\(number)")
      }
    }
  }

  /// There is a subset at least, and every subset has a task.
  static func noneEmpty(_ subsets: StoredPath<Root, [[Int]]>) -> Self {
    rule { (root, contents) throws(ArtifactError) in
      let (rows, path) = (root[keyPath: subsets].wrappedValue, root[keyPath: subsets].schema.path)
      if rows.isEmpty { throw contents.mismatch(path, expected: "at least one subset", found: "none") }
      if let row = rows.firstIndex(of: []) {
        throw contents.mismatch("\(path)[\(row)]", expected: "at least one task", found: "an empty subset")
      }
    }
  }
}
