import LinearAlgebra
import Random
import Testing

@Suite struct SmallProductTests {
  /// C_ij = (S_ij + A_i0 B_0j) + A_i1 B_1j + …, one rounding after the other.
  private func obvious(
    _ m: Int, _ n: Int, _ k: Int, _ a: (Int, Int) -> Float, _ b: (Int, Int) -> Float,
    _ start: (Int, Int) -> Float
  ) -> [Float] {
    (0..<m * n).map { index in
      var sum = start(index / n, index % n)
      for inner in 0..<k {
        let product = a(index / n, inner) * b(inner, index % n)
        sum += product
      }
      return sum
    }
  }

  @Test(
    "every entry is the sum of its products in order, to the bit, for whole and broken tiles",
    arguments: [
      (64, 64, 17), (4, 16, 1), (13, 49, 9), (8, 33, 2), (16, 6, 64), (5, 6, 64), (3, 39, 10), (8, 1, 64),
      (1, 70, 3), (7, 8, 0), (0, 5, 3),
    ])
  func bits(m: Int, n: Int, k: Int) {
    var random = RandomStream(seed: 0, name: "small product")
    func matrix(_ rows: Int, _ columns: Int) -> [Float] {
      // Eight entries more than there are: a row may be read past its end.
      (0..<rows * columns + 8).map { _ in Float(random.gaussian()) }
    }
    let a = matrix(m, k)
    let b = matrix(k, n)
    let s = matrix(m, n)

    var plain = [Float](repeating: .nan, count: m * n)
    smallProduct(
      m: m, n: n, k: k, a, aRow: k, aColumn: 1, b, ldb: n, start: nil, startRow: 0, &plain, ldc: n)
    #expect(plain == obvious(m, n, k, { a[$0 * k + $1] }, { b[$0 * n + $1] }, { _, _ in 0 }))

    var transposed = [Float](repeating: .nan, count: m * n)
    smallProduct(
      m: m, n: n, k: k, a, aRow: 1, aColumn: m, b, ldb: n, start: s, startRow: 0, &transposed, ldc: n)
    #expect(transposed == obvious(m, n, k, { a[$1 * m + $0] }, { b[$0 * n + $1] }, { s[$1] }))

    var added = Array(s[0..<m * n])
    added.withUnsafeMutableBufferPointer { buffer in
      guard let c = buffer.baseAddress else { return }
      smallProduct(m: m, n: n, k: k, a, aRow: k, aColumn: 1, b, ldb: n, start: c, startRow: n, c, ldc: n)
    }
    #expect(added == obvious(m, n, k, { a[$0 * k + $1] }, { b[$0 * n + $1] }, { s[$0 * n + $1] }))
  }
}
