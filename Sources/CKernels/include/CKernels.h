/*
 * The loops that want the processor's widest vectors, compiled for several widths. The operations on an entry and their
 * order are the same in all forms, so the bits are too, whatever the processor.
 */
#pragma once
#include <stdint.h>

/*
 * How a loop is compiled: the floats of a vector, and whether its instructions are those of every x86-64 processor
 * ("portable": two or four narrow instructions for a vector, and a call for a fused multiply-add) or those that have
 * vectors of that width (AVX2 with FMA, AVX-512). Portable forms run everywhere.
 */
enum kernels_form { kernels_sixteen_portable, kernels_eight_portable, kernels_eight, kernels_sixteen };

/* The fastest form that this processor can run; it can run all forms before it, too. */
enum kernels_form kernels_best(void);

/* C = S + A B. */
struct kernels_product {
  /* Rows of C, columns of C, and the length of the sums. */
  long m, n, k;
  /* The entry (i, k) of A is a[i * a_row + k * a_column]. */
  const float *a;
  long a_row, a_column;
  /* Row-major with ldb entries between rows; a row may be read up to the next multiple of 8 entries. */
  const float *b;
  long ldb;
  /* S, row-major with start_row entries between rows; null for zeros. It may be C itself. */
  const float *start;
  long start_row;
  /* Row-major with ldc entries between rows. */
  float *c;
  long ldc;
};

/* Writes C = S + A B. Each product and each sum is rounded, and sums are in the order of k. */
void kernels_multiply(enum kernels_form form, const struct kernels_product *product);

/* Rows of scores that kernels_add_scores takes at a time, and columns of a panel of projection rows. */
enum { kernels_score_rows = 12, kernels_panel_columns = 32 };

/*
 * Adds a product to some rows of features: features[r][c] += sum over k of scores[k][r] * panel[k][c], r < rows,
 * c < columns. The sum is a chain of fused multiply-adds in the order of k that starts at zero.
 *
 * scores: (length, kernels_score_rows), columns from `rows` on may hold anything finite.
 * panel: (length, kernels_panel_columns), likewise.
 * features: rows of `stride` entries.
 * rows, columns: 1 up to kernels_score_rows and kernels_panel_columns.
 */
void kernels_add_scores(enum kernels_form form, long length, const float *scores, const float *panel, float *features,
                        long stride, long rows, long columns);

/*
 * Writes the first entries of row `row` of P: standard normal numbers by Philox4x32-10 and Box-Muller, multiplied by
 * `scale` in double precision and rounded to single (docs/artifacts.md, "The projection").
 *
 * count: how many entries, a multiple of 4.
 */
void kernels_gaussian_row(enum kernels_form form, uint32_t key0, uint32_t key1, uint32_t row, double scale, long count,
                          float *out);
