/// A dense matrix of doubles.
package struct Matrix: Sendable, Equatable {
  /// The number of rows.
  package var rows: Int
  /// The number of columns.
  package var columns: Int
  /// The entries, row after row; shape (rows, columns).
  package var elements: [Double]

  /// A matrix with every entry equal to `value`.
  package init(rows: Int, columns: Int, repeating value: Double) {
    self.init(rows: rows, columns: columns, elements: [Double](repeating: value, count: rows * columns))
  }

  /// A matrix of these entries, row after row.
  ///
  /// - Precondition: `elements.count == rows * columns`.
  package init(rows: Int, columns: Int, elements: [Double]) {
    precondition(
      rows >= 0 && columns >= 0 && elements.count == rows * columns,
      "\(elements.count) entries do not fill a matrix of \(rows) × \(columns)")
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  /// The identity of order n.
  package static func identity(_ n: Int) -> Matrix {
    var result = Matrix(rows: n, columns: n, repeating: 0)
    for i in 0..<n { result[i, i] = 1 }
    return result
  }

  /// The entry in row i, column j.
  package subscript(i: Int, j: Int) -> Double {
    get { elements[i * columns + j] }
    set { elements[i * columns + j] = newValue }
  }

  /// Row i, shape (columns).
  package func row(_ i: Int) -> [Double] { Array(elements[i * columns..<(i + 1) * columns]) }

  /// Whether rows and columns are equally many.
  package var isSquare: Bool { rows == columns }

  /// Σ_i A_ii.
  ///
  /// - Precondition: the matrix is square.
  package var trace: Double {
    precondition(isSquare, "only a square matrix has a trace")
    var sum = 0.0
    for i in 0..<rows { sum += self[i, i] }
    return sum
  }

  /// ⟨A, B⟩ = Σ_ij A_ij B_ij.
  ///
  /// - Precondition: the shapes are equal.
  package func innerProduct(_ other: Matrix) -> Double {
    precondition(
      rows == other.rows && columns == other.columns, "the shapes of an inner product must be equal")
    var sum = 0.0
    for index in elements.indices { sum += elements[index] * other.elements[index] }
    return sum
  }

  /// The Frobenius norm √⟨A, A⟩.
  package var norm: Double { innerProduct(self).squareRoot() }

  /// Aᵀ.
  package func transposed() -> Matrix {
    var result = Matrix(rows: columns, columns: rows, repeating: 0)
    for i in 0..<rows {
      for j in 0..<columns { result[j, i] = self[i, j] }
    }
    return result
  }

  /// (A + Aᵀ) / 2.
  ///
  /// - Precondition: the matrix is square.
  package func symmetrized() -> Matrix {
    precondition(isSquare, "only a square matrix has a symmetric part")
    var result = self
    for i in 0..<rows {
      for j in 0..<i {
        let mean = 0.5 * (self[i, j] + self[j, i])
        result[i, j] = mean
        result[j, i] = mean
      }
    }
    return result
  }
}
