internal import COpenBLAS

/// The factors A = L Lᵀ of a symmetric positive definite matrix, for solving A x = b (LAPACK dpotrf, dpotrs).
package struct Cholesky: Sendable {
  /// n, the order of the matrix.
  package let order: Int

  private let factor: [Double]  // (n, n) row-major; L in the lower triangle, the rest unused

  /// Factorises a matrix.
  ///
  /// - Parameter matrix: symmetric, of which the lower triangle is read.
  /// - Throws: `.notPositiveDefinite` or `.notFinite`.
  /// - Precondition: the matrix is square.
  package init(_ matrix: Matrix) throws(LinearAlgebraError) {
    precondition(matrix.isSquare, "only a square matrix has a Cholesky factor")
    OpenBLAS.onOneThread
    order = matrix.rows
    if let index = matrix.elements.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(row: index / order, column: index % order)
    }
    guard order > 0 else {
      factor = []
      return
    }
    var elements = matrix.elements
    var status: Int32 = 0
    // Row-major lower is column-major upper.
    dpotrf_("U", [Int32(order)], &elements, [Int32(order)], &status)
    precondition(status >= 0, "dpotrf refused argument \(-status)")
    guard status == 0 else { throw .notPositiveDefinite(order: Int(status)) }
    factor = elements
  }

  /// The solution x of A x = b.
  ///
  /// - Precondition: `b.count == order`.
  package func solve(_ b: [Double]) -> [Double] {
    precondition(b.count == order, "a right-hand side of \(b.count) entries does not fit order \(order)")
    guard order > 0 else { return [] }
    OpenBLAS.onOneThread
    var x = b
    var status: Int32 = 0
    dpotrs_("U", [Int32(order)], [1], factor, [Int32(order)], &x, [Int32(order)], &status)
    precondition(status == 0, "dpotrs refused argument \(-status)")
    return x
  }
}
