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
    try matrix.requireFinite()
    guard matrix.rows > 0 else {
      values = []
      vectors = matrix
      return
    }
    var workspace = EigenWorkspace(order: matrix.rows)
    try workspace.decompose(matrix.elements)
    values = workspace.values
    vectors = Matrix(rows: matrix.rows, columns: matrix.rows, elements: workspace.vectors)
  }
}
