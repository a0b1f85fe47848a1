internal import COpenBLAS

/// The eigendecomposition A = Σ_r w_r v_r v_rᵀ of a symmetric matrix (LAPACK dsyevd).
package struct SymmetricEigen: Sendable {
  /// The eigenvalues w, ascending; shape (n).
  package let values: [Double]
  /// The orthonormal eigenvectors: row r belongs to `values[r]`; shape (n, n). Their signs are arbitrary.
  package let vectors: Matrix

  /// Decomposes a matrix.
  ///
  /// - Parameter matrix: symmetric, of which the lower triangle is read.
  /// - Throws: `.notFinite` or `.noConvergence`.
  /// - Precondition: the matrix is square.
  package init(_ matrix: Matrix) throws(LinearAlgebraError) {
    precondition(matrix.isSquare, "only a square matrix has eigenvalues")
    OpenBLAS.onOneThread
    try matrix.requireFinite()
    let n = matrix.rows
    var values = [Double](repeating: 0, count: n)
    var elements = matrix.elements
    if n > 0 {
      // The least sizes that dsyevd's documentation asks for when it computes eigenvectors.
      let workCount = 1 + 6 * n + 2 * n * n
      let integerWorkCount = 3 + 5 * n
      var work = [Double](repeating: 0, count: workCount)
      var integerWork = [Int32](repeating: 0, count: integerWorkCount)
      var status: Int32 = 0
      // Row-major lower is column-major upper; a column of eigenvectors is then a row for us.
      dsyevd_(
        "V", "U", [Int32(n)], &elements, [Int32(n)], &values, &work, [Int32(workCount)], &integerWork,
        [Int32(integerWorkCount)], &status)
      precondition(status >= 0, "dsyevd refused argument \(-status)")
      guard status == 0 else { throw .noConvergence(status: Int(status)) }
    }
    self.values = values
    vectors = Matrix(rows: n, columns: n, elements: elements)
  }
}
