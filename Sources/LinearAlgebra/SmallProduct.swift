internal import CKernels

/// C ← S + A B in single precision for matrices that fit into a cache, every sum in order.
///
/// C_ij = (…((S_ij + A_i0 B_0j) + A_i1 B_1j) + …), each product and each sum rounded: the bits of an entry depend
/// on its row of A and its column of B alone, not on the sizes, on its place, or on the processor. A call costs less than
/// one of `gemm`, which is faster for matrices beyond the second-level cache.
///
/// - Parameters:
///   - m: rows of A and C; `n`: columns of B and C; `k`: columns of A and rows of B.
///   - aRow, aColumn: the entries of `a` between neighbours in a column and in a row: (k, 1) for A as it stands,
///     (1, m) for a transpose.
///   - b: row-major. A row may be read up to the next multiple of 8 entries, the last one too.
///   - start: S, row-major with `startRow` entries between rows (0: the same row for all); nil for zeros. It may
///     be C itself.
///   - c: row-major, filled here.
package func smallProduct(
  m: Int, n: Int, k: Int, _ a: UnsafePointer<Float>, aRow: Int, aColumn: Int, _ b: UnsafePointer<Float>,
  ldb: Int, start: UnsafePointer<Float>?, startRow: Int, _ c: UnsafeMutablePointer<Float>, ldc: Int
) {
  var product = kernels_product(
    m: m, n: n, k: k, a: a, a_row: aRow, a_column: aColumn, b: b, ldb: ldb, start: start, start_row: startRow,
    c: c, ldc: ldc)
  kernels_multiply(kernels_best(), &product)
}
