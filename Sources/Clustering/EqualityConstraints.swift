internal import LinearAlgebra

/// The linear map of the relaxation's equalities: A(X) = (X 1, and tr X if the trace is fixed) = b.
struct EqualityConstraints {
  /// n, the number of tasks.
  let order: Int
  /// b: ones, and the trace if it is fixed; shape (m).
  let target: [Double]

  private let hasTrace: Bool
  private let normal: Cholesky  // of A A*, (m, m)

  /// The equalities for n tasks.
  ///
  /// - Parameters:
  ///   - order: n ≥ 2, so that the rows and the trace are independent.
  ///   - trace: the fixed trace, or nil where it is free.
  init(order: Int, trace: Double?) throws(LinearAlgebraError) {
    self.order = order
    hasTrace = trace != nil
    target = [Double](repeating: 1, count: order) + (trace.map { [$0] } ?? [])
    // Row r of X 1 = 1 is the inner product with (e_r 1ᵀ + 1 e_rᵀ) / 2.
    var products = Matrix(rows: target.count, columns: target.count, repeating: 0.5)
    for r in 0..<order { products[r, r] += Double(order) / 2 }
    if trace != nil {
      for r in 0..<order {
        products[r, order] = 1
        products[order, r] = 1
      }
      products[order, order] = Double(order)
    }
    normal = try Cholesky(products)
  }

  /// A(X), shape (m).
  func apply(_ matrix: Matrix) -> [Double] {
    var result = [Double](repeating: 0, count: target.count)
    for r in 0..<order {
      var sum = 0.0
      for j in 0..<order { sum += matrix[r, j] }
      result[r] = sum
    }
    if hasTrace { result[order] = matrix.trace }
    return result
  }

  /// A*(y), shape (n, n).
  func adjoint(_ multipliers: [Double]) -> Matrix {
    var result = Matrix(rows: order, columns: order, repeating: 0)
    for i in 0..<order {
      for j in 0..<order { result[i, j] = 0.5 * (multipliers[i] + multipliers[j]) }
      if hasTrace { result[i, i] += multipliers[order] }
    }
    return result
  }

  /// y of A A* y = r, shape (m).
  func solveNormal(_ right: [Double]) -> [Double] { normal.solve(right) }

  /// A(X) − b, shape (m).
  func residual(of matrix: Matrix) -> [Double] {
    var result = apply(matrix)
    for r in result.indices { result[r] -= target[r] }
    return result
  }

  /// The nearest matrix that satisfies the equalities.
  func projection(of matrix: Matrix) -> Matrix {
    matrix - adjoint(solveNormal(residual(of: matrix)))
  }
}

extension Matrix {
  /// The difference of two matrices of one shape.
  static func - (left: Matrix, right: Matrix) -> Matrix {
    var result = left
    for index in result.elements.indices { result.elements[index] -= right.elements[index] }
    return result
  }
}
