package import Random

/// A random matrix with orthonormal rows (or columns, if there are fewer of them), uniform among such
/// matrices.
///
/// Standard normal vectors of the longer side's length, made orthonormal one after the other by Gram and
/// Schmidt's method, applied twice so that the result is orthogonal to rounding (Giraud et al. 2005).
///
/// - Returns: shape (rows, columns), row-major.
package func orthogonalMatrix(rows: Int, columns: Int, using random: inout RandomStream) -> [Double] {
  let count = min(rows, columns)
  let length = max(rows, columns)
  var basis = [[Double]]()
  for _ in 0..<count {
    var vector = (0..<length).map { _ in random.gaussian() }
    for _ in 0..<2 {
      for other in basis {
        var overlap = 0.0
        for index in 0..<length { overlap += other[index] * vector[index] }
        for index in 0..<length { vector[index] -= overlap * other[index] }
      }
    }
    var square = 0.0
    for entry in vector { square += entry * entry }
    let norm = square.squareRoot()
    basis.append(vector.map { $0 / norm })
  }
  return (0..<rows * columns).map {
    let (row, column) = $0.quotientAndRemainder(dividingBy: columns)
    return rows <= columns ? basis[row][column] : basis[column][row]
  }
}
