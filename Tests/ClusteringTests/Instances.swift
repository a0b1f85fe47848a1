import Clustering
import Foundation
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

/// The least eigenvalue of a symmetric matrix.
func leastEigenvalue(_ matrix: Matrix) throws -> Double {
  var eigen = LeadingEigenvectors(order: matrix.rows)
  try eigen.reduce(matrix.elements)
  return eigen.values[0]
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
  random.shuffle(count: order.count) { order.swapAt($0, $1) }
  return order
}

/// Kinds of affinities that a score may have.
enum DrawnKind: CaseIterable {
  /// Equal groups.
  case planted
  /// One trait of the tasks, u uᵀ.
  case oneVector
  /// Two traits, one weaker.
  case twoVectors
  /// Entries of three values only.
  case ties
  /// One task with effects ten times as large.
  case dominant
  /// Differences of 10⁻⁹ of what all share.
  case tiny
  /// Nearness of points in the plane.
  case smooth
  /// Distances along a line.
  case line
  /// Standard normal entries.
  case gaussian
  /// Two groups that oppose each other, of tasks of very different weight.
  case weighted

  /// One affinity of n tasks without additive effects, with noise of 10⁻³ to 1 where the kind allows it.
  func affinity(_ n: Int, using random: inout RandomStream) -> Matrix {
    var result = Matrix(rows: n, columns: n, repeating: 0)
    let deviation = pow(10, -3 * random.uniform())
    let groups = 2 + Int(3 * random.uniform())
    let u = (0..<n).map { _ in random.gaussian() }
    let v = (0..<n).map { _ in random.gaussian() }
    for i in 0..<n {
      for j in 0..<i {
        let together = i % groups == j % groups
        let noise = deviation * random.gaussian()
        let entry =
          switch self {
          case .planted: (together ? 1 : 0) + noise
          case .oneVector: u[i] * u[j] + noise
          case .twoVectors: u[i] * u[j] + 0.3 * v[i] * v[j] + noise
          case .ties: (i + j) % 3 == 0 ? 1 : together ? 0.5 : 0
          case .dominant: (j == 0 ? 10 * u[i] : u[i] * u[j]) + noise
          case .tiny: 1 + 1e-9 * (u[i] * u[j] + noise)
          case .smooth: exp(-((u[i] - u[j]) * (u[i] - u[j]) + (v[i] - v[j]) * (v[i] - v[j])) / 2) + noise
          case .line: -abs(u[i] - u[j]) + noise
          case .gaussian: random.gaussian()
          case .weighted: (together ? 1 : -1) * exp(1.5 * (u[i] + u[j])) + noise
          }
        result[i, j] = entry
        result[j, i] = entry
      }
    }
    return removingAdditiveEffects(result)
  }
}
