internal import COpenBLAS

/// Eigendecompositions of symmetric matrices of one order (LAPACK dsyevd), without allocating anew for each.
package struct EigenWorkspace: Sendable {
  /// n, the order of the matrices.
  package let order: Int
  /// The eigenvalues of the last matrix, ascending; shape (n).
  package private(set) var values: [Double]
  /// The orthonormal eigenvectors of the last matrix for which `decompose` was called, row r belonging to
  /// `values[r]`; shape (n, n).
  package private(set) var vectors: [Double]

  private var work: [Double]
  private var integerWork: [Int32]

  /// Space for matrices of order n ≥ 1.
  package init(order n: Int) {
    precondition(n >= 1, "a matrix without rows has no eigenvalues")
    OpenBLAS.onOneThread
    order = n
    values = [Double](repeating: 0, count: n)
    vectors = [Double](repeating: 0, count: n * n)
    // The least sizes that dsyevd's documentation asks for when it computes eigenvectors.
    work = [Double](repeating: 0, count: 1 + 6 * n + 2 * n * n)
    integerWork = [Int32](repeating: 0, count: 3 + 5 * n)
  }

  /// Fills `values` and `vectors`.
  ///
  /// - Parameter matrix: symmetric and finite, of which the lower triangle is read; shape (n, n).
  /// - Throws: `.noConvergence`.
  package mutating func decompose(_ matrix: [Double]) throws(LinearAlgebraError) {
    try run("V", matrix)
  }

  /// Fills `values`, and leaves no meaning in `vectors`.
  ///
  /// - Parameter matrix: symmetric and finite, of which the lower triangle is read; shape (n, n).
  /// - Throws: `.noConvergence`.
  package mutating func findValues(_ matrix: [Double]) throws(LinearAlgebraError) {
    try run("N", matrix)
  }

  private mutating func run(_ job: String, _ matrix: [Double]) throws(LinearAlgebraError) {
    precondition(matrix.count == order * order, "the matrix does not have the order of the workspace")
    vectors.withUnsafeMutableBufferPointer { target in
      matrix.withUnsafeBufferPointer { source in
        for index in target.indices { target[index] = source[index] }
      }
    }
    var size = Int32(order)
    var workCount = Int32(work.count)
    var integerWorkCount = Int32(integerWork.count)
    var status: Int32 = 0
    // Row-major lower is column-major upper; a column of eigenvectors is then a row for us.
    dsyevd_(
      job, "U", &size, &vectors, &size, &values, &work, &workCount, &integerWork, &integerWorkCount, &status)
    precondition(status >= 0, "dsyevd refused argument \(-status)")
    guard status == 0 else { throw .noConvergence(status: Int(status)) }
  }
}
