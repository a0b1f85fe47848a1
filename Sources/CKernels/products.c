#include <string.h>

#include "forms.h"

// A product and a sum are fused where a tile says so and nowhere else.
#pragma clang fp contract(off)

#define ROUNDED(left, right, sum) ((sum) + (left) * (right))
#define FUSED(left, right, sum) __builtin_elementwise_fma(left, right, sum)

/* Up to eight neighbours of a row. */
typedef float eight __attribute__((vector_size(32), aligned(4)));

/* Reads `columns` < 8 entries, and zeros for the others. */
INLINE void read_columns(const float *from, long columns, eight *to) {
  typedef float four __attribute__((vector_size(16), aligned(4)));
  const four zeros = {}, first = columns & 4 ? *(const four *)from : zeros;
  const float *rest = from + (columns & 4);
  four last = zeros;
  if (columns & 1) last[0] = rest[columns & 2];
  if (columns & 2) last = (four){rest[0], rest[1], last[0], 0};
  *to = columns & 4 ? __builtin_shufflevector(first, last, 0, 1, 2, 3, 4, 5, 6, 7)
                    : __builtin_shufflevector(last, zeros, 0, 1, 2, 3, 4, 5, 6, 7);
}

/* Writes the first `columns` < 8 entries. */
INLINE void write_columns(const eight *from, long columns, float *to) {
  const float *entries = (const float *)from;
  if (columns & 4) memcpy(to, entries, 16);
  if (columns & 2) memcpy(to + (columns & 4), entries + (columns & 4), 8);
  if (columns & 1) to[columns & 6] = entries[columns & 6];
}

/*
 * The product of `ROWS` rows and `VECTORS` vectors of `WIDTH` columns, kept in registers while k runs. A single vector of
 * eight may stand for fewer columns: p.n of them are read from S and written to C.
 */
#define DEFINE_TILE(NAME, WIDTH, ROWS, VECTORS, STEP)                                                                  \
  INLINE void NAME(struct kernels_product p) {                                                                         \
    typedef float vector __attribute__((vector_size(4 * WIDTH), aligned(4)));                                          \
    const int is_whole = WIDTH * VECTORS != 8 || p.n == 8;                                                             \
    eight some = {};                                                                                                   \
    vector sum[ROWS][VECTORS] = {};                                                                                    \
    if (p.start && is_whole) {                                                                                         \
      _Pragma("unroll") for (int r = 0; r < ROWS; r++) {                                                               \
        _Pragma("unroll") for (int v = 0; v < VECTORS; v++) sum[r][v] =                                                \
            *(const vector *)(p.start + r * p.start_row + v * WIDTH);                                                  \
      }                                                                                                                \
    } else if (p.start) {                                                                                              \
      _Pragma("unroll") for (int r = 0; r < ROWS; r++) {                                                               \
        read_columns(p.start + r * p.start_row, p.n, &some);                                                           \
        memcpy(&sum[r][0], &some, sizeof some);                                                                        \
      }                                                                                                                \
    }                                                                                                                  \
    const float *a = p.a, *lower = p.a + 4 * p.a_row, *b = p.b;                                                        \
    for (long k = p.k; k > 0; k--, a += p.a_column, lower += p.a_column, b += p.ldb) {                                 \
      vector right[VECTORS];                                                                                           \
      _Pragma("unroll") for (int v = 0; v < VECTORS; v++) right[v] = *(const vector *)(b + v * WIDTH);                 \
      _Pragma("unroll") for (int r = 0; r < ROWS; r++) {                                                               \
        vector left = (r < 4 ? a[r * p.a_row] : lower[(r - 4) * p.a_row]) - (vector){};                                \
        _Pragma("unroll") for (int v = 0; v < VECTORS; v++) sum[r][v] = STEP(left, right[v], sum[r][v]);               \
      }                                                                                                                \
    }                                                                                                                  \
    if (is_whole) {                                                                                                    \
      _Pragma("unroll") for (int r = 0; r < ROWS; r++) {                                                               \
        _Pragma("unroll") for (int v = 0; v < VECTORS; v++) *(vector *)(p.c + r * p.ldc + v * WIDTH) = sum[r][v];      \
      }                                                                                                                \
    } else {                                                                                                           \
      _Pragma("unroll") for (int r = 0; r < ROWS; r++) {                                                               \
        memcpy(&some, &sum[r][0], sizeof some);                                                                        \
        write_columns(&some, p.n, p.c + r * p.ldc);                                                                    \
      }                                                                                                                \
    }                                                                                                                  \
  }

DEFINE_TILE(eight_by_two_sixteens, 16, 8, 2, ROUNDED)
DEFINE_TILE(eight_by_sixteen, 16, 8, 1, ROUNDED)
DEFINE_TILE(four_by_two_eights, 8, 4, 2, ROUNDED)
DEFINE_TILE(eight_by_eight, 8, 8, 1, ROUNDED)
DEFINE_TILE(four_by_eight, 8, 4, 1, ROUNDED)
DEFINE_TILE(one_by_four_eights, 8, 1, 4, ROUNDED)
DEFINE_TILE(one_by_eight, 8, 1, 1, ROUNDED)
DEFINE_TILE(twelve_by_two_sixteens_fused, 16, 12, 2, FUSED)
DEFINE_TILE(six_by_two_eights_fused, 8, 6, 2, FUSED)

/* The product of some rows and columns of C. */
INLINE struct kernels_product part(struct kernels_product p, long row, long rows, long column, long columns) {
  p.m = rows;
  p.n = columns;
  p.a += row * p.a_row;
  p.b += column;
  if (p.start) p.start += row * p.start_row + column;
  p.c += row * p.ldc + column;
  return p;
}

/* The first `rows` rows, a multiple of 8, of the first `columns` columns, a multiple of 16. */
INLINE void multiply_sixteens(const struct kernels_product p, long rows, long columns) {
  for (long column = 0, taken; column < columns; column += taken) {
    taken = columns - column >= 32 ? 32 : 16;
    for (long row = 0; row < rows; row += 8) {
      if (taken == 32) eight_by_two_sixteens(part(p, row, 8, column, 32));
      else eight_by_sixteen(part(p, row, 8, column, 16));
    }
  }
}

/* All but the first `rows` rows of the first `columns` columns. */
INLINE void multiply_eights(const struct kernels_product p, long rows, long columns) {
  const long fours = p.m & ~3L;
  for (long column = rows < fours ? 0 : columns, taken; fours > 0 && column < p.n; column += taken) {
    const long left = p.n - column;
    long row = column < columns ? rows : 0;
    taken = left >= 16 ? 16 : left > 8 ? 8 : left;
    if (taken == 16) {
      for (; row < fours; row += 4) four_by_two_eights(part(p, row, 4, column, 16));
    } else {
      for (; row + 8 <= fours; row += 8) eight_by_eight(part(p, row, 8, column, taken));
      if (row < fours) four_by_eight(part(p, row, 4, column, taken));
    }
  }
  for (long row = fours; row < p.m; row++) {
    for (long column = 0, taken; column < p.n; column += taken) {
      const long left = p.n - column;
      taken = left >= 32 ? 32 : left > 8 ? 8 : left;
      if (taken == 32) one_by_four_eights(part(p, row, 1, column, 32));
      else one_by_eight(part(p, row, 1, column, taken));
    }
  }
}

#define DEFINE_MULTIPLY(NAME, ATTRIBUTES, MULTIPLY)                                                                    \
  ATTRIBUTES static void NAME(const struct kernels_product *p, long rows, long columns) { MULTIPLY(*p, rows, columns); }

DEFINE_MULTIPLY(sixteens_portable, , multiply_sixteens)
DEFINE_MULTIPLY(eights_portable, , multiply_eights)
DEFINE_MULTIPLY(eights, WITH_EIGHT, multiply_eights)
DEFINE_MULTIPLY(sixteens, WITH_SIXTEEN, multiply_sixteens)

void kernels_multiply(enum kernels_form form, const struct kernels_product *p) {
  const int is_portable = form <= kernels_eight_portable;
  const int is_wide = form == kernels_sixteen || form == kernels_sixteen_portable;
  const long rows = is_wide && p->n >= 16 ? p->m & ~7L : 0, columns = rows > 0 ? p->n & ~15L : 0;
  if (rows > 0) (is_portable ? sixteens_portable : sixteens)(p, rows, columns);
  if (rows < p->m || columns < p->n) (is_portable ? eights_portable : eights)(p, rows, columns);
}

/* The product of one panel of scores and one of projection rows. */
INLINE void multiply_scores(int width, struct kernels_product p) {
  if (width == 16) return twelve_by_two_sixteens_fused(p);
  for (long row = 0; row < kernels_score_rows; row += 6) {
    for (long column = 0; column < kernels_panel_columns; column += 16) {
      six_by_two_eights_fused(part(p, row, 6, column, 16));
    }
  }
}

#define DEFINE_SCORES(NAME, ATTRIBUTES, WIDTH)                                                                         \
  ATTRIBUTES static void NAME(long length, const float *restrict scores, const float *restrict panel,                  \
                              float *restrict tile) {                                                                  \
    multiply_scores(WIDTH, (struct kernels_product){                                                                   \
        .m = kernels_score_rows, .n = kernels_panel_columns, .k = length, .a = scores, .a_row = 1,                     \
        .a_column = kernels_score_rows, .b = panel, .ldb = kernels_panel_columns, .c = tile,                           \
        .ldc = kernels_panel_columns});                                                                                \
  }

DEFINE_SCORES(scores_eight_portable, , 8)
DEFINE_SCORES(scores_sixteen_portable, , 16)
DEFINE_SCORES(scores_eight, WITH_EIGHT, 8)
DEFINE_SCORES(scores_sixteen, WITH_SIXTEEN, 16)

void kernels_add_scores(enum kernels_form form, long length, const float *scores, const float *panel, float *features,
                        long stride, long rows, long columns) {
  float tile[kernels_score_rows * kernels_panel_columns] __attribute__((aligned(64)));
  // The products take longer than fetching what they are added to.
  for (long r = 0; r < rows; r++) {
    __builtin_prefetch(features + r * stride, 1);
    __builtin_prefetch(features + r * stride + columns - 1, 1);
  }
  switch (form) {
  case kernels_sixteen: scores_sixteen(length, scores, panel, tile); break;
  case kernels_eight: scores_eight(length, scores, panel, tile); break;
  case kernels_eight_portable: scores_eight_portable(length, scores, panel, tile); break;
  case kernels_sixteen_portable: scores_sixteen_portable(length, scores, panel, tile); break;
  }
  for (long r = 0; r < rows; r++) {
    for (long c = 0; c < columns; c++) features[r * stride + c] += tile[r * kernels_panel_columns + c];
  }
}

enum kernels_form kernels_best(void) {
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return kernels_eight_portable;
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512dq")) return kernels_eight;
#endif
  return kernels_sixteen;
}
