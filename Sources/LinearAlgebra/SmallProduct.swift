internal import CSmallProduct

/// C ← S + A B in single precision for matrices that fit into a cache, every sum in order.
///
/// C_ij = (…((S_ij + A_i0 B_0j) + A_i1 B_1j) + …), each product and each sum rounded: the bits of an entry depend
/// on its row of A and its column of B alone, not on the sizes, on its place, or on the processor. That, and no
/// cost of a call, is what it has over `gemm`; for matrices beyond the second-level cache `gemm` is faster.
///
/// - Parameters:
///   - m: rows of A and C; `n`: columns of B and C; `k`: columns of A and rows of B.
///   - aRow, aColumn: the entries of `a` between neighbours in a column and in a row: (k, 1) for A as it stands,
///     (1, m) for a transpose.
///   - b: row-major. A row may be read up to the next multiple of 8 entries, the last one too.
///   - start: S, row-major with `startRow` entries between rows (0: the same row for all); nil for zeros. It may
///     be C itself.
///   - c: row-major, filled here.
package func smallProduct(
  m: Int, n: Int, k: Int, _ a: UnsafePointer<Float>, aRow: Int, aColumn: Int, _ b: UnsafePointer<Float>,
  ldb: Int, start: UnsafePointer<Float>?, startRow: Int, _ c: UnsafeMutablePointer<Float>, ldc: Int
) {
  let tile = Tile(k: k, aRow: aRow, aColumn: aColumn, ldb: ldb, startRow: startRow, ldc: ldc)
  let wholeRows = m / 4 * 4
  let wideRows =
    m < 8 || n < 16
    ? 0 : csmallproduct_whole_tiles(m, n, k, a, aRow, aColumn, b, ldb, start, startRow, c, ldc)
  var column = 0
  while column + 16 <= n {
    for row in stride(from: wideRows, to: wholeRows, by: 4) {
      tile.fourBySixteen(
        a + row * aRow, b + column, start.map { $0 + row * startRow + column }, c + row * ldc + column)
    }
    column += 16
  }
  while column < n {
    let width = min(n - column, 8)
    var row = 0
    while row + 8 <= m {
      tile.eightByEight(
        a + row * aRow, b + column, start.map { $0 + row * startRow + column }, c + row * ldc + column, width)
      row += 8
    }
    if row < wholeRows {
      tile.fourByEight(
        a + row * aRow, b + column, start.map { $0 + row * startRow + column }, c + row * ldc + column, width)
    }
    column += width
  }
  for row in wholeRows..<max(m, wholeRows) {
    column = 0
    while column + 32 <= n {
      tile.oneByThirtyTwo(
        a + row * aRow, b + column, start.map { $0 + row * startRow + column }, c + row * ldc + column)
      column += 32
    }
    while column < n {
      let width = min(n - column, 8)
      tile.oneByEight(
        a + row * aRow, b + column, start.map { $0 + row * startRow + column }, c + row * ldc + column, width)
      column += width
    }
  }
}

private typealias Lanes = SIMD8<Float>

/// The parts of a product that are kept in registers: a few rows of C by a few vectors.
private struct Tile {
  let k: Int
  let aRow: Int
  let aColumn: Int
  let ldb: Int
  let startRow: Int
  let ldc: Int

  @inline(__always)
  func fourBySixteen(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ start: UnsafePointer<Float>?,
    _ c: UnsafeMutablePointer<Float>
  ) {
    var (c00, c01, c10, c11) = (Lanes(), Lanes(), Lanes(), Lanes())
    var (c20, c21, c30, c31) = (Lanes(), Lanes(), Lanes(), Lanes())
    if let start {
      (c00, c01) = (load(start), load(start + 8))
      (c10, c11) = (load(start + startRow), load(start + startRow + 8))
      (c20, c21) = (load(start + 2 * startRow), load(start + 2 * startRow + 8))
      (c30, c31) = (load(start + 3 * startRow), load(start + 3 * startRow + 8))
    }
    var a = a
    var b = b
    for _ in 0..<k {
      let (b0, b1) = (load(b), load(b + 8))
      let (a0, a1) = (a[0], a[aRow])
      c00 += b0 * a0
      c01 += b1 * a0
      c10 += b0 * a1
      c11 += b1 * a1
      let (a2, a3) = (a[2 &* aRow], a[3 &* aRow])
      c20 += b0 * a2
      c21 += b1 * a2
      c30 += b0 * a3
      c31 += b1 * a3
      a += aColumn
      b += ldb
    }
    store(c00, c)
    store(c01, c + 8)
    store(c10, c + ldc)
    store(c11, c + ldc + 8)
    store(c20, c + 2 * ldc)
    store(c21, c + 2 * ldc + 8)
    store(c30, c + 3 * ldc)
    store(c31, c + 3 * ldc + 8)
  }

  @inline(__always)
  func eightByEight(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ start: UnsafePointer<Float>?,
    _ c: UnsafeMutablePointer<Float>, _ width: Int
  ) {
    var (c0, c1, c2, c3) = (Lanes(), Lanes(), Lanes(), Lanes())
    var (c4, c5, c6, c7) = (Lanes(), Lanes(), Lanes(), Lanes())
    if let start {
      (c0, c1) = (load(start, width), load(start + startRow, width))
      (c2, c3) = (load(start + 2 * startRow, width), load(start + 3 * startRow, width))
      (c4, c5) = (load(start + 4 * startRow, width), load(start + 5 * startRow, width))
      (c6, c7) = (load(start + 6 * startRow, width), load(start + 7 * startRow, width))
    }
    var a = a
    var lower = a + 4 * aRow
    var b = b
    for _ in 0..<k {
      let b0 = load(b)
      c0 += b0 * a[0]
      c1 += b0 * a[aRow]
      c2 += b0 * a[2 &* aRow]
      c3 += b0 * a[3 &* aRow]
      c4 += b0 * lower[0]
      c5 += b0 * lower[aRow]
      c6 += b0 * lower[2 &* aRow]
      c7 += b0 * lower[3 &* aRow]
      a += aColumn
      lower += aColumn
      b += ldb
    }
    store(c0, c, width)
    store(c1, c + ldc, width)
    store(c2, c + 2 * ldc, width)
    store(c3, c + 3 * ldc, width)
    store(c4, c + 4 * ldc, width)
    store(c5, c + 5 * ldc, width)
    store(c6, c + 6 * ldc, width)
    store(c7, c + 7 * ldc, width)
  }

  @inline(__always)
  func fourByEight(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ start: UnsafePointer<Float>?,
    _ c: UnsafeMutablePointer<Float>, _ width: Int
  ) {
    var (c0, c1, c2, c3) = (Lanes(), Lanes(), Lanes(), Lanes())
    if let start {
      c0 = load(start, width)
      c1 = load(start + startRow, width)
      c2 = load(start + 2 * startRow, width)
      c3 = load(start + 3 * startRow, width)
    }
    var a = a
    var b = b
    for _ in 0..<k {
      let b0 = load(b)
      c0 += b0 * a[0]
      c1 += b0 * a[aRow]
      c2 += b0 * a[2 &* aRow]
      c3 += b0 * a[3 &* aRow]
      a += aColumn
      b += ldb
    }
    store(c0, c, width)
    store(c1, c + ldc, width)
    store(c2, c + 2 * ldc, width)
    store(c3, c + 3 * ldc, width)
  }

  @inline(__always)
  func oneByThirtyTwo(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ start: UnsafePointer<Float>?,
    _ c: UnsafeMutablePointer<Float>
  ) {
    var (c0, c1, c2, c3) = (Lanes(), Lanes(), Lanes(), Lanes())
    if let start { (c0, c1, c2, c3) = (load(start), load(start + 8), load(start + 16), load(start + 24)) }
    var a = a
    var b = b
    for _ in 0..<k {
      let entry = a[0]
      c0 += load(b) * entry
      c1 += load(b + 8) * entry
      c2 += load(b + 16) * entry
      c3 += load(b + 24) * entry
      a += aColumn
      b += ldb
    }
    store(c0, c)
    store(c1, c + 8)
    store(c2, c + 16)
    store(c3, c + 24)
  }

  @inline(__always)
  func oneByEight(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ start: UnsafePointer<Float>?,
    _ c: UnsafeMutablePointer<Float>, _ width: Int
  ) {
    var c0 = start.map { load($0, width) } ?? Lanes()
    var a = a
    var b = b
    for _ in 0..<k {
      c0 += load(b) * a[0]
      a += aColumn
      b += ldb
    }
    store(c0, c, width)
  }
}

@inline(__always)
private func load(_ place: UnsafePointer<Float>) -> Lanes {
  UnsafeRawPointer(place).loadUnaligned(as: Lanes.self)
}

@inline(__always)
private func load(_ place: UnsafePointer<Float>, _ width: Int) -> Lanes {
  guard width < 8 else { return load(place) }
  var lanes = Lanes()
  var read = 0
  if width >= 4 {
    lanes.lowHalf = UnsafeRawPointer(place).loadUnaligned(as: SIMD4<Float>.self)
    read = 4
  }
  for lane in read..<width { lanes[lane] = place[lane] }
  return lanes
}

@inline(__always)
private func store(_ lanes: Lanes, _ place: UnsafeMutablePointer<Float>) {
  UnsafeMutableRawPointer(place).storeBytes(of: lanes, as: Lanes.self)
}

@inline(__always)
private func store(_ lanes: Lanes, _ place: UnsafeMutablePointer<Float>, _ width: Int) {
  guard width < 8 else { return store(lanes, place) }
  var written = 0
  if width >= 4 {
    UnsafeMutableRawPointer(place).storeBytes(of: lanes.lowHalf, as: SIMD4<Float>.self)
    written = 4
  }
  for lane in written..<width { place[lane] = lanes[lane] }
}
