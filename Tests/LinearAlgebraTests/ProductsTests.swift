import LinearAlgebra
import Random
import TestSupport
import Testing

/// op(A) op(B) by the definition, over buffers with leading dimensions; returns C (m, ldc).
private func slowProduct(
  _ transposeA: Transpose, _ transposeB: Transpose, m: Int, n: Int, k: Int, alpha: Double, _ a: [Double],
  lda: Int,
  _ b: [Double], ldb: Int, beta: Double, _ c: [Double], ldc: Int
) -> [Double] {
  var result = c
  for i in 0..<m {
    for j in 0..<n {
      var sum = 0.0
      for l in 0..<k {
        let left = transposeA == .no ? a[i * lda + l] : a[l * lda + i]
        let right = transposeB == .no ? b[l * ldb + j] : b[j * ldb + l]
        sum += left * right
      }
      result[i * ldc + j] = alpha * sum + (beta == 0 ? 0 : beta * c[i * ldc + j])
    }
  }
  return result
}

private let shapes: [(m: Int, n: Int, k: Int)] = [
  (1, 1, 1), (3, 5, 7), (1, 17, 4), (17, 1, 3), (64, 33, 65), (5, 4, 0), (0, 3, 2), (3, 0, 2), (40, 40, 40),
]

@Suite struct ProductsTests {
  private var random = RandomStream(seed: 1, name: "products")

  private mutating func gaussians(_ count: Int) -> [Double] {
    (0..<count).map { _ in random.gaussian() }
  }

  @Test("gemm equals the triple loop for every transpose, odd shapes and padded rows", arguments: [0, 3])
  func generalProduct(padding: Int) {
    var tests = self
    for (m, n, k) in shapes {
      for transposeA in [Transpose.no, .yes] {
        for transposeB in [Transpose.no, .yes] {
          let lda = (transposeA == .no ? k : m) + padding
          let ldb = (transposeB == .no ? n : k) + padding
          let ldc = n + padding
          let a = tests.gaussians((transposeA == .no ? m : k) * lda)
          let b = tests.gaussians((transposeB == .no ? k : n) * ldb)
          let c = tests.gaussians(m * ldc)
          for (alpha, beta) in [(1.0, 0.0), (0.5, -2.0)] {
            let expected = slowProduct(
              transposeA, transposeB, m: m, n: n, k: k, alpha: alpha, a, lda: lda, b, ldb: ldb, beta: beta, c,
              ldc: ldc)
            var double = c
            gemm(
              transposeA, transposeB, m: m, n: n, k: k, alpha: alpha, a, lda: lda, b, ldb: ldb, beta: beta,
              &double, ldc: ldc)
            // Sums of at most 65 terms of size 1.
            #expect(largestDifference(double, expected) < 1e-12)
            var single = c.map(Float.init)
            gemm(
              transposeA, transposeB, m: m, n: n, k: k, alpha: Float(alpha), a.map(Float.init), lda: lda,
              b.map(Float.init), ldb: ldb, beta: Float(beta), &single, ldc: ldc)
            #expect(largestDifference(single.map(Double.init), expected) < 1e-4)
          }
        }
      }
    }
  }

  @Test("syrk equals gemm with itself and is symmetric to the bit", arguments: [0, 2])
  func symmetricProduct(padding: Int) {
    var tests = self
    for (n, _, k) in shapes {
      for transpose in [Transpose.no, .yes] {
        let lda = (transpose == .no ? k : n) + padding
        let ldc = n + padding
        let a = tests.gaussians((transpose == .no ? n : k) * lda)
        var start = tests.gaussians(n * ldc)
        for i in 0..<n {
          for j in 0..<i { start[j * ldc + i] = start[i * ldc + j] }
        }
        let other: Transpose = transpose == .no ? .yes : .no
        for beta in [0.0, 3.0] {
          let expected = slowProduct(
            transpose, other, m: n, n: n, k: k, alpha: 2, a, lda: lda, a, ldb: lda, beta: beta, start,
            ldc: ldc)
          var double = start
          syrk(transpose, n: n, k: k, alpha: 2, a, lda: lda, beta: beta, &double, ldc: ldc)
          #expect(largestDifference(double, expected) < 1e-12)
          for i in 0..<n {
            for j in 0..<i { #expect(double[i * ldc + j] == double[j * ldc + i]) }
          }
        }
      }
    }
  }

  @Test("gemv equals gemm with one column, for both transposes")
  func matrixVector() {
    var tests = self
    let a = tests.gaussians(7 * 6)
    for transpose in [Transpose.no, .yes] {
      // A is (7, 5) in rows of 6.
      let x = tests.gaussians(transpose == .no ? 5 : 7)
      var y = [Double](repeating: .nan, count: transpose == .no ? 7 : 5)
      gemv(transpose, rows: 7, columns: 5, a, lda: 6, x, &y)
      let expected = slowProduct(
        transpose, .no, m: y.count, n: 1, k: x.count, alpha: 1, a, lda: 6, x, ldb: 1, beta: 0, y, ldc: 1)
      #expect(largestDifference(y, expected) < 1e-13)
    }
  }

  @Test("beta = 0 overwrites what C held, even NaN")
  func overwrite() {
    var c = [Double](repeating: .nan, count: 4)
    gemm(.no, .no, m: 2, n: 2, k: 1, [1, 2], lda: 1, [3, 4], ldb: 2, &c, ldc: 2)
    #expect(c == [3, 4, 6, 8])
    c = [Double](repeating: .nan, count: 4)
    gemm(.no, .no, m: 2, n: 2, k: 0, [0], lda: 0, [0], ldb: 2, &c, ldc: 2)
    #expect(c == [0, 0, 0, 0])
  }

  @Test("the library names itself")
  func version() {
    #expect(openBLASVersion().contains("OpenBLAS"))
    #expect(!openBLASCoreName().isEmpty)
  }
}
