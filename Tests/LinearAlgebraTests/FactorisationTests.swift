import LinearAlgebra
import Random
import TestSupport
import Testing

extension Matrix {
  /// The matrix product A B.
  fileprivate func multiplied(by other: Matrix) -> Matrix {
    var result = Matrix(rows: rows, columns: other.columns, repeating: 0)
    for i in 0..<rows {
      for j in 0..<other.columns {
        for k in 0..<columns { result[i, j] += self[i, k] * other[k, j] }
      }
    }
    return result
  }
}

/// G Gᵀ / n + ridge · I for a Gaussian G (n, n).
private func positiveDefinite(_ n: Int, ridge: Double, using random: inout RandomStream) -> Matrix {
  let g = Matrix(rows: n, columns: n, elements: (0..<n * n).map { _ in random.gaussian() })
  var a = g.multiplied(by: g.transposed()).symmetrized()
  for index in a.elements.indices { a.elements[index] /= Double(max(n, 1)) }
  for i in 0..<n { a[i, i] += ridge }
  return a
}

@Suite struct CholeskyTests {
  @Test("the solution satisfies the equations", arguments: [0, 1, 2, 7, 60])
  func solves(n: Int) throws {
    var random = RandomStream(seed: 2, name: "cholesky")
    let a = positiveDefinite(n, ridge: 0.5, using: &random)
    let b = (0..<n).map { _ in random.gaussian() }
    let x = try #require(solvePositiveDefinite(a, b))
    let product = a.multiplied(by: Matrix(rows: n, columns: 1, elements: x))
    // The condition number is below 10, so rounding is all that is left.
    #expect(largestDifference(product.elements, b) < 1e-12)
  }

  @Test("only the lower triangle is read")
  func lowerTriangle() throws {
    let a = Matrix(rows: 2, columns: 2, elements: [4, 1e9, 2, 3])
    #expect(largestDifference(try #require(solvePositiveDefinite(a, [8, 7])), [1.25, 1.5]) < 1e-15)
  }

  @Test("a matrix that is not positive definite, or holds a NaN, has no solution")
  func refused() {
    let a = Matrix(rows: 3, columns: 3, elements: [1, 2, 0, 2, 1, 0, 0, 0, 1])
    #expect(solvePositiveDefinite(a, [1, 1, 1]) == nil)
    #expect(solvePositiveDefinite(Matrix(rows: 1, columns: 1, repeating: 0), [1]) == nil)
    var b = Matrix.identity(3)
    b[2, 1] = .nan
    #expect(solvePositiveDefinite(b, [1, 1, 1]) == nil)
  }
}

@Suite struct MatrixTests {
  @Test("trace, inner product, transpose and symmetric part follow their definitions")
  func definitions() {
    let a = Matrix(rows: 2, columns: 2, elements: [1, 2, 5, 7])
    #expect(a.trace == 8)
    #expect(a.innerProduct(a.transposed()) == 1 + 10 + 10 + 49)
    #expect(a.transposed().elements == [1, 5, 2, 7])
    #expect(a.symmetrized().elements == [1, 3.5, 3.5, 7])
    #expect(a.row(1) == [5, 7])
    #expect(a[0, 1] == 2)
  }
}

@Suite struct LeadingEigenvectorsTests {
  @Test("values ascend, vectors are orthonormal rows, few or many", arguments: [1, 2, 9, 10, 26, 70])
  func definition(n: Int) throws {
    var random = RandomStream(seed: 3, name: "leading")
    var leading = LeadingEigenvectors(order: n)
    let indefinite = Matrix(rows: n, columns: n, elements: (0..<n * n).map { _ in random.gaussian() })
      .symmetrized()
    // A matrix with a repeated eigenvalue meets space that others have used.
    for matrix in [indefinite, positiveDefinite(n, ridge: 0, using: &random), Matrix.identity(n)] {
      for count in Set([1, n / 3, n]) {
        try leading.reduce(matrix.elements)
        #expect(leading.values == leading.values.sorted())
        let first = n - count
        try leading.findVectors(from: first)
        for r in 0..<count {
          let vector = Array(leading.vectors[r * n..<(r + 1) * n])
          let image = matrix.multiplied(by: Matrix(rows: n, columns: 1, elements: vector)).elements
          // The norms are below 2√n / √2 < 12.
          #expect(largestDifference(image, vector.map { $0 * leading.values[first + r] }) < 1e-11)
          for s in 0...r {
            var product = 0.0
            for j in 0..<n { product += vector[j] * leading.vectors[s * n + j] }
            #expect(abs(product - (r == s ? 1 : 0)) < 1e-12)
          }
        }
      }
    }
  }

  @Test("a known spectrum comes out")
  func known() throws {
    // 2 and 0 in the plane of the first two axes, −3 along the third.
    var leading = LeadingEigenvectors(order: 3)
    try leading.reduce([1, 1, 0, 1, 1, 0, 0, 0, -3])
    #expect(largestDifference(leading.values, [-3, 0, 2]) < 1e-14)
  }
}
