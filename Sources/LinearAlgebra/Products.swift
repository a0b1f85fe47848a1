internal import COpenBLAS

/// Whether a factor of a product is taken transposed.
package enum Transpose: Sendable {
  /// The matrix as stored.
  case no
  /// Its transpose.
  case yes

  var code: CBLAS_TRANSPOSE { self == .no ? CblasNoTrans : CblasTrans }
}

/// C ← α op(A) op(B) + β C in single precision; all matrices row-major.
///
/// - Parameters:
///   - transposeA: op(A) = A, stored (m, k), or Aᵀ, stored (k, m).
///   - transposeB: op(B) = B, stored (k, n), or Bᵀ, stored (n, k).
///   - lda: the entries between the starts of A's rows, at least the length of a row; `ldb`, `ldc` likewise.
///   - beta: 0 overwrites C, whatever it held.
package func gemm(
  _ transposeA: Transpose, _ transposeB: Transpose, m: Int, n: Int, k: Int, alpha: Float = 1,
  _ a: UnsafePointer<Float>, lda: Int, _ b: UnsafePointer<Float>, ldb: Int,
  beta: Float = 0, _ c: UnsafeMutablePointer<Float>, ldc: Int
) {
  OpenBLAS.onOneThread
  guard m > 0, n > 0 else { return }
  cblas_sgemm(
    CblasRowMajor, transposeA.code, transposeB.code, Int32(m), Int32(n), Int32(k), alpha,
    a, Int32(max(lda, 1)), b, Int32(max(ldb, 1)), beta, c, Int32(ldc))
}

/// C ← α op(A) op(B) + β C in double precision; otherwise as in single precision.
package func gemm(
  _ transposeA: Transpose, _ transposeB: Transpose, m: Int, n: Int, k: Int, alpha: Double = 1,
  _ a: UnsafePointer<Double>, lda: Int, _ b: UnsafePointer<Double>, ldb: Int,
  beta: Double = 0, _ c: UnsafeMutablePointer<Double>, ldc: Int
) {
  OpenBLAS.onOneThread
  guard m > 0, n > 0 else { return }
  cblas_dgemm(
    CblasRowMajor, transposeA.code, transposeB.code, Int32(m), Int32(n), Int32(k), alpha,
    a, Int32(max(lda, 1)), b, Int32(max(ldb, 1)), beta, c, Int32(ldc))
}

/// y ← op(A) x in double precision; A row-major.
///
/// - Parameters:
///   - transpose: op(A) = A, or Aᵀ.
///   - rows: the rows of A as stored; `columns` likewise.
///   - lda: the entries between the starts of A's rows, at least `columns`.
package func gemv(
  _ transpose: Transpose, rows: Int, columns: Int, _ a: UnsafePointer<Double>, lda: Int,
  _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>
) {
  OpenBLAS.onOneThread
  guard rows > 0, columns > 0 else { return }
  cblas_dgemv(
    CblasRowMajor, transpose.code, Int32(rows), Int32(columns), 1, a, Int32(lda), x, 1, 0, y, 1)
}

/// C ← α op(A) op(A)ᵀ + β C in double precision, row-major, with both triangles of C filled.
///
/// Half the work of `gemm`, and C is symmetric to the bit.
///
/// - Parameters:
///   - transpose: op(A) = A, stored (n, k), or Aᵀ, stored (k, n), so that C gains α AᵀA.
///   - c: shape (n, n); with β ≠ 0 its lower triangle is what is scaled and added to.
package func syrk(
  _ transpose: Transpose, n: Int, k: Int, alpha: Double = 1, _ a: UnsafePointer<Double>, lda: Int,
  beta: Double = 0, _ c: UnsafeMutablePointer<Double>, ldc: Int
) {
  OpenBLAS.onOneThread
  guard n > 0 else { return }
  cblas_dsyrk(
    CblasRowMajor, CblasLower, transpose.code, Int32(n), Int32(k), alpha, a, Int32(max(lda, 1)), beta, c,
    Int32(ldc))
  for i in 0..<n {
    for j in 0..<i { c[j * ldc + i] = c[i * ldc + j] }
  }
}
