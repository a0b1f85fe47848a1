#include "CProjection.h"

/*
 * A tile of cprojection_rows × (2 vectors) results stays in registers while k runs. `VECTORS` vectors of `WIDTH`
 * floats make up the columns of one pass and `ROWS` the rows; passes cover the tile.
 */
#define DEFINE_PRODUCT(NAME, ATTRIBUTES, WIDTH, ROWS, VECTORS)                                                       \
  typedef float NAME##_vector __attribute__((vector_size(4 * WIDTH), aligned(4)));                                   \
  ATTRIBUTES static void NAME(int length, const float *restrict scores, const float *restrict panel,                 \
                              float *restrict tile) {                                                                \
    for (int first = 0; first < cprojection_rows; first += ROWS) {                                                   \
      for (int column = 0; column < cprojection_columns; column += WIDTH * VECTORS) {                                \
        NAME##_vector sum[ROWS][VECTORS] = {};                                                                       \
        const float *a = scores + first;                                                                             \
        const float *b = panel + column;                                                                             \
        for (int k = 0; k < length; k++, a += cprojection_rows, b += cprojection_columns) {                          \
          NAME##_vector right[VECTORS];                                                                              \
          _Pragma("unroll") for (int v = 0; v < VECTORS; v++) right[v] = *(const NAME##_vector *)(b + v * WIDTH);    \
          _Pragma("unroll") for (int r = 0; r < ROWS; r++) {                                                         \
            NAME##_vector left = a[r] - (NAME##_vector){};                                                           \
            _Pragma("unroll") for (int v = 0; v < VECTORS; v++) sum[r][v] =                                          \
                __builtin_elementwise_fma(left, right[v], sum[r][v]);                                                \
          }                                                                                                          \
        }                                                                                                            \
        _Pragma("unroll") for (int r = 0; r < ROWS; r++) {                                                           \
          _Pragma("unroll") for (int v = 0; v < VECTORS; v++) *(NAME##_vector *)(                                    \
              tile + (first + r) * cprojection_columns + column + v * WIDTH) = sum[r][v];                            \
        }                                                                                                            \
      }                                                                                                              \
    }                                                                                                                \
  }

DEFINE_PRODUCT(product_baseline, , 4, 3, 2)
#if defined(__x86_64__)
DEFINE_PRODUCT(product_avx2, __attribute__((target("avx2,fma"))), 8, 6, 2)
DEFINE_PRODUCT(product_avx512, __attribute__((target("avx512f,avx512dq,fma"))), 16, 12, 2)
#endif

void cprojection_add_product(enum cprojection_vectors vectors, int length, const float *scores, const float *panel,
                             float *features, int64_t stride, int rows, int columns) {
  float tile[cprojection_rows * cprojection_columns] __attribute__((aligned(64)));
  // The products take longer than fetching what they are added to.
  for (int r = 0; r < rows; r++) {
    __builtin_prefetch(features + r * stride, 1);
    __builtin_prefetch(features + r * stride + columns - 1, 1);
  }
  switch (vectors) {
#if defined(__x86_64__)
  case cprojection_avx512: product_avx512(length, scores, panel, tile); break;
  case cprojection_avx2: product_avx2(length, scores, panel, tile); break;
#endif
  default: product_baseline(length, scores, panel, tile);
  }
  for (int r = 0; r < rows; r++) {
    for (int c = 0; c < columns; c++) features[r * stride + c] += tile[r * cprojection_columns + c];
  }
}

enum cprojection_vectors cprojection_widest(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) return cprojection_avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return cprojection_avx2;
#endif
  return cprojection_baseline;
}
