/// Why a factorisation failed.
package enum LinearAlgebraError: Error, Equatable, CustomStringConvertible {
  /// The leading minor of this order is not positive.
  case notPositiveDefinite(order: Int)
  /// An entry of the matrix is infinite or not a number.
  case notFinite(row: Int, column: Int)
  /// The eigenvalue iteration did not converge; `status` is LAPACK's info.
  case noConvergence(status: Int)

  package var description: String {
    switch self {
    case .notPositiveDefinite(let order):
      "the matrix is not positive definite (leading minor of order \(order)); enlarge its diagonal's ridge"
    case .notFinite(let row, let column):
      "the matrix entry (\(row), \(column)) is not finite; look for a diverged loss or an empty sample"
    case .noConvergence(let status):
      "the eigenvalues did not converge (LAPACK info \(status)); check the scale of the matrix"
    }
  }
}
