package import LinearAlgebra

/// The affinities without what single tasks explain: R_ij = U_ij − (μ + a_i + a_j) for i ≠ j, and R_ii = 0.
///
/// With r_i = Σ_{j≠i} U_ij and μ the mean off-diagonal affinity, a_i = (r_i − (n−1) μ) / (n−2); every row of
/// R then sums to zero. Adding μ + a_i + a_j to all entries, the diagonal too, does not change the relaxation. To cluster
/// R is therefore to cluster U with the diagonal U_ii = μ + 2 a_i, under which easy tasks neither attract nor repel
/// each other.
///
/// - Parameter affinity: U, shape (n, n), finite; its symmetric part counts, its diagonal does not.
/// - Returns: R, shape (n, n); exactly zero where the effects explain everything up to rounding, as always for n ≤ 3.
package func removingAdditiveEffects(_ affinity: Matrix) -> Matrix {
  let n = affinity.rows
  var residual = Matrix(rows: n, columns: n, repeating: 0)
  guard n > 3 else { return residual }
  let symmetric = affinity.symmetrized()
  let rowSums = (0..<n).map { i in
    var sum = 0.0
    for j in 0..<n where j != i { sum += symmetric[i, j] }
    return sum
  }
  let mean = rowSums.reduce(0, +) / Double(n * (n - 1))
  let effects = rowSums.map { ($0 - Double(n - 1) * mean) / Double(n - 2) }
  for i in 0..<n {
    for j in 0..<n where j != i { residual[i, j] = symmetric[i, j] - (mean + effects[i] + effects[j]) }
  }
  guard significantDeviation(of: residual, from: symmetric) > 0 else {
    // As zeros, the rounding that is left cannot pass for structure.
    return Matrix(rows: n, columns: n, repeating: 0)
  }
  return residual
}

/// The off-diagonal standard deviation of a matrix made from `affinity`, or 0 where it is no more than the rounding of
/// the affinities.
func significantDeviation(of matrix: Matrix, from affinity: Matrix) -> Double {
  let largest = affinity.elements.reduce(0) { max($0, abs($1)) }
  let deviation = offDiagonalDeviation(matrix)
  return deviation > 1e-12 * largest ? deviation : 0
}

/// The standard deviation of the off-diagonal entries about their mean (dividing by n (n−1)); 0 for n < 2.
package func offDiagonalDeviation(_ matrix: Matrix) -> Double {
  let n = matrix.rows
  guard n > 1 else { return 0 }
  var values: [Double] = []
  for i in 0..<n {
    for j in 0..<n where j != i { values.append(matrix[i, j]) }
  }
  let mean = values.reduce(0, +) / Double(values.count)
  let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  return (squares / Double(values.count)).squareRoot()
}
