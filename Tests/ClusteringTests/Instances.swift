import Clustering
import LinearAlgebra
import Random

/// A symmetric matrix of standard normal entries.
func gaussianMatrix(_ n: Int, using random: inout RandomStream) -> Matrix {
  var result = Matrix(rows: n, columns: n, repeating: 0)
  for i in 0..<n {
    for j in 0...i {
      result[i, j] = random.gaussian()
      result[j, i] = result[i, j]
    }
  }
  return result
}

/// 1 between tasks of one group, 0 between others, with symmetric Gaussian noise; the diagonal is 0.
func plantedMatrix(_ grouping: Grouping, noise: Double, using random: inout RandomStream) -> Matrix {
  let n = grouping.taskCount
  var result = Matrix(rows: n, columns: n, repeating: 0)
  for i in 0..<n {
    for j in 0..<i {
      result[i, j] = (grouping.labels[i] == grouping.labels[j] ? 1 : 0) + noise * random.gaussian()
      result[j, i] = result[i, j]
    }
  }
  return result
}

/// U_ij + a_i + a_j, on the diagonal too.
func addingEffects(_ effects: [Double], to matrix: Matrix) -> Matrix {
  var result = matrix
  for i in 0..<matrix.rows {
    for j in 0..<matrix.rows { result[i, j] += effects[i] + effects[j] }
  }
  return result
}

/// P U Pᵀ: row i of the result is row order[i] of the matrix.
func permuted(_ matrix: Matrix, by order: [Int]) -> Matrix {
  var result = matrix
  for i in order.indices {
    for j in order.indices { result[i, j] = matrix[order[i], order[j]] }
  }
  return result
}

/// A random permutation of 0..<n.
func permutation(_ n: Int, using random: inout RandomStream) -> [Int] {
  var order = Array(0..<n)
  random.shuffle(&order)
  return order
}
