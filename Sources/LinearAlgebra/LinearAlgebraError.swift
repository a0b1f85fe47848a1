/// An iteration for eigenvalues that did not converge.
package struct LinearAlgebraError: Error, Equatable, CustomStringConvertible {
  /// LAPACK's info.
  package let status: Int

  package var description: String {
    "the eigenvalues did not converge (LAPACK info \(status)); check the scale of the matrix"
  }
}
