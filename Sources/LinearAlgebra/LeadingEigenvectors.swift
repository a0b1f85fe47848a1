internal import COpenBLAS

/// All eigenvalues of symmetric matrices of one order, and the eigenvectors of the largest ones, whose number is chosen
/// once the values are known (LAPACK dsytrd, dsterf, dstein or dstedc, dormtr).
///
/// Few eigenvectors cost a fraction of all of them. The space is allocated once.
package struct LeadingEigenvectors: Sendable {
  /// n, the order of the matrices.
  package let order: Int
  /// The eigenvalues of the last matrix, ascending; shape (n). Filled by `reduce`.
  package private(set) var values: [Double]
  /// Orthonormal eigenvectors, row r belonging to `values[first + r]`; shape (n, n), of which `findVectors` fills
  /// n − first rows. Their signs are arbitrary.
  package private(set) var vectors: [Double]

  private var reduced: [Double]  // (n, n), the reflectors of dsytrd
  private var scales: [Double]  // (n), their factors
  private var diagonal: [Double]  // (n), of T
  private var offDiagonal: [Double]  // (n), of T, the last unused
  private var diagonalCopy: [Double]  // (n), what the tridiagonal routines overwrite
  private var offDiagonalCopy: [Double]  // (n)
  private var blocks: [Int32]  // (n), the block of T of every eigenvalue: all the first
  private var splits: [Int32]  // (n), the ends of the blocks: n
  private var failures: [Int32]  // (n)
  private var work: [Double]
  private var integerWork: [Int32]

  /// Up to this share of eigenvectors, inverse iteration for each is faster than divide and conquer for all.
  private static let largestShare = 0.4
  /// Below this order, divide and conquer is the QR iteration, which is faster than either.
  private static let smallestOrder = 26

  /// Space for matrices of order n ≥ 1.
  package init(order n: Int) {
    precondition(n >= 1, "a matrix without rows has no eigenvalues")
    OpenBLAS.onOneThread
    order = n
    values = [Double](repeating: 0, count: n)
    vectors = [Double](repeating: 0, count: n * n)
    reduced = vectors
    (scales, diagonal, offDiagonal) = (values, values, values)
    (diagonalCopy, offDiagonalCopy) = (values, values)
    blocks = [Int32](repeating: 1, count: n)
    splits = [Int32](repeating: Int32(n), count: n)
    failures = blocks
    // Enough for dstedc, dstein, and blocks of 64 in dsytrd and dormtr.
    work = [Double](repeating: 0, count: max(1 + 5 * n + n * n, 64 * n + 4160))
    integerWork = [Int32](repeating: 0, count: 3 + 5 * n)
  }

  /// Reduces a matrix to tridiagonal form, and fills `values`.
  ///
  /// - Parameter matrix: symmetric and finite, of which the lower triangle is read; shape (n, n).
  /// - Throws: where LAPACK's iteration does not converge.
  package mutating func reduce(_ matrix: [Double]) throws(LinearAlgebraError) {
    precondition(matrix.count == order * order, "the matrix does not have the order of the space")
    copy(matrix, to: &reduced)
    var size = Int32(order)
    var workCount = Int32(work.count)
    var status: Int32 = 0
    // Row-major lower is column-major upper; a column of eigenvectors is then a row for us.
    dsytrd_(
      "U", &size, &reduced, &size, &diagonal, &offDiagonal, &scales, &work, &workCount, &status)
    try check(status, "dsytrd")
    copy(diagonal, to: &values)
    copy(offDiagonal, to: &offDiagonalCopy)
    dsterf_(&size, &values, &offDiagonalCopy, &status)
    try check(status, "dsterf")
  }

  /// Fills `vectors` with the eigenvectors of `values[first...]` of the last matrix that was reduced.
  ///
  /// - Throws: where LAPACK's iteration does not converge.
  package mutating func findVectors(from first: Int) throws(LinearAlgebraError) {
    precondition((0...order).contains(first), "there is no eigenvalue \(first)")
    guard first < order else { return }
    var size = Int32(order)
    var wanted = Int32(order - first)
    var workCount = Int32(work.count)
    var status: Int32 = 0
    if Double(wanted) > Self.largestShare * Double(order) || order < Self.smallestOrder {
      try findAll(from: first)
    } else {
      dstein_(
        &size, diagonal, offDiagonal, &wanted, Array(values[first...]), blocks, splits, &vectors, &size,
        &work,
        &integerWork, &failures, &status)
      precondition(status >= 0, "dstein refused argument \(-status)")
      if status > 0 { try findAll(from: first) }
    }
    dormtr_(
      "L", "U", "N", &size, &wanted, &reduced, &size, scales, &vectors, &size, &work, &workCount, &status)
    try check(status, "dormtr")
  }

  /// The eigenvectors of T, from `first` on.
  private mutating func findAll(from first: Int) throws(LinearAlgebraError) {
    copy(diagonal, to: &diagonalCopy)
    copy(offDiagonal, to: &offDiagonalCopy)
    var size = Int32(order)
    var workCount = Int32(work.count)
    var integerWorkCount = Int32(integerWork.count)
    var status: Int32 = 0
    dstedc_(
      "I", &size, &diagonalCopy, &offDiagonalCopy, &vectors, &size, &work, &workCount, &integerWork,
      &integerWorkCount, &status)
    try check(status, "dstedc")
    vectors.withUnsafeMutableBufferPointer { vectors in
      for t in 0..<(order - first) * order { vectors[t] = vectors[first * order + t] }
    }
  }

  private func copy(_ source: [Double], to target: inout [Double]) {
    target.withUnsafeMutableBufferPointer { target in
      source.withUnsafeBufferPointer { source in
        for index in target.indices { target[index] = source[index] }
      }
    }
  }

  private func check(_ status: Int32, _ routine: String) throws(LinearAlgebraError) {
    precondition(status >= 0, "\(routine) refused argument \(-status)")
    guard status == 0 else { throw LinearAlgebraError(status: Int(status)) }
  }
}
