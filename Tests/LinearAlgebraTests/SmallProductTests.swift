import CKernels
import LinearAlgebra
import Random
import Testing

@Suite struct SmallProductTests {
  /// The forms that this processor can run: both widths at least, portable.
  private static let forms = [
    kernels_sixteen_portable, kernels_eight_portable, kernels_eight, kernels_sixteen,
  ].filter { $0.rawValue <= max(kernels_best().rawValue, kernels_eight_portable.rawValue) }

  /// Whole and broken tiles: (m, n, k).
  private static let shapes = [
    (64, 64, 17), (4, 16, 1), (13, 49, 9), (8, 33, 2), (16, 6, 64), (5, 6, 64), (3, 39, 10), (8, 1, 64),
    (1, 70, 3), (7, 8, 0), (0, 5, 3), (9, 24, 5), (24, 48, 8), (2, 0, 4),
  ]

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

  /// Compares one product for all forms of operands with the obvious sums.
  private func check(_ m: Int, _ n: Int, _ k: Int, multiply: (inout kernels_product) -> Void) {
    var random = RandomStream(seed: 0, name: "small product")
    func matrix(_ rows: Int, _ columns: Int) -> [Float] {
      // Eight entries more than there are: a row may be read past its end.
      (0..<rows * columns + 8).map { _ in Float(random.gaussian()) }
    }
    let (a, b, s) = (matrix(m, k), matrix(k, n), matrix(m, n))
    /// The product and what lies behind it, which must stay as it is.
    func run(aRow: Int, aColumn: Int, start: [Float]?, startRow: Int, into c: [Float]) -> [Float] {
      var result = c + [Float](repeating: 7, count: 16)
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          (start ?? []).withUnsafeBufferPointer { s in
            result.withUnsafeMutableBufferPointer { c in
              var product = kernels_product(
                m: m, n: n, k: k, a: a.baseAddress, a_row: aRow, a_column: aColumn, b: b.baseAddress, ldb: n,
                start: start == nil ? nil : startRow > 0 ? UnsafePointer(c.baseAddress) : s.baseAddress,
                start_row: startRow, c: c.baseAddress, ldc: n)
              multiply(&product)
            }
          }
        }
      }
      #expect(result[(m * n)...].allSatisfy { $0 == 7 })
      return Array(result[..<(m * n)])
    }
    let nothing = [Float](repeating: .nan, count: m * n)
    #expect(
      run(aRow: k, aColumn: 1, start: nil, startRow: 0, into: nothing)
        == obvious(m, n, k, { a[$0 * k + $1] }, { b[$0 * n + $1] }, { _, _ in 0 }))
    #expect(
      run(aRow: 1, aColumn: m, start: s, startRow: 0, into: nothing)
        == obvious(m, n, k, { a[$1 * m + $0] }, { b[$0 * n + $1] }, { s[$1] }))
    #expect(
      run(aRow: k, aColumn: 1, start: s, startRow: n, into: Array(s[0..<m * n]))
        == obvious(m, n, k, { a[$0 * k + $1] }, { b[$0 * n + $1] }, { s[$0 * n + $1] }))
  }

  @Test(
    "every entry is the sum of its products in order, to the bit, for every width and its portable form",
    arguments: forms, shapes)
  func everyForm(form: kernels_form, shape: (m: Int, n: Int, k: Int)) {
    check(shape.m, shape.n, shape.k) { kernels_multiply(form, &$0) }
  }

  @Test("the networks' product has those bits", arguments: shapes)
  func networkProduct(m: Int, n: Int, k: Int) {
    check(m, n, k) { product in
      guard let a = product.a, let b = product.b, let c = product.c else { return }
      smallProduct(
        m: m, n: n, k: k, a, aRow: product.a_row, aColumn: product.a_column, b, ldb: n, start: product.start,
        startRow: product.start_row, c, ldc: n)
    }
  }
}
