#include "CSmallProduct.h"

#include <stddef.h>

#if defined(__x86_64__)

#pragma STDC FP_CONTRACT OFF

typedef float vector __attribute__((vector_size(64), aligned(4)));

enum { tile_rows = 8, width = 16 };

/* One tile of eight rows by `VECTORS` vectors, kept in registers while k runs. */
#define DEFINE_TILE(NAME, VECTORS)                                                                                     \
  __attribute__((target("avx512f"))) static void NAME(                                                                 \
      long k, const float *a, long a_row, long a_column, const float *b, long ldb, const float *start,                 \
      long start_row, float *c, long ldc) {                                                                            \
    vector sum[tile_rows][VECTORS] = {};                                                                               \
    if (start) {                                                                                                       \
      _Pragma("unroll") for (int r = 0; r < tile_rows; r++) {                                                          \
        _Pragma("unroll") for (int v = 0; v < VECTORS; v++) sum[r][v] =                                                \
            *(const vector *)(start + r * start_row + v * width);                                                      \
      }                                                                                                                \
    }                                                                                                                  \
    const float *lower = a + 4 * a_row;                                                                                \
    for (; k > 0; k--, a += a_column, lower += a_column, b += ldb) {                                                   \
      vector right[VECTORS];                                                                                           \
      _Pragma("unroll") for (int v = 0; v < VECTORS; v++) right[v] = *(const vector *)(b + v * width);                 \
      _Pragma("unroll") for (int r = 0; r < tile_rows; r++) {                                                          \
        vector left = (r < 4 ? a[r * a_row] : lower[(r - 4) * a_row]) - (vector){};                                    \
        _Pragma("unroll") for (int v = 0; v < VECTORS; v++) sum[r][v] += left * right[v];                              \
      }                                                                                                                \
    }                                                                                                                  \
    _Pragma("unroll") for (int r = 0; r < tile_rows; r++) {                                                            \
      _Pragma("unroll") for (int v = 0; v < VECTORS; v++) *(vector *)(c + r * ldc + v * width) = sum[r][v];            \
    }                                                                                                                  \
  }

DEFINE_TILE(two_vectors, 2)
DEFINE_TILE(one_vector, 1)

#endif

long csmallproduct_whole_tiles(long m, long n, long k, const float *a, long a_row, long a_column, const float *b,
                               long ldb, const float *start, long start_row, float *c, long ldc) {
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("avx512f")) return 0;
  for (long column = 0; column + width <= n;) {
    long columns = column + 2 * width <= n ? 2 * width : width;
    for (long row = 0; row + tile_rows <= m; row += tile_rows) {
      const float *tile_start = start ? start + row * start_row + column : NULL;
      (columns == width ? one_vector : two_vectors)(
          k, a + row * a_row, a_row, a_column, b + column, ldb, tile_start, start_row, c + row * ldc + column, ldc);
    }
    column += columns;
  }
  return m / tile_rows * tile_rows;
#else
  return 0;
#endif
}
