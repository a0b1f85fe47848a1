internal import COpenBLAS

/// The solution x of A x = b for a symmetric positive definite A, of which the lower triangle is read (LAPACK dposv);
/// nil where A is not finite or not positive definite.
package func solvePositiveDefinite(_ matrix: Matrix, _ b: [Double]) -> [Double]? {
  precondition(matrix.isSquare && b.count == matrix.rows, "as many equations as unknowns")
  OpenBLAS.onOneThread
  guard matrix.elements.allSatisfy(\.isFinite) else { return nil }
  guard !b.isEmpty else { return [] }
  let order = Int32(b.count)
  var factor = matrix.elements
  var x = b
  var status: Int32 = 0
  // Row-major lower is column-major upper.
  dposv_("U", [order], [1], &factor, [order], &x, [order], &status)
  precondition(status >= 0, "dposv refused argument \(-status)")
  return status == 0 ? x : nil
}
