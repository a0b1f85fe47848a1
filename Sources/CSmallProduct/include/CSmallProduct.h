/*
 * The part of a product of small matrices that wants vectors of sixteen floats, for processors that have them. The
 * operations on an entry and their order are those of LinearAlgebra's smallProduct, so the bits are too.
 */
#pragma once

/*
 * Writes C = S + A B for the rows and columns of C that make up whole tiles of 8 rows and 16 columns: the first
 * n / 16 * 16 columns of the first m / 8 * 8 rows. Each product and each sum is rounded, and sums are in the order of k.
 *
 * m, n, k: rows of C, columns of C, and the length of the sums.
 * a: the entry (i, k) is a[i * a_row + k * a_column].
 * b, c: row-major with ldb and ldc entries between rows.
 * start: S, row-major with start_row entries between rows; null for zeros. It may be C itself.
 *
 * Returns the number of rows written: 0 where the processor has no such vectors.
 */
long csmallproduct_whole_tiles(long m, long n, long k, const float *a, long a_row, long a_column, const float *b,
                               long ldb, const float *start, long start_row, float *c, long ldc);
